using Exchange.Fix.Dictionary;

namespace Exchange.Gateway.Translation;

/// <summary>
/// What our messages differ by between versions of FIX, asked of the version's dictionary once, so that encoding asks nothing but
/// a field of this class. A code that a version does not have becomes the nearest that it has, or is left out.
/// </summary>
public sealed class VersionRules
{
    private const byte Absent = 255;

    private static readonly Dictionary<FixDictionary, VersionRules> All = FixDictionaries.All.ToDictionary(dictionary => dictionary, dictionary => new VersionRules(dictionary));

    private readonly byte[] _ordRejReasons;
    private readonly byte[] _cxlRejReasons;
    private readonly byte[] _sessionRejectReasons;
    private readonly byte[] _businessRejectReasons;
    private readonly byte[] _ordTypes;
    private readonly byte[] _timesInForce;
    private readonly byte[] _matchIdTag;
    private readonly byte[] _displayTag;
    private readonly byte[] _logonTail;

    private VersionRules(FixDictionary dictionary)
    {
        HasExecTransType = dictionary.Has(FixMessageKind.ExecutionReport, FixTag.ExecTransType);
        HasOrdStatusReqId = dictionary.Has(FixMessageKind.ExecutionReport, FixTag.OrdStatusReqID);
        HasTriggered = dictionary.ApplVerId.Length != 0;
        HasNextExpected = dictionary.Has(FixMessageKind.Logon, FixTag.NextExpectedMsgSeqNum);
        HasLastLiquidityInd = dictionary.Has(FixMessageKind.ExecutionReport, FixTag.LastLiquidityInd);
        _matchIdTag = dictionary.Has(FixMessageKind.ExecutionReport, FixTag.TrdMatchID) ? "880="u8.ToArray()
            : dictionary.Has(FixMessageKind.ExecutionReport, FixTag.SecondaryExecID) ? "527="u8.ToArray() : [];
        _displayTag = dictionary.Has(FixMessageKind.ExecutionReport, FixTag.DisplayQty) ? "1138="u8.ToArray() : "111="u8.ToArray();
        _ordTypes = Characters(dictionary, FixTag.OrdType);
        _timesInForce = Characters(dictionary, FixTag.TimeInForce);
        _logonTail = dictionary.ApplVerId.Length == 0 ? [] : [.. "1137="u8, .. System.Text.Encoding.ASCII.GetBytes(dictionary.ApplVerId), 1];
        _ordRejReasons = Codes(dictionary, FixTag.OrdRejReason, 99, 0);
        _cxlRejReasons = Codes(dictionary, FixTag.CxlRejReason, 99, 2);
        _sessionRejectReasons = Codes(dictionary, FixTag.SessionRejectReason, Absent, Absent);
        _businessRejectReasons = Codes(dictionary, FixTag.BusinessRejectReason, 0, 0);
    }

    /// <summary>ExecTransType (20) belongs to a report; then a fill is 150=1 or 2, a status repeats 39 in 150, and the first reports after a replacement say 39=5.</summary>
    public bool HasExecTransType { get; }

    /// <summary>OrdStatusReqID (790) belongs to a report.</summary>
    public bool HasOrdStatusReqId { get; }

    /// <summary>ExecType (150) can say that a stop order was triggered; otherwise its report is a restatement.</summary>
    public bool HasTriggered { get; }

    /// <summary>LastLiquidityInd (851) belongs to a report.</summary>
    public bool HasLastLiquidityInd { get; }

    /// <summary>NextExpectedMsgSeqNum (789) belongs to a Logon.</summary>
    public bool HasNextExpected { get; }

    /// <summary>Tag and equals sign of the id that both sides of a trade share: 880, 527 or none.</summary>
    public ReadOnlySpan<byte> MatchIdTag => _matchIdTag;

    /// <summary>Tag and equals sign of the display quantity: 1138, or 111 where that is not known.</summary>
    public ReadOnlySpan<byte> DisplayTag => _displayTag;

    /// <summary>Fields that end our Logon: 1137, or none.</summary>
    public ReadOnlySpan<byte> LogonTail => _logonTail;

    /// <summary>The rules of a dictionary.</summary>
    public static VersionRules Of(FixDictionary dictionary) => All[dictionary];

    /// <summary>OrdType (40) as the version has it; 0, to be left out, for one that it has not.</summary>
    public byte OrdType(byte type) => _ordTypes[type];

    /// <summary>TimeInForce (59) as the version has it; 0, to be left out, for one that it has not.</summary>
    public byte TimeInForce(byte time) => _timesInForce[time];

    /// <summary>OrdRejReason (103) as the version has it.</summary>
    public byte OrdRejReason(byte reason) => _ordRejReasons[reason];

    /// <summary>CxlRejReason (102) as the version has it.</summary>
    public byte CxlRejReason(byte reason) => _cxlRejReasons[reason];

    /// <summary>Whether the version has this SessionRejectReason (373); one that it has not is left out, the words say it.</summary>
    public bool HasSessionRejectReason(ushort reason) => reason < Absent && _sessionRejectReasons[reason] != Absent;

    /// <summary>BusinessRejectReason (380) as the version has it.</summary>
    public byte BusinessRejectReason(ushort reason) => _businessRejectReasons[Math.Min(reason, Absent)];

    /// <summary>Each character by itself where the version has it as a code; else 0.</summary>
    private static byte[] Characters(FixDictionary dictionary, int tag)
    {
        byte[] characters = new byte[byte.MaxValue + 1];
        foreach (CodeDefinition code in dictionary.Field(tag)!.Codes)
        {
            characters[code.Value[0]] = (byte)code.Value[0];
        }

        return characters;
    }

    /// <summary>Each code by itself where the version has it; else the first of the two substitutes that it has.</summary>
    internal static byte[] Codes(FixDictionary dictionary, int tag, byte substitute, byte otherSubstitute)
    {
        bool[] known = new bool[byte.MaxValue + 1];
        foreach (CodeDefinition code in dictionary.Field(tag)!.Codes)
        {
            known[byte.Parse(code.Value, System.Globalization.CultureInfo.InvariantCulture)] = true;
        }

        byte instead = known[substitute] ? substitute : otherSubstitute;
        return [.. known.Select((isKnown, code) => isKnown ? (byte)code : instead)];
    }
}
