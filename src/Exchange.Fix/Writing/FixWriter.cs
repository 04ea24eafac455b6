using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Fix.Framing;

namespace Exchange.Fix.Writing;

/// <summary>
/// Writes one message into a buffer, field by field, and closes it with length and checksum. Nothing is allocated.
/// <para>
/// Literals hold tag and equals sign ("55="u8); the writer adds the SOH. BodyLength is written last: three digits are set
/// aside for it, which fits nearly every message, and a body that needs another number of digits is moved by one byte.
/// </para>
/// <para>
/// What must hold: each field checks once that it fits, with what it may touch beyond its length, so nothing behind the target is
/// ever written. Values must not hold SOH: who writes text of a stranger has taken it out of a parsed field.
/// </para>
/// </summary>
public ref struct FixWriter
{
    /// <summary>Bytes behind the last field that the target must have besides the trailer: numbers are stored in whole words.</summary>
    public const int Slack = 32;

    private const byte Soh = 1;
    private const int LengthDigits = 3;

    private readonly ref byte _target;
    private readonly int _capacity;
    private readonly int _bodyStart;
    private int _position;

    /// <summary>Starts a message: BeginString (8) and a place for BodyLength (9).</summary>
    /// <param name="target">Where the message goes, with <see cref="Slack"/> bytes to spare.</param>
    /// <param name="beginString">For example FIX.4.4, at most 15 bytes.</param>
    public FixWriter(Span<byte> target, scoped ReadOnlySpan<byte> beginString)
    {
        _target = ref MemoryMarshal.GetReference(target);
        _capacity = target.Length - Slack;
        Raw("8="u8);
        Raw(beginString);
        Raw("\u00019=000\u0001"u8);
        _bodyStart = _position;
    }

    /// <summary>Starts a message with a prefix made by <see cref="Prefix"/>.</summary>
    /// <param name="target">Where the message goes, with <see cref="Slack"/> bytes to spare.</param>
    /// <param name="prefix">Begins with BeginString and BodyLength, and goes on as far as the messages of a session are alike.</param>
    /// <param name="bodyStart">Where in the prefix the body starts, behind the SOH of BodyLength.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FixWriter(Span<byte> target, scoped ReadOnlySpan<byte> prefix, int bodyStart)
    {
        _target = ref MemoryMarshal.GetReference(target);
        _capacity = target.Length - Slack;
        Raw(prefix);
        _bodyStart = bodyStart;
    }

    /// <summary>Bytes written so far.</summary>
    public readonly int Position => _position;

    /// <summary>Makes a prefix: BeginString, a place for BodyLength, and what follows in all messages.</summary>
    public static byte[] Prefix(ReadOnlySpan<byte> beginString, ReadOnlySpan<byte> rest, out int bodyStart)
    {
        byte[] prefix = [.. "8="u8, .. beginString, .. "\u00019=000\u0001"u8, .. rest];
        bodyStart = prefix.Length - rest.Length;
        return prefix;
    }

    /// <summary>Replaces one byte that was written, for example the MsgType within a prefix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Patch(int index, byte value)
    {
        if ((uint)index >= (uint)_position)
        {
            ThrowTooSmall();
        }

        Unsafe.Add(ref _target, index) = value;
    }

    /// <summary>Bytes as they are: whole fields with their SOH that were prepared before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        Require(bytes.Length);
        Copy(bytes);
    }

    /// <summary>A text field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Text(scoped ReadOnlySpan<byte> tag, scoped ReadOnlySpan<byte> value)
    {
        Require(tag.Length + value.Length + 1);
        Copy(tag);
        Copy(value);
        End();
    }

    /// <summary>A field of one character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Char(scoped ReadOnlySpan<byte> tag, byte value)
    {
        Require(tag.Length + 2);
        Copy(tag);
        Unsafe.Add(ref _target, _position) = value;
        _position++;
        End();
    }

    /// <summary>An integer field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Int64(scoped ReadOnlySpan<byte> tag, long value)
    {
        Require(tag.Length + Digits.Int64LengthMax + 1);
        Copy(tag);
        if (value < 0)
        {
            Unsafe.Add(ref _target, _position) = (byte)'-';
            _position++;
            value = -value;
        }

        _position += Digits.Write(ref Unsafe.Add(ref _target, _position), (ulong)value);
        End();
    }

    /// <summary>The value of an integer field whose tag ended the prefix; not negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RawInt64(long value)
    {
        Require(Digits.Int64LengthMax + 1);
        _position += Digits.Write(ref Unsafe.Add(ref _target, _position), (ulong)value);
        End();
    }

    /// <summary>A decimal field from a value in 10^-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void E8(scoped ReadOnlySpan<byte> tag, long valueE8)
    {
        Require(tag.Length + Digits.Int64LengthMax + 2);
        Copy(tag);
        _position += Digits.WriteE8(ref Unsafe.Add(ref _target, _position), valueE8);
        End();
    }

    /// <summary>A UTC timestamp field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Timestamp(scoped ReadOnlySpan<byte> tag, long ns, int decimals, TimestampText texts)
    {
        Require(tag.Length + TimestampText.LengthMax + 1);
        Copy(tag);

        // 32 bytes are copied whatever the length, in one store; the slack takes what is too much.
        ReadOnlySpan<byte> text = texts.Text(ns);
        Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref _target, _position), ref MemoryMarshal.GetReference(text), 32);
        _position += TimestampText.LengthOf(decimals);
        End();
    }

    /// <summary>A data field behind its length field, for example "95=" and "96="; the data may hold SOH.</summary>
    public void Data(scoped ReadOnlySpan<byte> lengthTag, scoped ReadOnlySpan<byte> dataTag, scoped ReadOnlySpan<byte> data)
    {
        Int64(lengthTag, data.Length);
        Text(dataTag, data);
    }

    /// <summary>Writes BodyLength and CheckSum; returns the length of the message.</summary>
    public int Finish()
    {
        int bodyLength = _position - _bodyStart;
        if (bodyLength is < 100 or > 999)
        {
            Move(bodyLength);
        }
        else
        {
            ref byte digits = ref Unsafe.Add(ref _target, _bodyStart - LengthDigits - 1);
            digits = (byte)('0' + (bodyLength / 100));
            Unsafe.Add(ref digits, 1) = (byte)('0' + (bodyLength / 10 % 10));
            Unsafe.Add(ref digits, 2) = (byte)('0' + (bodyLength % 10));
        }

        Require(FixFramer.TrailerLength);
        int sum = CheckSum.Of(MemoryMarshal.CreateReadOnlySpan(ref _target, _position));
        ref byte trailer = ref Unsafe.Add(ref _target, _position);
        const uint TenEquals = '1' | ('0' << 8) | ('=' << 16);
        Unsafe.WriteUnaligned(ref trailer, TenEquals | ((uint)('0' + (sum / 100)) << 24));
        Unsafe.Add(ref trailer, 4) = (byte)('0' + (sum / 10 % 10));
        Unsafe.Add(ref trailer, 5) = (byte)('0' + (sum % 10));
        Unsafe.Add(ref trailer, 6) = Soh;
        _position += FixFramer.TrailerLength;
        return _position;
    }

    /// <summary>Moves the body so that BodyLength has exactly the digits it needs: some engines refuse leading zeros.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Move(int bodyLength)
    {
        int digits = bodyLength < 10 ? 1 : bodyLength < 100 ? 2 : bodyLength < 1000 ? 3 : bodyLength < 10_000 ? 4 : 5;
        int shift = digits - LengthDigits;
        Require(Math.Max(shift, 0));
        Span<byte> whole = MemoryMarshal.CreateSpan(ref _target, _capacity);
        whole.Slice(_bodyStart, bodyLength).CopyTo(whole[(_bodyStart + shift)..]);
        int first = _bodyStart - LengthDigits - 1;
        for (int i = digits - 1, rest = bodyLength; i >= 0; i--, rest /= 10)
        {
            whole[first + i] = (byte)('0' + (rest % 10));
        }

        whole[first + digits] = Soh;
        _position += shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Copy(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _target, _position), bytes.Length));
        _position += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End()
    {
        Unsafe.Add(ref _target, _position) = Soh;
        _position++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Require(int length)
    {
        if (_position + length > _capacity)
        {
            ThrowTooSmall();
        }
    }

    [DoesNotReturn]
    private static void ThrowTooSmall() => throw new ArgumentException("the target is too small for the message", "target");
}
