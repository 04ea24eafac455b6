using System.Diagnostics.CodeAnalysis;
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Validation;
using Exchange.Fix.Writing;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Translation;

/// <summary>
/// What translation needs to know about one FIX session in one version of FIX, made once from its participant's definition: the names on
/// the wire, the FIX version, the switches, and the bytes with which all messages to the client begin.
/// </summary>
public sealed class SessionProfile
{
    private readonly byte[] _beginString;
    private readonly byte[] _clientCompId;
    private readonly byte[] _ourCompId;
    private readonly byte[] _prefix;
    private readonly byte[] _userResponsePrefix;
    private readonly byte[] _massActionReportPrefix;
    private readonly byte[] _senderUpToTime;
    private readonly byte[] _targetField;

    private SessionProfile(FixDictionary dictionary, in DefineParticipantCommand definition)
    {
        Dictionary = dictionary;
        Rules = VersionRules.Of(dictionary);
        ApplVerId = Encoding.ASCII.GetBytes(dictionary.ApplVerId);
        ReadOnlySpan<byte> beginString = dictionary.BeginStringBytes.Span;
        _beginString = [.. "8="u8, .. beginString, 1];
        _clientCompId = definition.SenderCompId.AsSpan().ToArray();
        _ourCompId = definition.TargetCompId.AsSpan().ToArray();
        TimestampDecimals = definition.TimestampDecimals;
        Switches = SwitchesOf(definition.Flags);
        ChecksCompIds = (definition.Flags & ParticipantFlags.SkipCompIdCheck) == 0;
        ChecksLatency = (definition.Flags & ParticipantFlags.SkipLatencyCheck) == 0;
        _prefix = FixWriter.Prefix(beginString, "35=?\u000134="u8, out int bodyStart);
        _senderUpToTime = [.. "49="u8, .. _ourCompId, .. "\u000152="u8];
        _targetField = [.. "56="u8, .. _clientCompId, 1];
        BodyStart = bodyStart;
        _userResponsePrefix = FixWriter.Prefix(beginString, "35=BF\u000134="u8, out int userResponseBodyStart);
        UserResponseBodyStart = userResponseBodyStart;
        _massActionReportPrefix = FixWriter.Prefix(beginString, "35=BZ\u000134="u8, out int massActionReportBodyStart);
        MassActionReportBodyStart = massActionReportBodyStart;
    }

    /// <summary>The FIX version.</summary>
    public FixDictionary Dictionary { get; }

    /// <summary>What our messages differ by from those of other versions.</summary>
    public VersionRules Rules { get; }

    /// <summary>The only ApplVerID (1128) that a message may name; empty when the version has no such field.</summary>
    internal ReadOnlyMemory<byte> ApplVerId { get; }

    /// <summary>What the session is allowed beyond the dictionary.</summary>
    public ValidationSwitches Switches { get; }

    /// <summary>Whether SenderCompID (49) and TargetCompID (56) of each message must be those of the Logon.</summary>
    public bool ChecksCompIds { get; }

    /// <summary>Whether SendingTime (52) must be near the gateway's clock.</summary>
    public bool ChecksLatency { get; }

    /// <summary>Decimals of the seconds in timestamps to the client.</summary>
    public int TimestampDecimals { get; }

    /// <summary>The first field of each message, "8=FIX.4.4" and its SOH.</summary>
    internal ReadOnlySpan<byte> BeginStringField => _beginString;

    /// <summary>The client's CompID.</summary>
    internal ReadOnlySpan<byte> ClientCompId => _clientCompId;

    /// <summary>Our CompID.</summary>
    internal ReadOnlySpan<byte> OurCompId => _ourCompId;

    /// <summary>Start of each message to the client, up to "34=".</summary>
    internal ReadOnlySpan<byte> Prefix => _prefix;

    /// <summary>Our CompID and the tag of the time that follows it, up to "52=".</summary>
    internal ReadOnlySpan<byte> SenderUpToTime => _senderUpToTime;

    /// <summary>The client's CompID as a whole field.</summary>
    internal ReadOnlySpan<byte> TargetField => _targetField;

    /// <summary>Where in the prefix the body starts.</summary>
    internal int BodyStart { get; }

    /// <summary>Start of a UserResponse, whose MsgType has two characters.</summary>
    internal ReadOnlySpan<byte> UserResponsePrefix => _userResponsePrefix;

    /// <summary>Where in that prefix the body starts.</summary>
    internal int UserResponseBodyStart { get; }

    /// <summary>Start of an OrderMassActionReport, whose MsgType has two characters.</summary>
    internal ReadOnlySpan<byte> MassActionReportPrefix => _massActionReportPrefix;

    /// <summary>Where in that prefix the body starts.</summary>
    internal int MassActionReportBodyStart { get; }

    /// <summary>Where in the prefix the one character of MsgType stands: behind "35=".</summary>
    internal int MsgTypeAt => BodyStart + 3;

    /// <summary>Makes the profile of a participant in one version of FIX; false when it may not use that version, or its timestamp precision is not supported.</summary>
    public static bool TryCreate(FixDictionary dictionary, in DefineParticipantCommand definition, [NotNullWhen(true)] out SessionProfile? profile)
    {
        bool isAllowed = definition.BeginString.IsEmpty || definition.BeginString.AsSpan().SequenceEqual(dictionary.BeginStringBytes.Span);
        profile = isAllowed && definition.TimestampDecimals is 0 or 3 or 6 or 9 ? new SessionProfile(dictionary, definition) : null;
        return profile is not null;
    }

    private static ValidationSwitches SwitchesOf(ParticipantFlags flags)
    {
        ValidationSwitches switches = ValidationSwitches.None;
        switches |= (flags & ParticipantFlags.AllowUnknownTags) != 0 ? ValidationSwitches.AllowUnknownTags | ValidationSwitches.AllowUserDefinedTags : 0;
        switches |= (flags & ParticipantFlags.AllowUserDefinedTags) != 0 ? ValidationSwitches.AllowUserDefinedTags : 0;
        switches |= (flags & ParticipantFlags.AllowEmptyValues) != 0 ? ValidationSwitches.AllowEmptyValues : 0;
        switches |= (flags & ParticipantFlags.AllowAnyFieldOrder) != 0 ? ValidationSwitches.AllowAnyFieldOrder | ValidationSwitches.AllowAnyGroupOrder : 0;
        return switches;
    }
}
