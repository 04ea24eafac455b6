using System.Runtime.CompilerServices;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Risk;

// The checks of trading rule 8, in its order. They look and do not touch, but for the counters of pace.

/// <content>What each rule says.</content>
internal sealed partial class RiskDesk
{
    private static void SetExposure(ref RiskOrder order, RiskInstrument instrument)
    {
        order.ExposureTicks = order.LimitTicks != 0 ? order.LimitTicks : order.ReferenceTicks != 0 ? order.ReferenceTicks : instrument.DearestTicks;
        order.NotionalE8 = instrument.Formula.Of(order.ExposureTicks, order.Lots);
    }

    // 8.1 to 8.5: the order by itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Refusal CheckSingle(in RiskOrder order, RiskFirm firm, RiskAccount account, RiskInstrument instrument)
    {
        if (IsMarketKilled | firm.IsKilled | order.Session.IsKilled | account.IsKilled)
        {
            return new Refusal(ReasonCode.EntryBlocked);
        }

        if (firm.Restricted.Contains(instrument.Id) || account.Restricted.Contains(instrument.Id))
        {
            return new Refusal(ReasonCode.InstrumentRestricted);
        }

        bool isLimited = (firm.Limits.HasOrderLimits | account.Limits.HasOrderLimits) != 0 || instrument.NotionalMaxE8 != 0;
        return isLimited ? CheckSize(in order, in firm.Limits, in account.Limits, instrument) : Refusal.None;
    }

    private static Refusal CheckSize(in RiskOrder order, in RiskLimits firm, in RiskLimits account, RiskInstrument instrument)
    {
        long quantityE8 = order.Lots * instrument.StepE8;
        if (IsAbove(quantityE8, firm.OrderQuantityMaxE8, out long limit) || IsAbove(quantityE8, account.OrderQuantityMaxE8, out limit))
        {
            return new Refusal(ReasonCode.OrderQuantityLimit, quantityE8, limit);
        }

        if (IsAbove(order.NotionalE8, firm.OrderNotionalMaxE8, out limit)
            || IsAbove(order.NotionalE8, account.OrderNotionalMaxE8, out limit)
            || IsAbove(order.NotionalE8, instrument.NotionalMaxE8, out limit))
        {
            return new Refusal(ReasonCode.OrderNotionalLimit, order.NotionalE8, limit);
        }

        if (order.LimitTicks == 0 || order.ReferenceTicks == 0)
        {
            return Refusal.None;
        }

        return IsBeyond(in order, firm.FatFingerBp, out long bound) || IsBeyond(in order, account.FatFingerBp, out bound)
            ? new Refusal(ReasonCode.FatFinger, order.LimitTicks * instrument.TickE8, ToE8(bound, instrument.TickE8))
            : Refusal.None;
    }

    private static bool IsAbove(long value, long max, out long limit)
    {
        limit = max;
        return max != 0 && value > max;
    }

    // The bound is the last base tick that is still allowed.
    private static bool IsBeyond(in RiskOrder order, int basisPoints, out long bound)
    {
        const long Whole = 10_000;
        bound = 0;
        if (basisPoints == 0)
        {
            return false;
        }

        Int128 reference = order.ReferenceTicks;
        if (order.Side == Side.Buy)
        {
            Int128 highest = reference * (Whole + basisPoints) / Whole;
            bound = highest > long.MaxValue ? long.MaxValue : (long)highest;
            return order.LimitTicks > bound;
        }

        Int128 lowest = basisPoints >= Whole ? 0 : ((reference * (Whole - basisPoints)) + Whole - 1) / Whole;
        bound = (long)lowest;
        return order.LimitTicks < bound;
    }

    // 8.6: how many there are already.
    private static Refusal CheckOpenOrders(RiskFirm firm, RiskAccount account, RiskInstrument instrument, in Position position)
    {
        if (IsFull(firm.OpenOrders, firm.Limits.OpenOrdersMax))
        {
            return new Refusal(ReasonCode.TooManyOpenOrders, firm.OpenOrders, firm.Limits.OpenOrdersMax);
        }

        if (IsFull(account.OpenOrders, account.Limits.OpenOrdersMax))
        {
            return new Refusal(ReasonCode.TooManyOpenOrders, account.OpenOrders, account.Limits.OpenOrdersMax);
        }

        return IsFull(position.OpenOrders, instrument.AccountOrdersMax)
            ? new Refusal(ReasonCode.TooManyOpenOrders, position.OpenOrders, instrument.AccountOrdersMax)
            : Refusal.None;
    }

    private static bool IsFull(int count, int max) => max != 0 && count >= max;

    // 8.7 and 8.8: how many came before it, and whether they were all the same. Counted only while there is a limit.
    private static Refusal CheckPace(in RiskOrder order, RiskFirm firm, bool isNew, in CommandContext context)
    {
        int rateMax = firm.Limits.OrdersPerSecondMax;
        if (rateMax != 0)
        {
            if (firm.RateCount == 0 || context.LogTimeNs - firm.RateSinceNs >= RateWindowNs)
            {
                firm.RateSinceNs = context.LogTimeNs;
                firm.RateCount = 0;
            }

            firm.RateCount += firm.RateCount < int.MaxValue ? 1 : 0;
            if (firm.RateCount > rateMax)
            {
                return new Refusal(ReasonCode.OrderRate, firm.RateCount, rateMax);
            }
        }

        return isNew && firm.Limits.RepeatedOrdersMax != 0 ? CheckRepeated(in order, in firm.Limits, in context) : Refusal.None;
    }

