using System.Runtime.InteropServices;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>Defines an instrument. Instrument ids are given out from 0 in log order and never reused.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct DefineInstrumentCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 512;

    /// <summary>Size of the record of older builds.</summary>
    public const int FormerSizeBytes = 144;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>Symbol (55), unique.</summary>
    [FieldOffset(48)]
    public Text24 Symbol;

    /// <summary>SecurityType (167), for example CS or FXSPOT; for display.</summary>
    [FieldOffset(72)]
    public Text16 SecurityType;

    /// <summary>Currency (15) in which prices are quoted.</summary>
    [FieldOffset(88)]
    public Text16 Currency;

    /// <summary>Price increment in 10^-8, positive.</summary>
    [FieldOffset(104)]
    public long PriceTickE8;

    /// <summary>Quantity increment in 10^-8, positive.</summary>
    [FieldOffset(112)]
    public long QuantityStepE8;

    /// <summary>Largest order quantity in 10^-8, positive, a multiple of the step.</summary>
    [FieldOffset(120)]
    public long QuantityMaxE8;

    /// <summary>Lowest price in 10^-8, a positive multiple of the tick.</summary>
    [FieldOffset(128)]
    public long PriceMinE8;

    /// <summary>Highest price in 10^-8, a multiple of the tick.</summary>
    [FieldOffset(136)]
    public long PriceMaxE8;

    /// <summary>Market group whose phases it follows; empty stands for MAIN.</summary>
    [FieldOffset(144)]
    public Text16 GroupName;

    /// <summary>Symbol of the underlying; empty when there is none.</summary>
    [FieldOffset(160)]
    public Text24 Underlying;

    /// <summary>Currency of settlement; empty stands for <see cref="Currency"/>.</summary>
    [FieldOffset(184)]
    public Text16 SettlementCurrency;

    /// <summary>Contract multiplier in 10^-8; 0 stands for one.</summary>
    [FieldOffset(200)]
    public long MultiplierE8;

    /// <summary>Strike of an option in 10^-8; 0 otherwise.</summary>
    [FieldOffset(208)]
    public long StrikeE8;

    /// <summary>Expiry, nanoseconds since 1970; 0 when it has none.</summary>
    [FieldOffset(216)]
    public long ExpiryNs;

    /// <summary>What it is.</summary>
    [FieldOffset(224)]
    public InstrumentKind Kind;

    /// <summary>Call or put; None unless an option.</summary>
    [FieldOffset(225)]
    public OptionRight OptionRight;

    /// <summary>Switches.</summary>
    [FieldOffset(226)]
    public InstrumentFlags Flags;

    /// <summary>What a price outside of a collar does.</summary>
    [FieldOffset(227)]
    public CollarAction CollarAction;

    /// <summary>Static collar in basis points of its base; 0 for none.</summary>
    [FieldOffset(228)]
    public int StaticCollarBp;

    /// <summary>Dynamic collar in basis points of its base; 0 for none.</summary>
    [FieldOffset(232)]
    public int DynamicCollarBp;

    /// <summary>Protection band of market orders in basis points of the best opposite price; 0 for none.</summary>
    [FieldOffset(236)]
    public int MarketBandBp;

    /// <summary>How long a volatility auction lasts, nanoseconds.</summary>
    [FieldOffset(240)]
    public long VolatilityAuctionNs;

    /// <summary>Reference price in 10^-8, on the base tick; 0 for none.</summary>
    [FieldOffset(248)]
    public long ReferencePriceE8;

    /// <summary>Smallest order in 10^-8; 0 stands for one step.</summary>
    [FieldOffset(256)]
    public long QuantityMinE8;

    /// <summary>Largest notional of one order in 10^-8 of the settlement currency; 0 for no limit.</summary>
    [FieldOffset(264)]
    public long NotionalMaxE8;

    /// <summary>Largest worst-case position of one account, long or short, in 10^-8; 0 for no limit.</summary>
    [FieldOffset(272)]
    public long PositionMaxE8;

    /// <summary>Most open orders of one account in the instrument; 0 for no limit.</summary>
    [FieldOffset(280)]
    public int AccountOrdersMax;

    /// <summary>Entries of <see cref="Ticks"/> in use, 0 to 8.</summary>
    [FieldOffset(284)]
    public int TickCount;

    /// <summary>The tick table, ascending; 0 behind the last entry.</summary>
    [FieldOffset(288)]
    public TickTable Ticks;

    /// <summary>Reserved for margin, zero.</summary>
    [FieldOffset(416)]
    public ReservedBytes96 Reserved;

    /// <summary>Reads a record of this build or of an older one.</summary>
    public static DefineInstrumentCommand Read(ReadOnlySpan<byte> bytes)
    {
        DefineInstrumentCommand command = default;
        bytes.CopyTo(MemoryMarshal.AsBytes(new Span<DefineInstrumentCommand>(ref command)));
        command.Header.Length = SizeBytes;
        return command;
    }
}

