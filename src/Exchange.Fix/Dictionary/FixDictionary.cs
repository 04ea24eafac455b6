using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Exchange.Fix.Dictionary;

/// <summary>
/// One FIX version: definitions for people and documents, and the same facts as flat tables for parser and validation.
/// <para>
/// The flat tables are pinned, so that the inner loops of parser and validation can hold plain pointers to them; the dictionary
/// keeps the arrays, and whoever keeps the pointers keeps the dictionary.
/// </para>
/// <para>
/// A message has some twenty fields and validation has a hundred nanoseconds, so nothing is searched: a tag leads through one
/// array to a small number, the ordinal, and ordinals index everything else. Ordinal 0 stands for tags that are not defined.
/// </para>
/// </summary>
public sealed unsafe class FixDictionary
{
    /// <summary>Ordinals are below this number.</summary>
    internal const int OrdinalLimit = 512;

    /// <summary>Tags below this number are looked up without a check: those of up to three digits.</summary>
    internal const int TagTableLength = 1000;

    /// <summary>The part of a table entry that is the ordinal.</summary>
    internal const int OrdinalMask = OrdinalLimit - 1;

    /// <summary>Set in the table entry of a length field whose data field follows it.</summary>
    internal const int IsDataLength = 0x4000;

    /// <summary>Set in the table entry of a data field.</summary>
    internal const int IsData = 0x8000;

    private readonly ushort[] _tags;
    private readonly FieldRule[] _rules = GC.AllocateArray<FieldRule>(OrdinalLimit, pinned: true);
    private readonly byte[][]?[] _textCodes = new byte[OrdinalLimit][][];
    private readonly FieldDefinition?[] _fields;
    private readonly MessageRules?[] _messages;
    private readonly FixMessageKind[] _kindByLetter = new FixMessageKind[128];
    private readonly byte[][] _knownMsgTypes;

    /// <summary>Builds the tables; called by generated code.</summary>
    internal FixDictionary(string version, string beginString, string applVerId, IReadOnlyList<FieldDefinition> fields, IReadOnlyList<MessageDefinition> messages)
    {
        Version = version;
        ApplVerId = applVerId;
        BeginString = beginString;
        BeginStringBytes = Encoding.ASCII.GetBytes(beginString);
        Fields = fields;
        Messages = messages;
        if (fields.Count >= OrdinalLimit)
        {
            throw new ArgumentException($"{fields.Count} fields; the tables hold {OrdinalLimit - 1}", nameof(fields));
        }

        _tags = GC.AllocateArray<ushort>(Math.Max(TagTableLength, fields.Max(field => field.Tag) + 1), pinned: true);
        _fields = new FieldDefinition?[OrdinalLimit];
        for (int i = 0; i < fields.Count; i++)
        {
            FieldRule rule = RuleOf(fields[i], fields);
            _tags[fields[i].Tag] = (ushort)((i + 1) | (rule.DataTag == 0 ? 0 : IsDataLength) | (rule.LengthTag == 0 ? 0 : IsData));
            _fields[i + 1] = fields[i];
            _rules[i + 1] = rule;
            _textCodes[i + 1] = [.. fields[i].Codes.Select(code => Encoding.ASCII.GetBytes(code.Value))];
        }

        _messages = new MessageRules?[byte.MaxValue + 1];
        foreach (MessageDefinition message in messages)
        {
            _messages[(int)message.Kind] = RulesOf(message);
            if (message.MsgType.Length == 1)
            {
                _kindByLetter[message.MsgType[0]] = message.Kind;
            }
        }

        _knownMsgTypes = [.. Field(FixTag.MsgType)!.Codes.Select(code => Encoding.ASCII.GetBytes(code.Value))];
    }

    /// <summary>The version's name, for example FIX.5.0SP2.</summary>
    public string Version { get; }

    /// <summary>DefaultApplVerID (1137) of a Logon in this version; empty when BeginString alone names the version.</summary>
    public string ApplVerId { get; }

    /// <summary>BeginString (8), for example FIX.4.4.</summary>
    public string BeginString { get; }

    /// <summary>BeginString (8) as on the wire.</summary>
    public ReadOnlyMemory<byte> BeginStringBytes { get; }

    /// <summary>All fields in the order of their tags.</summary>
    public IReadOnlyList<FieldDefinition> Fields { get; }

    /// <summary>All messages.</summary>
    public IReadOnlyList<MessageDefinition> Messages { get; }

