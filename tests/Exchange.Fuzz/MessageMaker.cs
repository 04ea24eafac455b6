using System.Text;
using Exchange.Fix.Dictionary;

namespace Exchange.Fuzz;

/// <summary>
/// Makes messages that are valid by a dictionary: each required field, a few of the others, groups with their counts, data with its
/// length. What trading hangs on (ids, symbols, prices, numbers) is drawn from a small range, so that messages have to do with each other.
/// </summary>
internal sealed class MessageMaker
{
    private static readonly string[] _symbols = ["AAPL", "AAPL", "AAPL", "MSFT", "MSFT", "NOSUCH"];
    private static readonly byte[] _letters = Encoding.ASCII.GetBytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -_./");
    private readonly Dice _dice;
    private readonly FixDictionary _dictionary;
    private readonly List<MessageDefinition> _received;
    private readonly HashSet<int> _lengthTags;
    private int _ids;

    /// <summary>Creates a maker of a version's messages.</summary>
    public MessageMaker(FixDictionary dictionary, Dice dice)
    {
        _dictionary = dictionary;
        _dice = dice;
        _received = [.. dictionary.Messages.Where(message => message.Flow != MessageFlow.Sent)];
        _lengthTags = [.. dictionary.Fields.Where(field => field.LengthTag != 0).Select(field => field.LengthTag)];
    }

    /// <summary>Makes a message of a random type that clients send.</summary>
    public void Make(FuzzMessage message, SessionView session)
    {
        MessageDefinition definition = _dice.OneIn(3) ? _dice.Of(_received) : _received[Trading()];
        if (definition.Kind == FixMessageKind.Logon && !_dice.OneIn(8))
        {
            definition = _dictionary.Message(FixMessageKind.NewOrderSingle)!;
        }

        Make(message, definition, session);
    }

    /// <summary>Makes a message of one type.</summary>
    public void Make(FuzzMessage message, MessageDefinition definition, SessionView session)
    {
        message.Clear();
        message.Add(FixTag.MsgType, definition.MsgType);
        AddHeader(message, session);
        foreach (MemberDefinition member in definition.Members)
        {
            bool isUsual = member.Section == MessageSection.Body && (member.Required || IsWanted(member.Tag));
            if (isUsual || (member.Section != MessageSection.Body && !IsHeader(member.Tag) && _dice.OneIn(60)))
            {
                AddMember(message, member, session);
            }
        }
    }

    /// <summary>Makes a Logon that the exchange should take.</summary>
    public void MakeLogon(FuzzMessage message, SessionView session, bool isReset)
    {
        message.Clear();
        message.Add(FixTag.MsgType, "A");
        AddHeader(message, isReset ? session with { NextIn = 1 } : session);
        message.Add(98, 0);
        message.Add(108, 30);
        if (isReset)
        {
            message.Add(141, "Y");
        }

        if (_dictionary.ApplVerId.Length > 0)
        {
            message.Add(1137, _dictionary.ApplVerId);
        }
    }

    /// <summary>The header that every message has.</summary>
    public void AddHeader(FuzzMessage message, SessionView session)
    {
        message.Add(FixTag.SenderCompID, session.ClientCompId);
        message.Add(FixTag.TargetCompID, session.OurCompId);
        message.Add(FixTag.MsgSeqNum, session.NextIn);
        message.Add(FixTag.SendingTime, session.Now);
    }

    private static bool IsHeader(int tag) =>
        tag is FixTag.BeginString or FixTag.BodyLength or FixTag.MsgType or FixTag.SenderCompID or FixTag.TargetCompID or FixTag.MsgSeqNum or FixTag.SendingTime or FixTag.CheckSum;

    /// <summary>Optional fields that matter are there often, the many others now and then.</summary>
    private bool IsWanted(int tag) => tag switch
    {
        FixTag.Price or FixTag.TimeInForce or FixTag.OrderQty or FixTag.HandlInst => !_dice.OneIn(6),
        FixTag.OrderID or FixTag.Account or FixTag.GapFillFlag => _dice.OneIn(4),
        _ => _dice.OneIn(12),
    };

    private int Trading()
    {
        for (int i = 0; i < 8; i++)
        {
            int at = _dice.Below(_received.Count);
            if (!_received[at].IsSession)
            {
                return at;
            }
        }

        return 0;
    }

    private void AddMember(FuzzMessage message, MemberDefinition member, SessionView session)
    {
        if (member.Group is not null)
        {
            AddGroup(message, member.Group, session, depth: 0);
        }
        else
        {
            AddField(message, member.Tag, session);
        }
    }

    private void AddGroup(FuzzMessage message, GroupDefinition group, SessionView session, int depth)
    {
        int entries = 1 + _dice.Below(3);
        message.Add(group.CountTag, entries);
        for (int i = 0; i < entries; i++)
        {
            for (int m = 0; m < group.Members.Count; m++)
            {
                MemberDefinition member = group.Members[m];
                if (m != 0 && !member.Required && !_dice.OneIn(3))
                {
                    continue;
                }

                if (member.Group is null)
                {
                    AddField(message, member.Tag, session);
                }
                else if (depth < 3)
                {
                    AddGroup(message, member.Group, session, depth + 1);
                }
            }
        }
    }

