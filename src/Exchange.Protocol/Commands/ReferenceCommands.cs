using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>Defines an instrument. Instrument ids are given out from 0 in log order and never reused.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct DefineInstrumentCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 144;

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
}

/// <summary>Defines a participant and its FIX session. Session ids are given out from 0 in log order and never reused.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct DefineParticipantCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 288;

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

    /// <summary>Padding, zero.</summary>
    [FieldOffset(264)]
    public Digest16 Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(280)]
    public long Padding1;
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
