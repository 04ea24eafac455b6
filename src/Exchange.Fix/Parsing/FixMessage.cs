using Exchange.Fix.Dictionary;
using Exchange.Protocol;

namespace Exchange.Fix.Parsing;

/// <summary>
/// A parsed message: the frame and the parser's index of it. Valid until the parser parses again. Values are slices of the frame;
/// nothing is copied. A tag that occurs more than once (in a repeating group) is found at its first place; the index gives all.
/// </summary>
public readonly ref struct FixMessage
{
    private readonly ReadOnlySpan<byte> _frame;
    private readonly FixParser _parser;

    internal FixMessage(ReadOnlySpan<byte> frame, FixParser parser)
    {
        _frame = frame;
        _parser = parser;
    }

    /// <summary>The bytes of the message.</summary>
    public ReadOnlySpan<byte> Frame => _frame;

    /// <summary>The index behind the message.</summary>
    internal FixParser Parser => _parser;

    /// <summary>Number of fields, the checksum included.</summary>
    public int Count => _parser.Count;

    /// <summary>The field at an index, in the order of the message.</summary>
    public FixField this[int index] => _parser.Fields[index];

    /// <summary>MsgType (35).</summary>
    public ReadOnlySpan<byte> MsgType => Value(_parser.Fields[2]);

    /// <summary>Which message; Unknown when fix-spec does not define it.</summary>
    public FixMessageKind Kind => _parser.Dictionary.KindOf(MsgType);

    /// <summary>Whether each field is of the form tag=value. What is not, validation names.</summary>
    public bool IsWellFormed => _parser.SyntaxError.IsValid;

    /// <summary>The value of a field of this message.</summary>
    public ReadOnlySpan<byte> Value(in FixField field) => _frame.Slice(field.Offset, field.Length);

    /// <summary>Whether a tag is present.</summary>
    public bool Contains(int tag) => _parser.IndexOf(tag) >= 0;

    /// <summary>The value of a tag; empty when it is absent.</summary>
    public ReadOnlySpan<byte> Text(int tag)
    {
        int index = _parser.IndexOf(tag);
        return index < 0 ? default : Value(_parser.Fields[index]);
    }

    /// <summary>The first byte of a value; 0 when the tag is absent or empty.</summary>
    public byte Char(int tag)
    {
        ReadOnlySpan<byte> text = Text(tag);
        return text.IsEmpty ? (byte)0 : text[0];
    }

    /// <summary>The number of a tag; the fallback when it is absent or no integer.</summary>
    public long Int64(int tag, long fallback = -1) => FixNumber.TryInt64(Text(tag), out long number) ? number : fallback;

    /// <summary>The decimal of a tag in 10^-8; <see cref="FixedPoint.Absent"/> when it is absent or no decimal.</summary>
    public long E8(int tag) => FixNumber.TryE8(Text(tag), out long value) ? value : FixedPoint.Absent;

    /// <summary>The UTC timestamp of a tag in nanoseconds since 1970; <see cref="FixedPoint.Absent"/> when it is absent or none.</summary>
    public long TimestampNs(int tag) => FixTime.TryTimestamp(Text(tag), out long ns) ? ns : FixedPoint.Absent;

    /// <summary>
    /// The number that validation left for a tag: an integer as it is, a decimal in 10^-8 (<see cref="FixedPoint.Unrepresentable"/> included), a
    /// timestamp in nanoseconds since 1970 (of a date, its start), a single character as its code, Y as 1. Only for messages found valid.
    /// </summary>
    public long Number(int tag, long fallback)
    {
        int index = _parser.IndexOf(tag);
        return index < 0 || _parser.Fields[index].Length == 0 ? fallback : _parser.Fields[index].Number;
    }

    /// <summary>The same for the field at an index; the fallback when it is empty.</summary>
    public long NumberAt(int index, long fallback) => _parser.Fields[index].Length == 0 ? fallback : _parser.Fields[index].Number;

    /// <summary>Whether the tag is present with the value Y.</summary>
    public bool IsYes(int tag) => Char(tag) == (byte)'Y';
}
