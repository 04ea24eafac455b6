using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Risk;

/// <summary>The limits of a firm or an account (trading rules 8); 0 stands for none. It is written to snapshots as it is.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct RiskLimits
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 88;

    /// <summary>Largest order.</summary>
    public long OrderQuantityMaxE8;

    /// <summary>Largest notional of an order.</summary>
    public long OrderNotionalMaxE8;

    /// <summary>Largest worst-case position in an instrument; of an account.</summary>
    public long PositionMaxE8;

    /// <summary>Largest gross position; of an account.</summary>
    public long GrossPositionMaxE8;

    /// <summary>Largest notional of open orders and the day's executions.</summary>
    public long CreditMaxE8;

    /// <summary>How long equal orders count together; of a firm.</summary>
    public long RepeatedWindowNs;

    /// <summary>Furthest limit price from the reference price, basis points.</summary>
    public int FatFingerBp;

    /// <summary>Most open orders.</summary>
    public int OpenOrdersMax;

    /// <summary>Most new orders and replacements a second; of a firm.</summary>
    public int OrdersPerSecondMax;

    /// <summary>Most equal orders in a row; of a firm.</summary>
    public int RepeatedOrdersMax;

    /// <summary>Self-trade prevention; of a firm.</summary>
    public SelfTradeMode SelfTradeMode;

    /// <summary>1 when any limit of a single order is set.</summary>
    public byte HasOrderLimits;

    /// <summary>Padding, zero.</summary>
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    public int Padding1;

    /// <summary>Padding, zero.</summary>
    public long Padding2;

    /// <summary>Padding, zero.</summary>
    public long Padding3;

    /// <summary>Whether they are limits that a command could have set.</summary>
    public readonly bool IsSound =>
        OrderQuantityMaxE8 >= 0 && OrderNotionalMaxE8 >= 0 && PositionMaxE8 >= 0 && GrossPositionMaxE8 >= 0 && CreditMaxE8 >= 0 && RepeatedWindowNs >= 0
        && FatFingerBp >= 0 && OpenOrdersMax >= 0 && OrdersPerSecondMax >= 0 && RepeatedOrdersMax >= 0 && SelfTradeMode <= SelfTradeMode.Decrement
        && RepeatedOrdersMax == 0 == (RepeatedWindowNs == 0) && HasOrderLimits <= 1;

    /// <summary>What a command sets. What does not concern its scope is left out, so that equal effects are equal bytes.</summary>
    public static RiskLimits Of(in SetLimitsCommand command)
    {
        bool isFirm = command.Scope == RiskScope.Firm;
        bool hasOrderLimits = command.OrderQuantityMaxE8 != 0 || command.OrderNotionalMaxE8 != 0 || command.FatFingerBp != 0;
        return new RiskLimits
        {
            OrderQuantityMaxE8 = command.OrderQuantityMaxE8,
            OrderNotionalMaxE8 = command.OrderNotionalMaxE8,
            PositionMaxE8 = isFirm ? 0 : command.PositionMaxE8,
            GrossPositionMaxE8 = isFirm ? 0 : command.GrossPositionMaxE8,
            CreditMaxE8 = command.CreditMaxE8,
            RepeatedWindowNs = isFirm && command.RepeatedOrdersMax != 0 ? command.RepeatedWindowNs : 0,
            FatFingerBp = command.FatFingerBp,
            OpenOrdersMax = command.OpenOrdersMax,
            OrdersPerSecondMax = isFirm ? command.OrdersPerSecondMax : 0,
            RepeatedOrdersMax = isFirm ? command.RepeatedOrdersMax : 0,
            SelfTradeMode = isFirm ? command.SelfTradeMode : SelfTradeMode.None,
            HasOrderLimits = hasOrderLimits ? (byte)1 : (byte)0,
        };
    }
}
