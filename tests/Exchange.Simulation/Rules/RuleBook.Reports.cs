// What a report may say, and what it makes of the accounts.
using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Simulation.Rules;

internal sealed partial class RuleBook
{
    private void Report(in ExecutionReportEvent report, ReadOnlySpan<byte> record)
    {
        if ((report.Header.Flags & EventFlags.PossResend) != 0 || report.ExecType == ExecType.OrderStatus)
        {
            return;
        }

        if (report.ExecType == ExecType.New)
        {
            Accept(in report, (report.Tail & ReportTail.Extras) != 0 ? MemoryMarshal.Read<OrderExtrasTail>(record[^OrderExtrasTail.SizeBytes..]).SelfTradeId : 0);
            return;
        }

        if (report.ExecType == ExecType.Rejected)
        {
            CheckRefusal(in report);
            return;
        }

        if (!_open.TryGetValue(report.OrderId, out RuleOrder? order))
        {
            throw Failed("open orders", $"{report.ExecType} of order {report.OrderId} is told, which is not open");
        }

        switch (report.ExecType)
        {
            case ExecType.Trade:
                Trade(order, in report);
                break;
            case ExecType.Replaced:
                Replace(order, in report);
                break;
            case ExecType.Restated when report.Text == ReasonCode.SelfTradePrevented:
                Shrink(order, in report);
                break;
            case ExecType.Restated or ExecType.Triggered:
                if (report.LeavesQtyE8 != order.Leaves || report.OrderQtyE8 != order.Quantity)
                {
                    throw Failed("open orders", $"order {order.Id} is told again with {report.LeavesQtyE8} of {report.OrderQtyE8} left, its reports leave {order.Leaves} of {order.Quantity}");
                }

                Price(order, report.PriceE8);
                break;
            default:
                Close(order);
                break;
        }
    }

    private void Accept(in ExecutionReportEvent report, ulong selfTradeId)
    {
        RuleSession session = _sessions[report.Header.SessionId];
        RuleInstrument instrument = _instruments[report.InstrumentId];
        string account = report.Account.ToString();
        if (session.Firm.Listed.Count > 0 && !session.Firm.Listed.Contains(account))
        {
            throw Failed("accounts", $"order {report.OrderId} is accepted for account '{account}', which {session.Firm.Name} has not listed");
        }

        RuleOrder order = new()
        {
            Id = report.OrderId,
            Session = session,
            Firm = session.Firm,
            Account = AccountOf(session.Firm.Name, account),
            Instrument = instrument,
            Holding = HoldingOf(session.Firm.Name, account, instrument.Id),
            IsBuy = report.Side == Side.Buy,
            SelfTradeId = selfTradeId,
            InForce = report.TimeInForce,
            Limit = LimitOf(report.PriceE8),
            Counted = CountedAt(instrument, report.PriceE8),
            Quantity = report.OrderQtyE8,
            Leaves = report.LeavesQtyE8,
        };
        if (!_open.TryAdd(order.Id, order) || order.Leaves != order.Quantity)
        {
            throw Failed("open orders", $"order {order.Id} is accepted with {order.Leaves} of {order.Quantity} left, or twice");
        }

        order.Firm.OpenOrders++;
        order.Account.OpenOrders++;
        order.Holding.OpenOrders++;
        Add(order, order.Leaves, order.Notional);
        Int128 gross = order.Holding.Gross;
        Touch(order);
        Accepted++;
        CheckSwitches(order, "accepted");
        CheckSize(order);
        CheckCount(order);
        CheckExposure(order, order.Leaves, order.Notional, order.Holding.Gross - gross);
    }

    private void Trade(RuleOrder order, in ExecutionReportEvent report)
    {
        long quantity = report.LastQtyE8;
        if (quantity <= 0 || quantity > order.Leaves || report.LeavesQtyE8 != order.Leaves - quantity)
        {
            throw Failed("fills", $"order {order.Id} had {order.Leaves} left, trades {quantity} and has {report.LeavesQtyE8} left");
        }

        Price(order, report.PriceE8);
        if (order.Limit != 0 && (order.IsBuy ? report.LastPxE8 > order.Limit : report.LastPxE8 < order.Limit))
        {
            throw Failed("fills", $"order {order.Id} with limit {order.Limit} trades at {report.LastPxE8}");
        }

        // The whole order counts for its notional, as what is left is rounded once.
        Int128 before = order.Notional;
        order.Leaves -= quantity;
        Add(order, -quantity, order.Notional - before);
        order.Holding.Net += order.IsBuy ? quantity : -quantity;
        Int128 executed = RuleInstrument.Notional(report.LastPxE8, quantity);
        order.Firm.Executed += executed;
        order.Account.Executed += executed;
        Touch(order);
        NoteHalf(order, in report);
        if (order.Leaves == 0)
        {
            Close(order);
        }
    }

