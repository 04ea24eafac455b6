using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Exchange.Fix.Parsing;

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
