using System.Numerics;
using Exchange.Protocol;

namespace Exchange.Reference;

/// <summary>Rule 8: what is checked before an order is accepted, and positions.</summary>
internal sealed class ReferenceRisk(ReferenceVenue venue)
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>8.1 to 8.11 in their order. <paramref name="replaced"/> is the order that is replaced, whose open part is taken out; null for a new one.</summary>
    public Reason Check(ReferenceSession session, ReferenceAccount account, ReferenceInstrument instrument, in Terms terms, ReferenceOrder? replaced, bool isQuote)
    {
        long price = terms.Price == FixedPoint.Absent && replaced is not null ? replaced.RiskPrice : PriceOf(instrument, in terms);
        long quantity = terms.Quantity - (isQuote ? 0 : replaced?.Executed ?? 0);
        Reason reason = Blocks(session, account, instrument);
        reason = reason.IsNone ? Sizes(account, instrument, in terms, price) : reason;
        reason = reason.IsNone ? FatFinger(account, instrument, in terms) : reason;
        reason = reason.IsNone && replaced is null ? OpenOrders(account, instrument) : reason;
        reason = reason.IsNone && !isQuote ? Rate(account.Firm) : reason;
        reason = reason.IsNone && !isQuote && replaced is null ? Repeats(session, instrument, in terms) : reason;
        reason = reason.IsNone ? Position(account, instrument, terms.Side, quantity, replaced) : reason;
        reason = reason.IsNone ? Gross(account, instrument, terms.Side, quantity, replaced) : reason;
        return reason.IsNone ? Credit(account, instrument, quantity, price, replaced) : reason;
    }

    /// <summary>8: the price at which an order's exposure counts.</summary>
    public static long PriceOf(ReferenceInstrument instrument, in Terms terms) =>
        terms.Price != FixedPoint.Absent ? terms.Price : instrument.ReferencePrice != 0 ? instrument.ReferencePrice : Dearest(instrument);

    /// <summary>8.10: an order, a trade or an end touches the account's position, which is then valued at the definition's reference price.</summary>
    public static void Touch(ReferenceAccount account, ReferenceInstrument instrument) => account.GrossPrices[instrument.Id] = GrossPrice(instrument);

    private static long GrossPrice(ReferenceInstrument instrument) =>
        instrument.Definition.ReferencePriceE8 != 0 ? instrument.Definition.ReferencePriceE8 : Dearest(instrument);

    // 8: the price of the range at which the notional is largest.
    private static long Dearest(ReferenceInstrument instrument) =>
        (instrument.Definition.Flags & InstrumentFlags.Inverse) != 0 ? instrument.Definition.PriceMinE8 : instrument.Definition.PriceMaxE8;

    public static void Traded(ReferenceOrder order, long quantity, long price)
    {
        ReferenceAccount account = order.Account;
        int instrument = order.Instrument.Id;
        account.Positions[instrument] = account.Positions.GetValueOrDefault(instrument) + (order.IsBuy ? quantity : -quantity);
        long notional = order.Instrument.Notional(quantity, price);
        account.ExecutedNotionalToday += notional;
        account.Firm.ExecutedNotionalToday += notional;
        Touch(account, order.Instrument);
    }

    // 8.1, 8.2
    private Reason Blocks(ReferenceSession session, ReferenceAccount account, ReferenceInstrument instrument)
    {
        if (venue.IsKilled || account.Firm.IsKilled || session.IsKilled || account.IsKilled)
        {
            return new Reason(ReasonCode.EntryBlocked);
        }

        return account.Firm.Restricted.Contains(instrument.Id) || account.Restricted.Contains(instrument.Id)
            ? new Reason(ReasonCode.InstrumentRestricted)
            : Reason.None;
    }

    // 8.3, 8.4
    private static Reason Sizes(ReferenceAccount account, ReferenceInstrument instrument, in Terms terms, long price)
    {
        foreach (long limit in (long[])[account.Firm.Limits.OrderQuantityMaxE8, account.Limits.OrderQuantityMaxE8])
        {
            if (limit != 0 && terms.Quantity > limit)
            {
                return new Reason(ReasonCode.OrderQuantityLimit, terms.Quantity, limit);
            }
        }

        long notional = instrument.Notional(terms.Quantity, price);
        foreach (long limit in (long[])[account.Firm.Limits.OrderNotionalMaxE8, account.Limits.OrderNotionalMaxE8, instrument.Definition.NotionalMaxE8])
        {
            if (limit != 0 && notional > limit)
            {
                return new Reason(ReasonCode.OrderNotionalLimit, notional, limit);
            }
        }

        return Reason.None;
    }

    // 8.5
    private static Reason FatFinger(ReferenceAccount account, ReferenceInstrument instrument, in Terms terms)
    {
        long reference = instrument.ReferencePrice;
        if (terms.Price == FixedPoint.Absent || reference == 0)
        {
            return Reason.None;
        }

        foreach (int basisPoints in (int[])[account.Firm.Limits.FatFingerBp, account.Limits.FatFingerBp])
        {
            if (basisPoints == 0)
            {
                continue;
            }

            long tick = instrument.Definition.PriceTickE8;
            BigInteger scaled = (BigInteger)reference * (terms.Side == Side.Buy ? 10_000 + basisPoints : Math.Max(0, 10_000 - basisPoints));
            BigInteger furthest = terms.Side == Side.Buy ? scaled / 10_000 / tick * tick : (scaled + (10_000 * (BigInteger)tick) - 1) / (10_000 * (BigInteger)tick) * tick;
            if (terms.Side == Side.Buy ? terms.Price > furthest : terms.Price < furthest)
            {
                return new Reason(ReasonCode.FatFinger, terms.Price, Capped(furthest));
            }
        }

        return Reason.None;
    }

    // 8.6
    private Reason OpenOrders(ReferenceAccount account, ReferenceInstrument instrument)
    {
        Reason reason = Count(account.Firm.Limits.OpenOrdersMax, order => order.Account.Firm == account.Firm);
        reason = reason.IsNone ? Count(account.Limits.OpenOrdersMax, order => order.Account == account) : reason;
        return reason.IsNone ? Count(instrument.Definition.AccountOrdersMax, order => order.Account == account && order.Instrument == instrument) : reason;
    }

    private Reason Count(int limit, Func<ReferenceOrder, bool> isCounted)
    {
        if (limit == 0)
        {
            return Reason.None;
        }

        int count = Open().Count(isCounted);
        return count >= limit ? new Reason(ReasonCode.TooManyOpenOrders, count, limit) : Reason.None;
    }

    // 8.7: the second begins with its first order.
    private Reason Rate(ReferenceFirm firm)
    {
        if (firm.Limits.OrdersPerSecondMax == 0)
        {
            return Reason.None;
        }

        if (firm.SecondBeganNs == long.MinValue || venue.NowNs - firm.SecondBeganNs >= SecondNs)
        {
            firm.SecondBeganNs = venue.NowNs;
            firm.OrdersInSecond = 0;
        }

        firm.OrdersInSecond++;
        return firm.OrdersInSecond > firm.Limits.OrdersPerSecondMax ? new Reason(ReasonCode.OrderRate, firm.OrdersInSecond, firm.Limits.OrdersPerSecondMax) : Reason.None;
    }

    // 8.8
    private Reason Repeats(ReferenceSession session, ReferenceInstrument instrument, in Terms terms)
    {
        int limit = session.Firm.Limits.RepeatedOrdersMax;
        if (limit == 0)
        {
            return Reason.None;
        }

        RepeatedOrder last = session.Repeated;
        bool isSame = last.Count > 0 && last.Instrument == instrument.Id && last.Side == terms.Side && last.Price == terms.Price && last.Quantity == terms.Quantity
            && venue.NowNs - last.SinceNs < session.Firm.Limits.RepeatedWindowNs;
        session.Repeated = isSame ? last with { Count = last.Count + 1 } : new RepeatedOrder(instrument.Id, terms.Side, terms.Price, terms.Quantity, venue.NowNs, 1);
        return session.Repeated.Count > limit ? new Reason(ReasonCode.RepeatedOrder, session.Repeated.Count, limit) : Reason.None;
    }

    // 8.9
    private Reason Position(ReferenceAccount account, ReferenceInstrument instrument, Side side, long quantity, ReferenceOrder? replaced)
    {
        if (replaced is not null && quantity <= replaced.Leaves)
        {
            return Reason.None;
        }

        long limitOfAccount = account.Limits.PositionMaxE8;
        long limitOfInstrument = instrument.Definition.PositionMaxE8;
        if (limitOfAccount == 0 && limitOfInstrument == 0)
        {
            return Reason.None;
        }

        (BigInteger longWorst, BigInteger shortWorst) = Worst(account, instrument, side, quantity, replaced);
        BigInteger worst = side == Side.Buy ? longWorst : shortWorst;
        foreach (long limit in (long[])[limitOfAccount, limitOfInstrument])
        {
            if (limit != 0 && worst > limit)
            {
                return new Reason(ReasonCode.PositionLimit, Capped(worst), limit);
            }
        }

        return Reason.None;
    }

    // 8.10
    private Reason Gross(ReferenceAccount account, ReferenceInstrument instrument, Side side, long quantity, ReferenceOrder? replaced)
    {
        long limit = account.Limits.GrossPositionMaxE8;
        if (limit == 0)
        {
            return Reason.None;
        }

        BigInteger before = 0;
        BigInteger after = 0;
        foreach (ReferenceInstrument each in venue.Instruments)
        {
            BigInteger asTouched = Valued(each, Worst(account, each, Side.None, 0, null), account.GrossPrices.GetValueOrDefault(each.Id));
            before += asTouched;
            after += each == instrument ? Valued(each, Worst(account, each, side, quantity, replaced), GrossPrice(each)) : asTouched;
        }

        return after > limit && after > before ? new Reason(ReasonCode.GrossPositionLimit, Capped(after), limit) : Reason.None;
    }

    // 8.11
    private Reason Credit(ReferenceAccount account, ReferenceInstrument instrument, long quantity, long price, ReferenceOrder? replaced)
    {
        long firmLimit = account.Firm.Limits.CreditMaxE8;
        long accountLimit = account.Limits.CreditMaxE8;
        if (firmLimit == 0 && accountLimit == 0)
        {
            return Reason.None;
        }

        BigInteger added = instrument.Notional(quantity, price);
        BigInteger taken = replaced is null ? 0 : instrument.Notional(replaced.Leaves, replaced.RiskPrice);
        if (replaced is not null && added <= taken)
        {
            return Reason.None;
        }

        BigInteger ofFirm = account.Firm.ExecutedNotionalToday + added - taken;
        BigInteger ofAccount = account.ExecutedNotionalToday + added - taken;
        foreach (ReferenceOrder order in Open())
        {
            BigInteger notional = order.Instrument.Notional(order.Leaves, order.RiskPrice);
            ofFirm += order.Account.Firm == account.Firm ? notional : 0;
            ofAccount += order.Account == account ? notional : 0;
        }

        if (firmLimit != 0 && ofFirm > firmLimit)
        {
            return new Reason(ReasonCode.CreditLimit, Capped(ofFirm), firmLimit);
        }

        return accountLimit != 0 && ofAccount > accountLimit ? new Reason(ReasonCode.CreditLimit, Capped(ofAccount), accountLimit) : Reason.None;
    }

    // 8.9: how long and how short the account could become.
    private (BigInteger Long, BigInteger Short) Worst(ReferenceAccount account, ReferenceInstrument instrument, Side side, long quantity, ReferenceOrder? replaced)
    {
        BigInteger net = account.Positions.GetValueOrDefault(instrument.Id);
        BigInteger buys = side == Side.Buy ? quantity : 0;
        BigInteger sells = side == Side.Sell ? quantity : 0;
        foreach (ReferenceOrder order in Open())
        {
            if (order.Account == account && order.Instrument == instrument && order != replaced)
            {
                buys += order.IsBuy ? order.Leaves : 0;
                sells += order.IsBuy ? 0 : order.Leaves;
            }
        }

        return (net + buys, sells - net);
    }

    private static BigInteger Valued(ReferenceInstrument instrument, (BigInteger Long, BigInteger Short) worst, long price)
    {
        BigInteger larger = BigInteger.Max(BigInteger.Max(worst.Long, worst.Short), 0);
        return instrument.Notional(Capped(larger), price);
    }

    private static long Capped(BigInteger value) => value > long.MaxValue ? long.MaxValue : (long)value;

    private IEnumerable<ReferenceOrder> Open() => venue.Sessions.SelectMany(session => session.Open);
}
