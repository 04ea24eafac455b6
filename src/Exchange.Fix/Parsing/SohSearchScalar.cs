namespace Exchange.Fix.Parsing;

/// <summary>Byte by byte, where there are no vectors.</summary>
internal readonly struct SohSearchScalar : ISohSearch
{
    /// <inheritdoc/>
    public static unsafe ulong Mask(byte* start)
    {
        ulong mask = 0;
        for (int i = 0; i < 64; i++)
        {
            mask |= (start[i] == 1 ? 1UL : 0UL) << i;
        }

        return mask;
    }
}
