// Cuts a byte stream into FIX messages on the client's side.
//
// The clients of this repository read and write FIX with a small codec of their own instead of the exchange's, on purpose: a
// mistake made once in a shared codec would agree with itself, and every test that drives the exchange through it would pass.
// What must hold: only bytes whose BodyLength (9) and CheckSum (10) are right are ever called a message.
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Host.Client;

/// <summary>Finds and checks FIX frames: <c>8=…|9=N|</c> then N bytes then <c>10=CCC|</c>.</summary>
internal static class FixFrames
{
    /// <summary>The field delimiter SOH.</summary>
    public const byte Soh = 1;

    /// <summary>The largest BodyLength that is believed; more is garbled rather than waited for.</summary>
    public const int BodyLengthMax = 1 << 20;

    private const int TrailerBytes = 7;

    /// <summary>Looks at the start of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Received bytes.</param>
    /// <param name="length">Size of the frame, or the number of bytes to skip when garbled; 0 when more is needed.</param>
    public static FrameResult Find(ReadOnlySpan<byte> buffer, out int length)
    {
        length = 0;
        ReadOnlySpan<byte> start = "8=FIX"u8;
        if (buffer.Length < start.Length)
        {
            return start.StartsWith(buffer) ? FrameResult.NeedMore : Skip(buffer, out length);
        }

        if (!buffer.StartsWith(start))
        {
            return Skip(buffer, out length);
        }

        int headEnd = buffer[..Math.Min(buffer.Length, 16)].IndexOf(Soh);
        if (headEnd < 0)
        {
            return buffer.Length < 16 ? FrameResult.NeedMore : Skip(buffer, out length);
        }

        int at = headEnd + 1;
        if (buffer.Length < at + 3)
        {
            return FrameResult.NeedMore;
        }

        if (buffer[at] != '9' || buffer[at + 1] != '=')
        {
            return Skip(buffer, out length);
        }

        at += 2;
        int bodyLength = 0;
        int digits = 0;
        for (; at < buffer.Length && buffer[at] != Soh; at++, digits++)
        {
            uint digit = (uint)(buffer[at] - '0');
            bodyLength = (bodyLength * 10) + (int)digit;
            if (digit > 9 || digits > 8 || bodyLength > BodyLengthMax)
            {
                return Skip(buffer, out length);
            }
        }

        if (at == buffer.Length)
        {
            return FrameResult.NeedMore;
        }

        if (digits == 0)
        {
            return Skip(buffer, out length);
        }

        int trailer = at + 1 + bodyLength;
        if (buffer.Length < trailer + TrailerBytes)
        {
            return FrameResult.NeedMore;
        }

        if (!TrailerMatches(buffer, trailer))
        {
            return Skip(buffer, out length);
        }

        length = trailer + TrailerBytes;
        return FrameResult.Frame;
    }

    /// <summary>The sum of all bytes modulo 256, the value of CheckSum (10) over the bytes in front of it.</summary>
    public static int CheckSum(ReadOnlySpan<byte> bytes)
    {
        Vector<uint> total = Vector<uint>.Zero;
        while (bytes.Length >= Vector<byte>.Count)
        {
            // A vector of 16-bit halves cannot overflow from one widening, so each step is widened fully and at once.
            Vector.Widen(new Vector<byte>(bytes), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low + high, out Vector<uint> a, out Vector<uint> b);
            total += a + b;
            bytes = bytes[Vector<byte>.Count..];
        }

        uint sum = Vector.Sum(total);
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return (int)(sum & 0xFF);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrailerMatches(ReadOnlySpan<byte> buffer, int trailer)
    {
        ReadOnlySpan<byte> field = buffer.Slice(trailer, TrailerBytes);
        int sum = CheckSum(buffer[..trailer]);
        return buffer[trailer - 1] == Soh && field[0] == '1' && field[1] == '0' && field[2] == '=' && field[6] == Soh
            && field[3] == '0' + (sum / 100) && field[4] == '0' + (sum / 10 % 10) && field[5] == '0' + (sum % 10);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FrameResult Skip(ReadOnlySpan<byte> buffer, out int length)
    {
        ReadOnlySpan<byte> start = "8=FIX"u8;
        int next = buffer.Length > 1 ? buffer[1..].IndexOf(start) : -1;
        if (next >= 0)
        {
            length = next + 1;
            return FrameResult.Garbled;
        }

        // The last bytes may be the beginning of the next message, cut by the packet's end: they stay.
        int keep = Math.Min(start.Length - 1, buffer.Length - 1);
        while (keep > 0 && !start.StartsWith(buffer[^keep..]))
        {
            keep--;
        }

        length = buffer.Length - keep;
        return FrameResult.Garbled;
    }
}
