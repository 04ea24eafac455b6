using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Exchange.Fix.Parsing;

namespace Exchange.Fix.Framing;

/// <summary>
/// Finds messages in a stream of bytes: <c>8=FIX…|9=length|35=…|…|10=sum|</c>, where | is SOH.
/// <para>
/// BodyLength decides where a message ends, never a search for "10=": data fields may hold SOH, "10=" and even "8=FIX". What
/// does not hold together is garbled and consumed without an answer, and the search goes on at the next "8=FIX". When length
/// and trailer agree but the checksum does not, the boundaries can be trusted and the message is consumed whole, so that
/// nothing quoted inside a damaged message is ever executed.
/// </para>
/// <para>
/// What must hold: the header is at most 40 bytes, so a call that needs more costs next to nothing and a peer that sends one
/// byte at a time costs no more than one that does not; each garbled byte is searched once and each message summed once.
/// </para>
/// </summary>
public static class FixFramer
{
    /// <summary>The largest BodyLength (9) accepted unless the caller says otherwise.</summary>
    public const int DefaultBodyLengthMax = 8192;

    /// <summary>The largest limit that a caller may set for BodyLength (9): offsets in a message are 16 bits wide.</summary>
    public const int BodyLengthLimit = 65535 - HeaderLengthMax - TrailerLength;

    /// <summary>Bytes from "8=" to the SOH behind BodyLength, at most.</summary>
    public const int HeaderLengthMax = 40;

    /// <summary>Bytes of "10=nnn" and its SOH.</summary>
    public const int TrailerLength = 7;

    private const byte Soh = 1;
    private const int BeginStringLengthMax = 15;
    private const int BodyLengthDigitsMax = 16;