    /// <summary>Rules by ordinal, <see cref="OrdinalLimit"/> of them.</summary>
    internal FieldRule* Rules => (FieldRule*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_rules));

    /// <summary>Ordinals with flags by tag, at least <see cref="TagTableLength"/> of them.</summary>
    internal ushort* Tags => (ushort*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_tags));

    /// <summary>The definition of a field; null when the version does not have it.</summary>
    public FieldDefinition? Field(int tag) => _fields[OrdinalOf(tag)];

    /// <summary>The definition of a message; null for a kind that this version does not have.</summary>
    public MessageDefinition? Message(FixMessageKind kind) => _messages[(int)kind]?.Definition;

    /// <summary>Whether a message may carry a field, outside of repeating groups.</summary>
    public bool Has(FixMessageKind kind, int tag) => OrdinalOf(tag) is int ordinal and not 0 && _messages[(int)kind]?.Places[ordinal] is not (null or 0);

    /// <summary>Whether a message must carry a field.</summary>
    public bool Requires(FixMessageKind kind, int tag) =>
        OrdinalOf(tag) is int ordinal and not 0 && ((_messages[(int)kind]?.Places[ordinal] ?? 0) & MessageRules.RequiredBit) != 0;

    /// <summary>The meaning of a coded value, for people; null when the field has no codes or not this one.</summary>
    public string? CodeName(int tag, ReadOnlySpan<byte> value)
    {
        foreach (CodeDefinition code in Field(tag)?.Codes ?? [])
        {
            if (Ascii.Equals(value, code.Value))
            {
                return code.Name;
            }
        }

        return null;
    }

    /// <summary>Which message a MsgType (35) stands for; Unknown when fix-spec does not define it.</summary>
    public FixMessageKind KindOf(ReadOnlySpan<byte> msgType)
    {
        if (msgType.Length == 1)
        {
            return msgType[0] < 128 ? _kindByLetter[msgType[0]] : FixMessageKind.Unknown;
        }

        foreach (MessageDefinition message in Messages)
        {
            if (Ascii.Equals(msgType, message.MsgType))
            {
                return message.Kind;
            }
        }

        return FixMessageKind.Unknown;
    }

    /// <summary>Whether the FIX version knows a MsgType (35), supported or not. Types that start with U are the users' own and count as known.</summary>
    public bool IsKnownMsgType(ReadOnlySpan<byte> msgType)
    {
        if (msgType.Length > 1 && msgType[0] == (byte)'U')
        {
            return true;
        }

        foreach (byte[] known in _knownMsgTypes)
        {
            if (msgType.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The ordinal of a tag; 0 when it is not defined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int OrdinalOf(int tag) => EntryOf(tag) & OrdinalMask;

    /// <summary>The ordinal of a tag with the flags of its field; 0 when it is not defined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int EntryOf(int tag) => (uint)tag < (uint)_tags.Length ? _tags[tag] : 0;

    /// <summary>The values of a coded field.</summary>
    internal byte[][] TextCodesOf(int tag) => _textCodes[OrdinalOf(tag)] ?? [];

    /// <summary>Rules of a message kind.</summary>
    internal MessageRules? RulesOf(FixMessageKind kind) => _messages[(int)kind];

    private MessageRules RulesOf(MessageDefinition message)
    {
        byte[] places = GC.AllocateArray<byte>(OrdinalLimit, pinned: true);
        foreach (MemberDefinition member in message.Members)
        {
            places[OrdinalOf(member.Tag)] = (byte)((1 + (int)member.Section) | (member.Group is null ? 0 : MessageRules.GroupBit));
        }

        int[] framed = [FixTag.BeginString, FixTag.BodyLength, FixTag.MsgType, FixTag.CheckSum];
        ushort[] required = [.. message.Members.Where(member => member.Required && !framed.Contains(member.Tag)).Select(member => (ushort)OrdinalOf(member.Tag))];
        foreach (ushort ordinal in required)
        {
            places[ordinal] |= MessageRules.RequiredBit;
        }

        return new MessageRules
        {
            Definition = message,
            Places = places,
            Required = required,
            Groups = [.. message.Members.Where(member => member.Group is not null).Select(member => member.Group!)],
        };
    }

    private static FieldRule RuleOf(FieldDefinition field, IReadOnlyList<FieldDefinition> fields)
    {
        FieldRule rule = new()
        {
            Tag = field.Tag,
            LengthTag = field.LengthTag,
            DataTag = fields.FirstOrDefault(other => other.LengthTag == field.Tag)?.Tag ?? 0,
            IsChar = field.Type == FixDataType.Char,
            Check = CheckOf(field),
        };
        foreach (CodeDefinition code in field.Codes)
        {
            int bit = rule.Check switch
            {
                FieldCheck.CharCode => code.Value[0],
                FieldCheck.IntCode => int.Parse(code.Value, CultureInfo.InvariantCulture),
                _ => -1,
            };
            if (bit is >= 0 and < 64)
            {
                rule.CodesLow |= 1UL << bit;
            }
            else if (bit is >= 64 and < 128)
            {
                rule.CodesHigh |= 1UL << (bit - 64);
            }
        }

        return rule;
    }

    private static FieldCheck CheckOf(FieldDefinition field)
    {
        bool coded = field.Codes.Count > 0;
        bool single = coded && field.Codes.All(code => code.Value.Length == 1 && code.Value[0] < 128);
        bool small = coded && field.Codes.All(code => int.TryParse(code.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < 128);
        return field.Type switch
        {
            // The type of the message is decided before its fields are looked at, and a wrong one has a reason of its own (373=11).
            // BeginString is compared with that of the Logon.
            _ when field.Tag is FixTag.MsgType or FixTag.BeginString => FieldCheck.Any,
            FixDataType.Char or FixDataType.Text when single => FieldCheck.CharCode,
            FixDataType.Int when small => FieldCheck.IntCode,
            FixDataType.MultipleText when coded => FieldCheck.MultipleTextCode,
            _ when coded => FieldCheck.TextCode,
            FixDataType.Char => FieldCheck.Char,
            FixDataType.Int => FieldCheck.Int,
            FixDataType.SeqNum or FixDataType.Length or FixDataType.NumInGroup => FieldCheck.Unsigned,
            FixDataType.Decimal => FieldCheck.Decimal,
            FixDataType.Boolean => FieldCheck.Boolean,
            FixDataType.UtcTimestamp => FieldCheck.Timestamp,
            FixDataType.Date => FieldCheck.Date,
            FixDataType.UtcTime => FieldCheck.Time,
            FixDataType.DayOfMonth => FieldCheck.DayOfMonth,
            FixDataType.MonthYear => FieldCheck.MonthYear,
            FixDataType.Currency => FieldCheck.Currency,
            FixDataType.Country => FieldCheck.Country,
            _ => FieldCheck.Any,
        };
    }
}
