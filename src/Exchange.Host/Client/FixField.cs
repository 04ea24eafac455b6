namespace Exchange.Host.Client;

/// <summary>One field of a message: tag and value bytes.</summary>
internal readonly ref struct FixField
{
    /// <summary>Creates the field.</summary>
    public FixField(int tag, ReadOnlySpan<byte> value)
    {
        Tag = tag;
        Value = value;
    }

    /// <summary>Tag number; 0 when what stands in front of '=' is no number.</summary>
    public int Tag { get; }

    /// <summary>The value, without the delimiter.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
