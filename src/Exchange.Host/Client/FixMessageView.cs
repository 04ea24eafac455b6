using System.Buffers.Text;
using System.Text;

namespace Exchange.Host.Client;

/// <summary>
/// A whole FIX message as received: fields are found by scanning, nothing is copied. Data fields that may hold SOH are not
/// known to it; the exchange sends none.
/// </summary>
internal readonly ref struct FixMessageView
{
    private readonly ReadOnlySpan<byte> _frame;

    /// <summary>Views a frame that <see cref="FixFrames.Find"/> accepted.</summary>
    public FixMessageView(ReadOnlySpan<byte> frame)
    {
        _frame = frame;
    }

    /// <summary>The bytes of the message.</summary>
    public ReadOnlySpan<byte> Frame => _frame;

    /// <summary>MsgType (35); empty when it is missing.</summary>
    public ReadOnlySpan<byte> MsgType => TryGet(35, out ReadOnlySpan<byte> value) ? value : default;

    /// <summary>The fields in their order.</summary>
    public FixFieldEnumerator GetEnumerator() => new(_frame);

    /// <summary>The first field with this tag.</summary>
    public bool TryGet(int tag, out ReadOnlySpan<byte> value)
    {
        foreach (FixField field in this)
        {
            if (field.Tag == tag)
            {
                value = field.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The field as a whole number.</summary>
    public bool TryGetInt64(int tag, out long value)
    {
        value = 0;
        return TryGet(tag, out ReadOnlySpan<byte> text) && Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;
    }

    /// <summary>The field as a decimal number.</summary>
    public bool TryGetDecimal(int tag, out decimal value)
    {
        value = 0;
        return TryGet(tag, out ReadOnlySpan<byte> text) && Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;
    }

    /// <summary>ExecType (150) of a report as FIX 4.4 has it, whatever the version: F for fills, which were 1 and 2, and I for a status, which was 20=3.</summary>
    public char ExecType() => Char(20) == '3' ? 'I' : Char(150) is char type && type is '1' or '2' ? 'F' : Char(150);

    /// <summary>The field as text; empty when it is missing.</summary>
    public string Text(int tag) => TryGet(tag, out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : string.Empty;

    /// <summary>Whether the field is present with the value Y.</summary>
    public bool IsYes(int tag) => TryGet(tag, out ReadOnlySpan<byte> value) && value is [(byte)'Y'];

    /// <summary>The one character of the field; NUL when it is missing or longer.</summary>
    public char Char(int tag) => TryGet(tag, out ReadOnlySpan<byte> value) && value.Length == 1 ? (char)value[0] : '\0';

    /// <summary>The message for human eyes: SOH as '|', passwords (554, 925) masked.</summary>
    public override string ToString()
    {
        StringBuilder text = new(_frame.Length);
        foreach (FixField field in this)
        {
            string value = field.Tag is 554 or 925 ? "****" : Encoding.UTF8.GetString(field.Value);
            text.Append(field.Tag).Append('=').Append(value).Append('|');
        }

        return text.ToString();
    }
}