    private void AddField(FuzzMessage message, int tag, SessionView session)
    {
        FieldDefinition? field = _dictionary.Field(tag);
        if (field is null || _lengthTags.Contains(tag))
        {
            return;
        }

        Span<byte> value = stackalloc byte[512];
        int length = Meaningful(tag, session, value);
        if (length == 0)
        {
            length = field.Codes.Count > 0 ? Ascii(_dice.Of(field.Codes).Value, value) : OfType(field.Type, value);
        }

        if (field.LengthTag != 0)
        {
            message.Add(field.LengthTag, length);
        }

        message.Add(tag, value[..length]);
    }

    /// <summary>Values that make messages belong together; 0 when any value of the type will do.</summary>
    private int Meaningful(int tag, SessionView session, Span<byte> value) => tag switch
    {
        FixTag.Symbol => Ascii(_dice.Of(_symbols), value),
        FixTag.ClOrdID => Ascii(_dice.OneIn(12) ? $"F{_dice.Below(_ids + 1)}" : $"F{++_ids}", value),
        FixTag.OrigClOrdID => Ascii($"F{Math.Max(0, _ids - _dice.Below(40))}", value),
        FixTag.OrderID => Ascii($"{1 + _dice.Below(_ids + 1)}", value),
        FixTag.Price => Ascii($"{99 + _dice.Below(3)}.{_dice.Below(100):D2}", value),
        FixTag.OrderQty => Ascii($"{1 + _dice.Below(_dice.OneIn(5) ? 2_000_000 : 100)}", value),
        FixTag.Side => Ascii(_dice.OneIn(10) ? "" : _dice.OneIn(2) ? "1" : "2", value),
        FixTag.OrdType => Ascii(_dice.OneIn(10) ? "" : _dice.OneIn(5) ? "1" : "2", value),
        FixTag.TransactTime or FixTag.OrigSendingTime => Ascii(session.Now, value),
        FixTag.BeginSeqNo => Ascii($"{Math.Max(1, session.NextOut - _dice.Below(20))}", value),
        FixTag.EndSeqNo => Ascii(_dice.OneIn(2) ? "0" : $"{session.NextOut + _dice.Below(5)}", value),
        FixTag.NewSeqNo => Ascii(_dice.OneIn(50) ? $"{_dice.Bits() >> _dice.Below(64)}" : $"{session.NextIn + 1 + _dice.Below(4)}", value),
        FixTag.NextExpectedMsgSeqNum => Ascii($"{Math.Max(1, session.NextOut - _dice.Below(3))}", value),
        FixTag.HeartBtInt => Ascii($"{1 + _dice.Below(60)}", value),
        FixTag.RefSeqNum => Ascii($"{1 + _dice.Below(20)}", value),
        _ => 0,
    };

    private int OfType(FixDataType type, Span<byte> value)
    {
        switch (type)
        {
            case FixDataType.Char:
                value[0] = _letters[_dice.Below(52)];
                return 1;
            case FixDataType.Int:
                return Ascii($"{(_dice.OneIn(4) ? "-" : "")}{_dice.Below(100_000)}", value);
            case FixDataType.SeqNum or FixDataType.Length or FixDataType.NumInGroup:
                return Ascii($"{_dice.Below(100_000)}", value);
            case FixDataType.DayOfMonth:
                return Ascii($"{1 + _dice.Below(31)}", value);
            case FixDataType.Decimal:
                return Ascii($"{(_dice.OneIn(6) ? "-" : "")}{_dice.Below(1_000_000)}.{_dice.Below(10_000):D4}", value);
            case FixDataType.Boolean:
                return Ascii(_dice.OneIn(2) ? "Y" : "N", value);
            case FixDataType.UtcTimestamp:
                return Ascii($"2026112{_dice.Below(10)}-{_dice.Below(24):D2}:{_dice.Below(60):D2}:{_dice.Below(60):D2}{(_dice.OneIn(2) ? $".{_dice.Below(1000):D3}" : "")}", value);
            case FixDataType.UtcTime:
                return Ascii($"{_dice.Below(24):D2}:{_dice.Below(60):D2}:{_dice.Below(60):D2}", value);
            case FixDataType.Date:
                return Ascii($"2026{1 + _dice.Below(12):D2}{1 + _dice.Below(28):D2}", value);
            case FixDataType.MonthYear:
                return Ascii($"2026{1 + _dice.Below(12):D2}{(_dice.OneIn(2) ? "w2" : "")}", value);
            case FixDataType.Currency:
                return Ascii("USD", value);
            case FixDataType.Country:
                return Ascii("CH", value);
            case FixDataType.Data:
                return AnyBytes(value);
            default:
                int length = 1 + _dice.Below(20);
                for (int i = 0; i < length; i++)
                {
                    value[i] = _letters[_dice.Below(i == 0 || i == length - 1 ? 62 : _letters.Length)];
                }

                return length;
        }
    }

    private int AnyBytes(Span<byte> value)
    {
        int length = 1 + _dice.Below(_dice.OneIn(10) ? 500 : 40);
        for (int i = 0; i < length; i++)
        {
            value[i] = (byte)_dice.Below(256);
        }

        if (_dice.OneIn(4) && length > 30)
        {
            "\u000110=123\u00018=FIX.4.4\u00019=5\u000135="u8.CopyTo(value);
        }

        return length;
    }

    private static int Ascii(string text, Span<byte> value) => Encoding.ASCII.GetBytes(text, value);
}