/// <summary>Flags of a participant's FIX session.</summary>
[Flags]
public enum ParticipantFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>May not log on.</summary>
    Disabled = 1,

    /// <summary>Open orders are cancelled when the session stays disconnected for the grace period.</summary>
    CancelOnDisconnect = 2,

    /// <summary>Logon needs no password (553/554 are ignored).</summary>
    NoPassword = 4,

    /// <summary>Tags that the dictionary does not know are accepted and ignored.</summary>
    AllowUnknownTags = 8,

    /// <summary>Both numbers restart at 1 at each Logon, with or without ResetSeqNumFlag (141).</summary>
    ResetOnLogon = 16,

    /// <summary>User-defined tags (5000 to 9999 and 20000 up) are accepted and ignored.</summary>
    AllowUserDefinedTags = 32,

    /// <summary>A field without a value counts as absent, unless it is required.</summary>
    AllowEmptyValues = 64,

    /// <summary>Fields may stand in any order: header, body and trailer mixed, and the members of a group's entry.</summary>
    AllowAnyFieldOrder = 128,

    /// <summary>SenderCompID (49) and TargetCompID (56) are looked at in the Logon only.</summary>
    SkipCompIdCheck = 256,

    /// <summary>SendingTime (52) may be any time.</summary>
    SkipLatencyCheck = 512,
}

