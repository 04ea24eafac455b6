// Writes one FIX message. The fields between BodyLength and CheckSum are appended one by one behind a reserved head; closing the
// message writes 8 and 9 in front of them, right-aligned against the body, and the checksum behind. The buffer is reused, so the
// bytes returned by Close are valid until the next Open.
using System.Globalization;
using System.Text;

namespace Exchange.Host.Client;

/// <summary>Builds FIX messages and bodies, field by field.</summary>
internal sealed class FixMessageBuilder
{
    private const int HeadBytes = 32;
    private byte[] _buffer = new byte[1024];
    private int _end = HeadBytes;

    /// <summary>The fields appended so far.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(HeadBytes, _end - HeadBytes);

    /// <summary>Forgets what was appended.</summary>
    public FixMessageBuilder Open()
    {
        _end = HeadBytes;
        return this;
    }

    /// <summary>Appends a field.</summary>
    public FixMessageBuilder Add(int tag, ReadOnlySpan<byte> value)
    {
        Reserve(value.Length + 12);
        bool fits = tag.TryFormat(_buffer.AsSpan(_end), out int written, default, CultureInfo.InvariantCulture);
        Protocol.Invariant.Require(fits);
        _end += written;
        _buffer[_end++] = (byte)'=';
        value.CopyTo(_buffer.AsSpan(_end));
        _end += value.Length;
        _buffer[_end++] = FixFrames.Soh;
        return this;
    }

    /// <summary>Appends a text field.</summary>
    public FixMessageBuilder Add(int tag, string value) => Add(tag, Encoding.UTF8.GetBytes(value));

    /// <summary>Appends a number.</summary>
    public FixMessageBuilder Add(int tag, long value)
    {
        Span<byte> text = stackalloc byte[20];
        bool fits = value.TryFormat(text, out int written, default, CultureInfo.InvariantCulture);
        Protocol.Invariant.Require(fits);
        return Add(tag, text[..written]);
    }

    /// <summary>Appends a decimal number without an exponent.</summary>
    public FixMessageBuilder Add(int tag, decimal value) => Add(tag, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Appends a one-character field.</summary>
    public FixMessageBuilder Add(int tag, char value)
    {
        Span<byte> text = [(byte)value];
        return Add(tag, text);
    }

    /// <summary>Appends a UTC timestamp.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="unixNs">Nanoseconds since 1970.</param>
    /// <param name="decimals">Digits behind the second: 0, 3, 6 or 9.</param>
    public FixMessageBuilder AddTime(int tag, long unixNs, int decimals)
    {
        Span<byte> text = stackalloc byte[FixTime.BytesMax];
        int written = FixTime.Write(unixNs, decimals, text);
        return Add(tag, text[..written]);
    }

    /// <summary>Appends fields that are already written as <c>tag=value|</c>.</summary>
    public FixMessageBuilder AddFields(ReadOnlySpan<byte> fields)
    {
        Reserve(fields.Length);
        fields.CopyTo(_buffer.AsSpan(_end));
        _end += fields.Length;
        return this;
    }

    /// <summary>Closes the message: adds BeginString, BodyLength and CheckSum.</summary>
    public ReadOnlySpan<byte> Close(string beginString)
    {
        Reserve(8);
        Span<byte> head = stackalloc byte[HeadBytes];
        bool fits = System.Text.Unicode.Utf8.TryWrite(
            head, CultureInfo.InvariantCulture, $"8={beginString}\u00019={_end - HeadBytes}\u0001", out int headBytes);
        Protocol.Invariant.Require(fits, "BeginString is too long");
        int start = HeadBytes - headBytes;
        head[..headBytes].CopyTo(_buffer.AsSpan(start));
        int sum = FixFrames.CheckSum(_buffer.AsSpan(start, _end - start));
        ReadOnlySpan<byte> trailer =
            [(byte)'1', (byte)'0', (byte)'=', (byte)('0' + (sum / 100)), (byte)('0' + (sum / 10 % 10)), (byte)('0' + (sum % 10)), FixFrames.Soh];
        trailer.CopyTo(_buffer.AsSpan(_end));
        return _buffer.AsSpan(start, _end + trailer.Length - start);
    }

    private void Reserve(int bytes)
    {
        if (_end + bytes + 16 > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _end + bytes + 16));
        }
    }
}
