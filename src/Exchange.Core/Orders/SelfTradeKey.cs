using Exchange.Core.Risk;
using Exchange.Protocol;

namespace Exchange.Core.Orders;

/// <summary>By what an aggressor knows itself in a resting order, and what happens then (trading rules 7.1 and 7.2).</summary>
/// <param name="Mode">What happens; None when it never meets itself.</param>
/// <param name="Id">Its SelfMatchPreventionID; 0 when it goes by its firm.</param>
/// <param name="FirmId">Its firm.</param>
internal readonly record struct SelfTradeKey(SelfTradeMode Mode, ulong Id, int FirmId)
{
    /// <summary>Whether the aggressor never meets itself.</summary>
    public bool IsNone => Mode == SelfTradeMode.None;

    /// <summary>The key of an order.</summary>
    public static SelfTradeKey Of(RiskFirm firm, in OrderDetail order, in OrderExtras extras)
    {
        ulong id = order.HasExtras ? extras.SelfTradeId : 0;
        if (id == 0 && firm.Limits.SelfTradeMode == SelfTradeMode.None)
        {
            return default;
        }

        SelfTradeMode mode = order.HasExtras && extras.SelfTradeMode != SelfTradeMode.None ? extras.SelfTradeMode : firm.Limits.SelfTradeMode;
        return new SelfTradeKey(mode == SelfTradeMode.None ? SelfTradeMode.CancelNewest : mode, id, firm.Id);
    }

    /// <summary>Whether a resting order is the aggressor's own.</summary>
    public bool Meets(RiskRegister register, in OrderDetail resting, in OrderExtras extras) =>
        Id != 0 ? resting.HasExtras && extras.SelfTradeId == Id : register.SessionOf(resting.SessionId).Firm.Id == FirmId;
}
