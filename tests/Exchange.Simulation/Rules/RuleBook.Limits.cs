// Rule 8: what an acceptance must not exceed, and which figures a refusal tells.
using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Simulation.Rules;

internal sealed partial class RuleBook
{
    private void CheckSwitches(RuleOrder order, string what)
    {
        if (_isKilled || order.Session.IsKilled || order.Firm.IsKilled || order.Account.IsKilled)
        {
            throw Failed("kill switch", $"order {order.Id} is {what} although a kill switch is pulled: market {_isKilled}, session {order.Session.IsKilled}, firm {order.Firm.IsKilled}, account {order.Account.IsKilled}");
        }

        string symbol = order.Instrument.Symbol;
        if (order.Firm.Restricted.Contains(symbol) || order.Account.Restricted.Contains(symbol))
        {
            throw Failed("restrictions", $"order {order.Id} is {what} in {symbol}, which is forbidden to {order.Firm.Name} or its account '{order.Account.Name}'");
        }
    }

    private void CheckSize(RuleOrder order)
    {
        Int128 notional = RuleInstrument.Notional(order.Counted, order.Quantity);
        foreach (RuleParty party in new[] { order.Firm, order.Account })
        {
            Require(order, order.Quantity, party.Limits.OrderQuantityMaxE8, "its quantity");
            Require(order, notional, party.Limits.OrderNotionalMaxE8, "its notional");
        }

        Require(order, notional, order.Instrument.Definition.NotionalMaxE8, "its notional");
    }

    private void CheckCount(RuleOrder order)
    {
        Require(order, order.Firm.OpenOrders, order.Firm.Limits.OpenOrdersMax, "the firm's open orders");
        Require(order, order.Account.OpenOrders, order.Account.Limits.OpenOrdersMax, "the account's open orders");
        Require(order, order.Holding.OpenOrders, order.Instrument.Definition.AccountOrdersMax, "the account's open orders in the instrument");
    }

    // What does not grow is not refused.
    private void CheckExposure(RuleOrder order, long quantity, Int128 notional, Int128 gross)
    {
        RuleHolding holding = order.Holding;
        if (quantity > 0)
        {
            long worst = order.IsBuy ? holding.WorstLong : holding.WorstShort;
            Require(order, worst, order.Account.Limits.PositionMaxE8, "the account's position");
            Require(order, worst, order.Instrument.Definition.PositionMaxE8, "the instrument's position");
        }

        if (gross > 0)
        {
            Require(order, GrossOf(order), order.Account.Limits.GrossPositionMaxE8, "the account's gross position");
        }

        if (notional > 0)
        {
            Require(order, order.Firm.OpenNotional + order.Firm.Executed, order.Firm.Limits.CreditMaxE8, "the firm's credit");
            Require(order, order.Account.OpenNotional + order.Account.Executed, order.Account.Limits.CreditMaxE8, "the account's credit");
        }
    }

    // Each instrument counts as when it was touched last, the order's at today's definition (8.10).
    private Int128 GrossOf(RuleOrder order)
    {
        Int128 sum = 0;
        foreach (RuleInstrument instrument in _instruments)
        {
            sum += _holdings.TryGetValue((order.Firm.Name, order.Account.Name, instrument.Id), out RuleHolding? holding) ? holding.Gross : 0;
        }

        return sum;
    }

    private void Require(RuleOrder order, Int128 figure, long limit, string what)
    {
        if (limit != 0 && figure > limit)
        {
            throw Failed("limits", $"order {order.Id} of {order.Firm.Name}, account '{order.Account.Name}', in {order.Instrument.Symbol} is accepted: {what} is {figure}, the limit {limit}");
        }
    }

    // A refusal that is repeated for a PossResend tells what was then, so only the first one is looked at.
    private void CheckRefusal(in ExecutionReportEvent report)
    {
        if (!_isChecked || report.ClOrdId != _asked.ClOrdId || report.InstrumentId < 0)
        {
            return;
        }

        RuleSession session = _sessions[report.Header.SessionId];
        RuleParty firm = session.Firm;
        string name = _asked.Account.IsEmpty ? session.DefaultAccount : _asked.Account.ToString();
        RuleParty account = _accounts.GetValueOrDefault((firm.Name, name)) ?? new RuleParty(name);
        RuleInstrument instrument = _instruments[report.InstrumentId];
        RuleHolding holding = _holdings.GetValueOrDefault((firm.Name, name, instrument.Id)) ?? new RuleHolding();
        Int128 notional = RuleInstrument.Notional(CountedAt(instrument, _asked.PriceE8), _asked.QuantityE8);
        bool isSound = report.Text switch
        {
            ReasonCode.EntryBlocked => _isKilled || session.IsKilled || firm.IsKilled || account.IsKilled,
            ReasonCode.InstrumentRestricted => firm.Restricted.Contains(instrument.Symbol) || account.Restricted.Contains(instrument.Symbol),
            ReasonCode.UnknownAccount => firm.Listed.Count > 0 && !firm.Listed.Contains(name),
            ReasonCode.OrderQuantityLimit => Is(in report, _asked.QuantityE8, firm.Limits.OrderQuantityMaxE8) || Is(in report, _asked.QuantityE8, account.Limits.OrderQuantityMaxE8),
            ReasonCode.OrderNotionalLimit => Is(in report, notional, firm.Limits.OrderNotionalMaxE8) || Is(in report, notional, account.Limits.OrderNotionalMaxE8)
                || Is(in report, notional, instrument.Definition.NotionalMaxE8),
            ReasonCode.TooManyOpenOrders => IsFull(in report, firm.OpenOrders, firm.Limits.OpenOrdersMax) || IsFull(in report, account.OpenOrders, account.Limits.OpenOrdersMax)
                || IsFull(in report, holding.OpenOrders, instrument.Definition.AccountOrdersMax),
            ReasonCode.PositionLimit => Is(in report, WorstWith(holding), account.Limits.PositionMaxE8) || Is(in report, WorstWith(holding), instrument.Definition.PositionMaxE8),
            ReasonCode.CreditLimit => Is(in report, firm.OpenNotional + firm.Executed + notional, firm.Limits.CreditMaxE8)
                || Is(in report, account.OpenNotional + account.Executed + notional, account.Limits.CreditMaxE8),
            _ => true,
        };
        if (!isSound)
        {
            throw Failed(
                "refusals",
                $"an order of {firm.Name}, account '{name}', in {instrument.Symbol} is refused with {report.Text}, value {report.Value}, limit {report.Limit}; by the reports it has net {holding.Net}, open {holding.OpenBuy} and {holding.OpenSell} in {holding.OpenOrders} orders, "
                + $"the account {account.OpenOrders} orders and notional {account.OpenNotional} open, {account.Executed} executed, the firm {firm.OpenOrders}, {firm.OpenNotional} and {firm.Executed}; the order asks for {_asked.QuantityE8}, notional {notional}");
        }

        Refused++;
    }

    private long WorstWith(RuleHolding holding) => (_asked.Side == Side.Buy ? holding.WorstLong : holding.WorstShort) + _asked.QuantityE8;

    private static bool Is(in ExecutionReportEvent report, Int128 figure, long limit) => limit != 0 && figure > limit && report.Limit == limit && report.Value == figure;

    private static bool IsFull(in ExecutionReportEvent report, int count, int limit) => limit != 0 && count >= limit && report.Limit == limit && report.Value == count;
}
