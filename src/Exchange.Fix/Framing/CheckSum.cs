using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Exchange.Fix.Framing;

/// <summary>
/// CheckSum (10): the sum of all bytes before it, modulo 256. Since only the low eight bits matter, the bytes are simply added
/// in byte lanes that wrap around, and the lanes are added at the end.
/// </summary>
public static class CheckSum
{
    /// <summary>The sum of the bytes modulo 256.</summary>
    public static byte Of(ReadOnlySpan<byte> bytes)
    {
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        int length = bytes.Length;
        if (Vector256.IsHardwareAccelerated && length >= Vector256<byte>.Count)
        {
            return OfWide(ref start, length);
        }

        uint sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += Unsafe.Add(ref start, i);
        }

        return (byte)sum;
    }

    private static byte OfWide(ref byte start, int length)
    {
        Vector256<byte> even = Vector256<byte>.Zero;
        Vector256<byte> odd = Vector256<byte>.Zero;
        int i = 0;
        for (; i + 64 <= length; i += 64)
        {
            even += Vector256.LoadUnsafe(ref start, (nuint)i);
            odd += Vector256.LoadUnsafe(ref start, (nuint)(i + 32));
        }

        if (i + 32 <= length)
        {
            even += Vector256.LoadUnsafe(ref start, (nuint)i);
            i += 32;
        }

        if (i < length)
        {
            // The last 32 bytes, with those that were already added set to zero: no byte outside of the span is read.
            Vector256<byte> fresh = Vector256.GreaterThanOrEqual(Vector256<byte>.Indices, Vector256.Create((byte)(32 - (length - i))));
            odd += Vector256.LoadUnsafe(ref start, (nuint)(length - 32)) & fresh;
        }

        return Vector256.Sum(even + odd);
    }
}
