using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>Defines a market group or changes its settings and schedule. Groups are numbered from 0 in log order; 0 is MAIN and always exists.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct DefineMarketGroupCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 512;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>Name, unique.</summary>
    [FieldOffset(48)]
    public Text16 GroupName;

    /// <summary>Time zone of the schedule, an IANA name; empty for UTC.</summary>
    [FieldOffset(64)]
    public Text40 Zone;

    /// <summary>Phase that a new group begins with; ignored for a known one.</summary>
    [FieldOffset(104)]
    public MarketPhase InitialPhase;

    /// <summary>After the cancel-only window of an unplanned failover: 1 a volatility auction, 0 continuous.</summary>
    [FieldOffset(105)]
    public byte FailoverAuction;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(106)]
    public ushort Padding0;

    /// <summary>Entries of <see cref="Entries"/> in use.</summary>
    [FieldOffset(108)]
    public int EntryCount;

    /// <summary>How long only cancels are accepted after an unplanned failover; 0: trading goes on at once.</summary>
    [FieldOffset(112)]
    public long FailoverCancelOnlyNs;

    /// <summary>How long the volatility auction behind that window lasts.</summary>
    [FieldOffset(120)]
    public long FailoverAuctionNs;

    /// <summary>The schedule, ascending by time of day; 0 behind the last entry.</summary>
    [FieldOffset(128)]
    public PhaseSchedule Entries;

    /// <summary>Reserved, zero.</summary>
    [FieldOffset(384)]
    public ReservedBytes128 Reserved;
}

/// <summary>When the next phase of a market group comes, by its schedule; from the leader, who knows time zones.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SchedulePhaseCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 80;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The group.</summary>
    [FieldOffset(48)]
    public int GroupId;

    /// <summary>The group's definition that this was worked out from; otherwise it is out of date and ignored.</summary>
    [FieldOffset(52)]
    public int Version;

    /// <summary>Log time of the change, nanoseconds since 1970.</summary>
    [FieldOffset(56)]
    public long AtNs;

    /// <summary>The phase that begins then.</summary>
    [FieldOffset(64)]
    public MarketPhase Phase;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(65)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(66)]
    public ushort Padding1;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(68)]
    public int Padding2;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(72)]
    public long Padding3;
}

/// <summary>An operator sets the phase of a market group or of one instrument.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SetPhaseCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 104;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The group; empty when an instrument is meant.</summary>
    [FieldOffset(48)]
    public Text16 GroupName;

    /// <summary>The instrument; empty when a group is meant.</summary>
    [FieldOffset(64)]
    public Text24 Symbol;

    /// <summary>The phase; <see cref="MarketPhase.Group"/> gives an instrument back to its group.</summary>
    [FieldOffset(88)]
    public MarketPhase Phase;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(89)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(90)]
    public ushort Padding1;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(92)]
    public int Padding2;

    /// <summary>For an auction: how long until its uncross; 0 until the next change.</summary>
    [FieldOffset(96)]
    public long DurationNs;
}

/// <summary>A time of day and the phase that begins then.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct PhaseEntry
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 8;

    /// <summary>Seconds after midnight in the group's time zone.</summary>
    public int TimeOfDaySec;

    /// <summary>Days of the week, bit 0 for Sunday.</summary>
    public byte Days;

    /// <summary>The phase.</summary>
    public MarketPhase Phase;

    /// <summary>Padding, zero.</summary>
    public ushort Padding;
}

/// <summary>The schedule of a market group.</summary>
[InlineArray(CountMax)]
public struct PhaseSchedule
{
    /// <summary>Most entries.</summary>
    public const int CountMax = 32;

    private PhaseEntry _first;
}

/// <summary>Room for what later steps add; zero.</summary>
[InlineArray(128)]
public struct ReservedBytes128
{
    private byte _first;
}