    // Whoever trades on arrival is told first.
    private void NoteHalf(RuleOrder order, in ExecutionReportEvent report)
    {
        if (!_halves.Remove(report.MatchId, out (RuleOrder Order, long Quantity, long Price) first))
        {
            _halves.Add(report.MatchId, (order, report.LastQtyE8, report.LastPxE8));
            return;
        }

        RuleOrder aggressor = first.Order;
        if (aggressor.IsBuy == order.IsBuy || aggressor.Instrument != order.Instrument || first.Quantity != report.LastQtyE8 || first.Price != report.LastPxE8)
        {
            throw Failed("matches", $"match {report.MatchId} is {first.Quantity} at {first.Price} of order {aggressor.Id} to one side, and {report.LastQtyE8} at {report.LastPxE8} of order {order.Id} to the other");
        }

        // Rule 7.1. It does not hold in auctions (5.5), of which there are none here.
        bool isSelf = aggressor.SelfTradeId != 0
            ? aggressor.SelfTradeId == order.SelfTradeId
            : aggressor.Firm == order.Firm && aggressor.Firm.Limits.SelfTradeMode != SelfTradeMode.None;
        if (isSelf)
        {
            throw Failed("self trades", $"match {report.MatchId}: order {aggressor.Id} meets itself in order {order.Id}, both of {order.Firm.Name}");
        }

        order.Instrument.LastTrade = report.LastPxE8;
        order.Instrument.HasTradedToday = true;
    }

    private void Replace(RuleOrder order, in ExecutionReportEvent report)
    {
        long leaves = order.Leaves;
        Int128 notional = order.Notional;
        long executed = order.Quantity - order.Leaves;
        order.Quantity = report.OrderQtyE8;
        order.Leaves = order.Quantity - executed;
        order.InForce = report.TimeInForce;
        if (order.Leaves <= 0 || order.Leaves != report.LeavesQtyE8)
        {
            throw Failed("open orders", $"order {order.Id} is replaced and has {report.LeavesQtyE8} left, but {order.Leaves} by its reports");
        }

        if (LimitOf(report.PriceE8) != 0)
        {
            order.Limit = order.Counted = report.PriceE8;
        }

        Add(order, order.Leaves - leaves, order.Notional - notional);
        Int128 gross = order.Holding.Gross;
        Touch(order);
        Accepted++;
        CheckSwitches(order, "replaced");
        CheckSize(order);
        CheckExposure(order, order.Leaves - leaves, order.Notional - notional, order.Holding.Gross - gross);
    }

    // Self-trade prevention by decrement: both orders lose the same.
    private void Shrink(RuleOrder order, in ExecutionReportEvent report)
    {
        long lost = order.Leaves - report.LeavesQtyE8;
        if (lost <= 0 || order.Quantity - lost != report.OrderQtyE8)
        {
            throw Failed("open orders", $"order {order.Id} is reduced from {order.Leaves} of {order.Quantity} to {report.LeavesQtyE8} of {report.OrderQtyE8}");
        }

        Int128 notional = order.Notional;
        order.Quantity = report.OrderQtyE8;
        order.Leaves = report.LeavesQtyE8;
        Add(order, -lost, order.Notional - notional);
        Touch(order);
    }

    // An order that had no price has one from now on, and counts at it.
    private void Price(RuleOrder order, long price)
    {
        if (order.Limit == 0 && LimitOf(price) != 0)
        {
            Int128 notional = order.Notional;
            order.Limit = order.Counted = price;
            Add(order, 0, order.Notional - notional);
        }
    }

    private void Close(RuleOrder order)
    {
        Int128 notional = order.Notional;
        long leaves = order.Leaves;
        order.Leaves = 0;
        Add(order, -leaves, -notional);
        Touch(order);
        _open.Remove(order.Id);
        order.Firm.OpenOrders--;
        order.Account.OpenOrders--;
        order.Holding.OpenOrders--;
        _doomed.ForEach(doomed => doomed.Orders.Remove(order.Id));
    }

    private static void Add(RuleOrder order, long quantity, Int128 notional)
    {
        order.Holding.OpenBuy += order.IsBuy ? quantity : 0;
        order.Holding.OpenSell += order.IsBuy ? 0 : quantity;
        order.Firm.OpenNotional += notional;
        order.Account.OpenNotional += notional;
    }

    // 8.10: weighed at today's definition when something in it happens.
    private static void Touch(RuleOrder order) =>
        order.Holding.Gross = RuleInstrument.Notional(order.Instrument.GrossPrice, Math.Max(order.Holding.WorstLong, order.Holding.WorstShort));

    private static long LimitOf(long price) => FixedPoint.IsNumber(price) && price > 0 ? price : 0;

    private static long CountedAt(RuleInstrument instrument, long price) =>
        LimitOf(price) != 0 ? price : instrument.Reference != 0 ? instrument.Reference : instrument.Definition.PriceMaxE8;
}