    private static Refusal CheckRepeated(in RiskOrder order, in RiskLimits limits, in CommandContext context)
    {
        RiskSession session = order.Session;
        bool isSame = session.RepeatedInstrumentId == order.InstrumentId && session.RepeatedSide == order.Side
            && session.RepeatedTicks == order.LimitTicks && session.RepeatedLots == order.Lots
            && context.LogTimeNs - session.RepeatedSinceNs < limits.RepeatedWindowNs;
        if (!isSame)
        {
            session.RepeatedInstrumentId = order.InstrumentId;
            session.RepeatedSide = order.Side;
            session.RepeatedTicks = order.LimitTicks;
            session.RepeatedLots = order.Lots;
            session.RepeatedSinceNs = context.LogTimeNs;
            session.RepeatedCount = 0;
        }

        session.RepeatedCount += session.RepeatedCount < int.MaxValue ? 1 : 0;
        return session.RepeatedCount > limits.RepeatedOrdersMax
            ? new Refusal(ReasonCode.RepeatedOrder, session.RepeatedCount, limits.RepeatedOrdersMax)
            : Refusal.None;
    }

    // 8.9 to 8.11: what it could come to. What does not grow is not refused.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Refusal CheckExposure(
        in RiskOrder order, RiskFirm firm, RiskAccount account, RiskInstrument instrument, in Position position, long oldLots, long oldNotionalE8)
    {
        long more = order.Lots - oldLots;
        long buys = position.NetLots + position.OpenBuyLots;
        long sells = position.OpenSellLots - position.NetLots;
        if (more > 0)
        {
            long worst = more + (order.Side == Side.Buy ? buys : sells);
            if (worst > PositionMaxLots || account.Limits.PositionMaxE8 != 0 || instrument.PositionMaxE8 != 0)
            {
                Refusal refusal = CheckPosition(worst, account, instrument);
                if (refusal.IsRefused)
                {
                    return refusal;
                }
            }
        }

        if (account.Limits.GrossPositionMaxE8 != 0)
        {
            long worst = order.Side == Side.Buy ? Math.Max(buys + more, sells) : Math.Max(buys, sells + more);
            Int128 growth = (Int128)instrument.Formula.Of(instrument.GrossTicks, worst) - position.GrossE8;
            if (growth > 0 && account.GrossE8 + growth > account.Limits.GrossPositionMaxE8)
            {
                return new Refusal(ReasonCode.GrossPositionLimit, Saturate(account.GrossE8 + growth), account.Limits.GrossPositionMaxE8);
            }
        }

        if ((firm.Limits.CreditMaxE8 | account.Limits.CreditMaxE8) != 0 && order.NotionalE8 > oldNotionalE8)
        {
            Refusal refusal = CheckCredit(firm, account, order.NotionalE8 - oldNotionalE8);
            if (refusal.IsRefused)
            {
                return refusal;
            }
        }

        return order.PositionSlot == 0 && _positions.Count == _positions.CountMax
            ? new Refusal(ReasonCode.TooManyOpenOrders, _positions.Count, _positions.CountMax)
            : Refusal.None;
    }

    private static Refusal CheckPosition(long worstLots, RiskAccount account, RiskInstrument instrument)
    {
        Int128 worstE8 = (Int128)worstLots * instrument.StepE8;
        if (account.Limits.PositionMaxE8 != 0 && worstE8 > account.Limits.PositionMaxE8)
        {
            return new Refusal(ReasonCode.PositionLimit, Saturate(worstE8), account.Limits.PositionMaxE8);
        }

        if (instrument.PositionMaxE8 != 0 && worstE8 > instrument.PositionMaxE8)
        {
            return new Refusal(ReasonCode.PositionLimit, Saturate(worstE8), instrument.PositionMaxE8);
        }

        return worstLots > PositionMaxLots
            ? new Refusal(ReasonCode.PositionLimit, Saturate(worstE8), ToE8(PositionMaxLots, instrument.StepE8))
            : Refusal.None;
    }

    private Refusal CheckCredit(RiskFirm firm, RiskAccount account, long moreE8)
    {
        Int128 used = firm.OpenNotionalE8 + (firm.Day == Day ? firm.ExecutedE8 : 0) + moreE8;
        if (firm.Limits.CreditMaxE8 != 0 && used > firm.Limits.CreditMaxE8)
        {
            return new Refusal(ReasonCode.CreditLimit, Saturate(used), firm.Limits.CreditMaxE8);
        }

        used = account.OpenNotionalE8 + (account.Day == Day ? account.ExecutedE8 : 0) + moreE8;
        return account.Limits.CreditMaxE8 != 0 && used > account.Limits.CreditMaxE8
            ? new Refusal(ReasonCode.CreditLimit, Saturate(used), account.Limits.CreditMaxE8)
            : Refusal.None;
    }

    private static long Saturate(Int128 value) => value > long.MaxValue ? long.MaxValue : (long)value;

    private static long ToE8(long units, long unitE8) => Saturate((Int128)units * unitE8);
}
