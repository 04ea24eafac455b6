using Exchange.Core.Quotes;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

// Quotes among the orders, and what is kept of those that end.
internal sealed partial class OrderExecution
{
    /// <summary>Quotes; told of their fills and ends, and asked which of them may trade. Without it there are none.</summary>
    public QuoteDesk? Quotes
    {
        get => _forecast.Quotes;
        set => _forecast.Quotes = value;
    }

    /// <summary>Ends a side of a quote that is nowhere, of which its session has been told otherwise.</summary>
    public void EndSilently(int slot, in CommandContext context)
    {
        Invariant.Require(_open[slot].IsQuote);
        Close(slot, OrdStatus.Canceled, in context);
        _open.Pool.Return(slot);
    }

    /// <summary>Takes a resting side of a quote out that has been withdrawn with others and would trade now; false when there is no such reason.</summary>
    public bool TryTakeOutQuote(int slot, in CommandContext context)
    {
        if (!_open[slot].IsQuote || Quotes!.DoomOf(slot) is var reason && reason == ReasonCode.None)
        {
            return false;
        }

        Quotes.TakeOut(slot, reason, in context);
        return true;
    }

    // Keeps the end of an order, so that its status can still be told.
    private void Keep(OrderSession session, int slot, OrdStatus status, in CommandContext context)
    {
        ref OrderDetail order = ref _open[slot];
        ref ClosedOrder closed = ref session.Closed.Add(_open.OrderIdOf(slot));
        closed.ClOrdId = order.ClOrdId;
        closed.Account = order.Account;
        closed.QuantityLots = order.QuantityLots;
        closed.CumLots = order.CumLots;
        closed.PriceTicks = order.PriceTicks;
        closed.AvgPxE8 = AveragePrice.ToE8(order.TicksLots, order.CumLots, _markets.Instruments[order.InstrumentId].PriceTickE8);
        closed.InstrumentId = order.InstrumentId;
        closed.Status = status;
        closed.Side = order.Side;
        closed.OrdType = order.OrdType;
        closed.TimeInForce = order.TimeInForce;
        if (session.RequestCursor != OrderSession.NoRequest)
        {
            Requests!.OnClosing(session, slot, in closed, in context);
        }
    }
}
