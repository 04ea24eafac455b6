using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Exchange.Fix.Parsing;

/// <summary>One 512-bit comparison.</summary>
internal readonly struct SohSearch512 : ISohSearch
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ulong Mask(byte* start) => Vector512.Equals(Vector512.Load(start), Vector512<byte>.One).ExtractMostSignificantBits();
}