/// <summary>
/// Defines a participant and its FIX session. Session ids are given out from 0 in log order and never reused. Logs of older builds hold
/// a shorter record, which ends behind <see cref="OpenOrdersMax"/> and padding; <see cref="Read"/> takes both.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct DefineParticipantCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 544;

    /// <summary>Size of the record that older builds logged.</summary>
    public const int FormerSizeBytes = 288;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The client's SenderCompID (49).</summary>
    [FieldOffset(48)]
    public Text40 SenderCompId;

    /// <summary>The client's TargetCompID (56): our name.</summary>
    [FieldOffset(88)]
    public Text40 TargetCompId;

    /// <summary>Username (553).</summary>
    [FieldOffset(128)]
    public Text40 Username;

    /// <summary>BeginString (8), for example FIX.4.4; empty: any version that the exchange speaks, chosen by each Logon.</summary>
    [FieldOffset(168)]
    public Text16 BeginString;

    /// <summary>PBKDF2-HMAC-SHA256 of the password, 32 bytes; zero with <see cref="ParticipantFlags.NoPassword"/>.</summary>
    [FieldOffset(184)]
    public Digest32 PasswordHash;

    /// <summary>Salt, 16 bytes.</summary>
    [FieldOffset(216)]
    public Digest16 PasswordSalt;

    /// <summary>Iterations of PBKDF2.</summary>
    [FieldOffset(232)]
    public int PasswordIterations;

    /// <summary>Switches.</summary>
    [FieldOffset(236)]
    public ParticipantFlags Flags;

    /// <summary>Smallest HeartBtInt (108) accepted, seconds.</summary>
    [FieldOffset(240)]
    public int HeartBtIntMinSec;

    /// <summary>Largest HeartBtInt (108) accepted, seconds.</summary>
    [FieldOffset(244)]
    public int HeartBtIntMaxSec;

    /// <summary>Grace of cancel on disconnect, nanoseconds of log time.</summary>
    [FieldOffset(248)]
    public long CancelOnDisconnectGraceNs;

    /// <summary>Decimals of the seconds in timestamps sent: 0, 3, 6 or 9.</summary>
    [FieldOffset(256)]
    public int TimestampDecimals;

    /// <summary>Most open orders of this participant.</summary>
    [FieldOffset(260)]
    public int OpenOrdersMax;

    /// <summary>Most application messages a second; 0 for no limit.</summary>
    [FieldOffset(264)]
    public int MessagesPerSecondMax;

    /// <summary>Most ResendRequests (2) answered within ten seconds; 0 for the default.</summary>
    [FieldOffset(268)]
    public int ResendRequestsMax;

    /// <summary>When the session is reset on the days of <see cref="ResetDays"/>: seconds after midnight in <see cref="ResetZone"/>.</summary>
    [FieldOffset(272)]
    public int ResetTimeOfDaySec;

    /// <summary>Days on which the session is reset, bit 0 for Sunday to bit 6 for Saturday; 0 for never.</summary>
    [FieldOffset(276)]
    public int ResetDays;

    /// <summary>IANA name of the time zone of the reset; the core never looks into it.</summary>
    [FieldOffset(280)]
    public Text40 ResetZone;

    /// <summary>The name (CN or SAN) that the client's TLS certificate must have; empty when none is asked for.</summary>
    [FieldOffset(320)]
    public Text64 CertificateName;

    /// <summary>Where the client may connect from; no range at all means from anywhere.</summary>
    [FieldOffset(384)]
    public AddressRanges AllowedAddresses;

    /// <summary>Stands for days, time and zone of the scheduled resets: what was worked out from others is not theirs. Never 0.</summary>
    public readonly ulong ScheduleStamp()
    {
        ReadOnlySpan<byte> times = MemoryMarshal.AsBytes([ResetTimeOfDaySec, ResetDays]);
        Text40 zone = ResetZone;
        ulong hash = SnapshotHash.Add(SnapshotHash.Add(SnapshotHash.Seed, times), MemoryMarshal.AsBytes(new ReadOnlySpan<Text40>(in zone)));
        return SnapshotHash.Finish(hash, times.Length) | 1;
    }

    /// <summary>Stands for a hashed password and its salt: a change that was checked against another is refused. Never 0.</summary>
    public static uint PasswordStamp(in Digest32 hash, in Digest16 salt)
    {
        ulong all = SnapshotHash.Add(SnapshotHash.Add(SnapshotHash.Seed, hash), salt);
        return (uint)(SnapshotHash.Finish(all, 48) >> 32) | 1;
    }

    /// <summary>Reads the record, also in the size of older builds, whose participants have none of what came later.</summary>
    public static DefineParticipantCommand Read(ReadOnlySpan<byte> bytes)
    {
        DefineParticipantCommand command = default;
        bytes.CopyTo(MemoryMarshal.AsBytes(new Span<DefineParticipantCommand>(ref command)));
        command.Header.Length = SizeBytes;
        return command;
    }
}

/// <summary>Gives a participant another password: from an operator, or in <see cref="ChangePasswordCommand"/> from the participant.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SetPasswordCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 104;

    /// <summary>The common header; its session is the participant's.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>PBKDF2-HMAC-SHA256 of the password.</summary>
    [FieldOffset(48)]
    public Digest32 PasswordHash;

    /// <summary>Salt.</summary>
    [FieldOffset(80)]
    public Digest16 PasswordSalt;

    /// <summary>Iterations of PBKDF2.</summary>
    [FieldOffset(96)]
    public int PasswordIterations;

    /// <summary><see cref="DefineParticipantCommand.PasswordStamp"/> of the password that the change is based on; 0 when it holds whatever went before.</summary>
    [FieldOffset(100)]
    public uint BasedOn;
}

/// <summary>Says when a session's scheduled reset comes next; from the leader, which alone reads time zones.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ScheduleResetCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 64;

    /// <summary>The common header; its session is the one to reset.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The next reset, nanoseconds of log time.</summary>
    [FieldOffset(48)]
    public long ResetAtNs;

    /// <summary><see cref="DefineParticipantCommand.ScheduleStamp"/> of the definition from which the instant follows; 0 in logs of older builds.</summary>
    [FieldOffset(56)]
    public ulong ScheduleStamp;
}

/// <summary>Settings of the venue as a whole.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct DefineVenueCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 64;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>End of the trading day as nanoseconds after midnight UTC; Day orders expire then.</summary>
    [FieldOffset(48)]
    public long DayEndNs;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(56)]
    public long Padding;
}
