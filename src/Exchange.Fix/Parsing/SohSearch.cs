using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Exchange.Fix.Parsing;

/// <summary>Finds SOH in 64 bytes at once; struct-generic, so that the parser is compiled once per width of the machine's vectors.</summary>
internal interface ISohSearch
{
    /// <summary>One bit per byte, set where the byte is SOH. Reads exactly 64 bytes.</summary>
    static abstract unsafe ulong Mask(byte* start);
}

/// <summary>One 512-bit comparison.</summary>
internal readonly struct SohSearch512 : ISohSearch
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ulong Mask(byte* start) => Vector512.Equals(Vector512.Load(start), Vector512<byte>.One).ExtractMostSignificantBits();
}

/// <summary>Two 256-bit comparisons.</summary>
internal readonly struct SohSearch256 : ISohSearch
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ulong Mask(byte* start)
    {
        uint low = Vector256.Equals(Vector256.Load(start), Vector256<byte>.One).ExtractMostSignificantBits();
        uint high = Vector256.Equals(Vector256.Load(start + 32), Vector256<byte>.One).ExtractMostSignificantBits();
        return low | ((ulong)high << 32);
    }
}

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