    /// <summary>Looks at the start of the input.</summary>
    /// <param name="input">Bytes received and not yet consumed.</param>
    /// <param name="bodyLengthMax">Largest BodyLength (9) accepted, at most <see cref="BodyLengthLimit"/>.</param>
    public static FixFrame Read(ReadOnlySpan<byte> input, int bodyLengthMax = DefaultBodyLengthMax)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bodyLengthMax, BodyLengthLimit);
        if (!input.StartsWith("8=FIX"u8))
        {
            return IsPrefix(input) ? NeedMore(input.Length + 1) : Garbled(input, 0, GarbledReason.NoBeginString);
        }

        // Nearly always the value is FIX.4.4 or as long, and one word shows where it ends.
        int position = input.Length > 10 && input[9] == Soh && SwarDigits.Match(BinaryPrimitives.ReadUInt64LittleEndian(input[1..]), Soh) == 0
            ? 10
            : BehindBeginString(input);
        if (position <= 0)
        {
            return position < 0 ? Garbled(input, 1, GarbledReason.BeginStringTooLong) : NeedMore(input.Length + 1);
        }

        if (input.Length < position + 3)
        {
            return "9="u8.StartsWith(input[position..Math.Min(input.Length, position + 2)])
                ? NeedMore(position + 3)
                : Garbled(input, 1, GarbledReason.BodyLengthInvalid);
        }

        if (input[position] != (byte)'9' || input[position + 1] != (byte)'=')
        {
            return Garbled(input, 1, GarbledReason.BodyLengthInvalid);
        }

        return ReadBody(input, position + 2, bodyLengthMax);
    }

    /// <summary>Where the second field starts; 0 when the input ends before, -1 when the value is too long.</summary>
    private static int BehindBeginString(ReadOnlySpan<byte> input)
    {
        int soh = input[5..Math.Min(input.Length, 2 + BeginStringLengthMax + 1)].IndexOf(Soh);
        return soh >= 0 ? 5 + soh + 1 : input.Length > 2 + BeginStringLengthMax ? -1 : 0;
    }

    private static FixFrame ReadBody(ReadOnlySpan<byte> input, int position, int bodyLengthMax)
    {
        long bodyLength = 0;
        int first = position;
        while (true)
        {
            if (position == input.Length)
            {
                return NeedMore(input.Length + 1);
            }

            uint digit = (uint)input[position] - '0';
            if (digit > 9)
            {
                break;
            }

            bodyLength = (bodyLength * 10) + digit;
            position++;
            if (position - first > BodyLengthDigitsMax)
            {
                return Garbled(input, 1, GarbledReason.BodyLengthInvalid);
            }
        }

        if (input[position] != Soh || position == first)
        {
            return Garbled(input, 1, GarbledReason.BodyLengthInvalid);
        }

        if (bodyLength > bodyLengthMax)
        {
            return Garbled(input, 1, GarbledReason.BodyLengthOverLimit);
        }

        // The shortest body is 35=x and its SOH.
        int body = position + 1;
        if (bodyLength < 5)
        {
            return Garbled(input, 1, GarbledReason.MsgTypeMissing);
        }

        int trailer = body + (int)bodyLength;
        if (input.Length < trailer + TrailerLength)
        {
            return HasMsgType(input, body) ? NeedMore(trailer + TrailerLength) : Garbled(input, 1, GarbledReason.MsgTypeMissing);
        }

        return Complete(input, body, trailer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FixFrame Complete(ReadOnlySpan<byte> input, int body, int trailer)
    {
        if (!HasMsgType(input, body))
        {
            return Garbled(input, 1, GarbledReason.MsgTypeMissing);
        }

        // "10=d" in one comparison, then the two digits that are left and the two SOH.
        uint head = BinaryPrimitives.ReadUInt32LittleEndian(input[trailer..]);
        uint hundreds = (head >> 24) - '0';
        uint tens = (uint)input[trailer + 4] - '0';
        uint units = (uint)input[trailer + 5] - '0';
        const uint TenEquals = '1' | ('0' << 8) | ('=' << 16);
        if ((head & 0xFFFFFF) != TenEquals || hundreds > 2 || tens > 9 || units > 9 || input[trailer + 6] != Soh || input[trailer - 1] != Soh)
        {
            return Garbled(input, 1, GarbledReason.CheckSumMisplaced);
        }

        int length = trailer + TrailerLength;
        return (hundreds * 100) + (tens * 10) + units == CheckSum.Of(input[..trailer])
            ? new FixFrame(FrameStatus.Message, length, 0, GarbledReason.None)
            : new FixFrame(FrameStatus.Garbled, length, 0, GarbledReason.CheckSumWrong);
    }

    /// <summary>Whether "35=x" can stand at the position: false as soon as a byte that is there contradicts it.</summary>
    private static bool HasMsgType(ReadOnlySpan<byte> input, int position)
    {
        ReadOnlySpan<byte> present = input[position..Math.Min(input.Length, position + 4)];
        return present.Length == 4
            ? present[0] == (byte)'3' && present[1] == (byte)'5' && present[2] == (byte)'=' && present[3] != Soh
            : "35="u8.StartsWith(present[..Math.Min(3, present.Length)]);
    }

    private static bool IsPrefix(ReadOnlySpan<byte> input) => input.Length < 5 && "8=FIX"u8.StartsWith(input);

    private static FixFrame NeedMore(int bytes) => new(FrameStatus.NeedMore, 0, bytes, GarbledReason.None);

    /// <summary>Consumes up to the next "8=FIX" at or behind <paramref name="from"/>, or up to what may become one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FixFrame Garbled(ReadOnlySpan<byte> input, int from, GarbledReason reason)
    {
        int next = input[from..].IndexOf("8=FIX"u8);
        int consumed = from + next;
        if (next < 0)
        {
            consumed = Math.Max(from, input.Length - 4);
            while (!IsPrefix(input[consumed..]))
            {
                consumed++;
            }
        }

        return new FixFrame(FrameStatus.Garbled, consumed, 0, reason);
    }
}
