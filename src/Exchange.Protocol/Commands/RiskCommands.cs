using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>Puts the participant of the session in the header into a firm. Before that it is in a firm of its own, which bears its SenderCompID cut to fifteen characters.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct AssignFirmCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 80;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The firm.</summary>
    [FieldOffset(48)]
    public Text16 Firm;

    /// <summary>Account of orders that name none; empty: an account with an empty name.</summary>
    [FieldOffset(64)]
    public Text16 DefaultAccount;
}

/// <summary>Lists an account of a firm. A firm without listed accounts may use any, up to a limit; with one, all others are unknown.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct DefineAccountCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 80;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The firm.</summary>
    [FieldOffset(48)]
    public Text16 Firm;

    /// <summary>Account (1).</summary>
    [FieldOffset(64)]
    public Text16 Account;
}

/// <summary>Sets all risk limits of a firm or of an account of it; 0 stands for no limit.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SetLimitsCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 256;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The firm.</summary>
    [FieldOffset(48)]
    public Text16 Firm;

    /// <summary>The account; ignored when <see cref="Scope"/> is a firm.</summary>
    [FieldOffset(64)]
    public Text16 Account;

    /// <summary>Whose limits they are: Firm or Account.</summary>
    [FieldOffset(80)]
    public RiskScope Scope;

    /// <summary>Self-trade prevention of the firm; ignored for an account.</summary>
    [FieldOffset(81)]
    public SelfTradeMode SelfTradeMode;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(82)]
    public ushort Padding0;

    /// <summary>Furthest limit price from the reference price, basis points.</summary>
    [FieldOffset(84)]
    public int FatFingerBp;

    /// <summary>Largest order.</summary>
    [FieldOffset(88)]
    public long OrderQuantityMaxE8;

    /// <summary>Largest notional of an order.</summary>
    [FieldOffset(96)]
    public long OrderNotionalMaxE8;

    /// <summary>Most open orders.</summary>
    [FieldOffset(104)]
    public int OpenOrdersMax;

    /// <summary>Most new orders and replacements a second; for a firm.</summary>
    [FieldOffset(108)]
    public int OrdersPerSecondMax;

    /// <summary>Most equal orders of a session in a row; for a firm.</summary>
    [FieldOffset(112)]
    public int RepeatedOrdersMax;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(116)]
    public int Padding1;

    /// <summary>Time from the first of equal orders after which they count anew; for a firm.</summary>
    [FieldOffset(120)]
    public long RepeatedWindowNs;

    /// <summary>Largest worst-case position in any one instrument; for an account.</summary>
    [FieldOffset(128)]
    public long PositionMaxE8;

    /// <summary>Largest gross position; for an account.</summary>
    [FieldOffset(136)]
    public long GrossPositionMaxE8;

    /// <summary>Largest notional of open orders and executions of the day.</summary>
    [FieldOffset(144)]
    public long CreditMaxE8;

    /// <summary>Reserved, zero.</summary>
    [FieldOffset(152)]
    public ReservedBytes96 Reserved;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(248)]
    public long Padding2;
}

/// <summary>Forbids a firm or an account an instrument, or allows it again.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct RestrictCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 112;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The firm.</summary>
    [FieldOffset(48)]
    public Text16 Firm;

    /// <summary>The account; ignored when <see cref="Scope"/> is a firm.</summary>
    [FieldOffset(64)]
    public Text16 Account;

    /// <summary>The instrument.</summary>
    [FieldOffset(80)]
    public Text24 Symbol;

    /// <summary>Firm or Account.</summary>
    [FieldOffset(104)]
    public RiskScope Scope;

    /// <summary>1 forbids, 0 allows.</summary>
    [FieldOffset(105)]
    public byte IsRestricted;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(106)]
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(108)]
    public int Padding1;
}

/// <summary>Pulls or releases a kill switch. A pulled one blocks entry and cancels open orders and quotes. For a session the header names it.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct KillSwitchCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 104;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The firm; also of an account.</summary>
    [FieldOffset(48)]
    public Text16 Firm;

    /// <summary>The account.</summary>
    [FieldOffset(64)]
    public Text16 Account;

    /// <summary>Market, Firm, Session or Account.</summary>
    [FieldOffset(80)]
    public RiskScope Scope;

    /// <summary>1 pulls, 0 releases.</summary>
    [FieldOffset(81)]
    public byte IsPulled;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(82)]
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(84)]
    public int Padding1;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(88)]
    public long Padding2;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(96)]
    public long Padding3;
}

/// <summary>Sets or resets market-maker protection of a firm in a market group; 0 stands for no limit.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SetProtectionCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 128;

    /// <summary>Header; gateway and connection are 0.</summary>
    [FieldOffset(0)]
    public CommandHeader Header;

    /// <summary>The firm.</summary>
    [FieldOffset(48)]
    public Text16 Firm;

    /// <summary>The market group.</summary>
    [FieldOffset(64)]
    public Text16 GroupName;

    /// <summary>Length of the window.</summary>
    [FieldOffset(80)]
    public long WindowNs;

    /// <summary>Executed quote quantity that trips it.</summary>
    [FieldOffset(88)]
    public long QuantityMaxE8;

    /// <summary>Executed quote notional that trips it.</summary>
    [FieldOffset(96)]
    public long NotionalMaxE8;

    /// <summary>Quote fills that trip it.</summary>
    [FieldOffset(104)]
    public int FillsMax;

    /// <summary>1: only resets a tripped protection, the limits stay as they are.</summary>
    [FieldOffset(108)]
    public byte IsReset;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(109)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(110)]
    public ushort Padding1;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(112)]
    public long Padding2;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(120)]
    public long Padding3;
}
