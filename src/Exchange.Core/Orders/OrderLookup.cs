using System.Runtime.CompilerServices;
using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>From the identifiers of a request to its order. The orders of other sessions do not exist here.</summary>
internal sealed class OrderLookup(OpenOrders open)
{
    /// <summary>Whether the session has used a ClOrdID, and what became of the request, see <see cref="ClOrdIdEntry.Outcome"/>.</summary>
    public bool IsUsed(OrderSession session, in Text40 clOrdId, out long outcome)
    {
        if (session.Window.TryFind(in clOrdId, out outcome))
        {
            return true;
        }

        int slot = open.FindPinned(session, in clOrdId);
        outcome = slot == 0 ? 0 : open.OrderIdOf(slot);
        return slot != 0;
    }

    /// <summary>Remembers the outcome of a request; the id it pushes out of the window is pinned if its order is still open.</summary>
    public void Remember(OrderSession session, in Text40 clOrdId, long outcome)
    {
        if (session.Window.Add(in clOrdId, outcome, out ClOrdIdEntry forgotten))
        {
            open.Pin(session, in forgotten.ClOrdId, forgotten.Outcome);
        }
    }

    /// <summary>
    /// The order that a request refers to by any ClOrdID of its chain or by its OrderID (0: not given, -1: not one of ours). Either alone is
    /// enough; when both are given they must name the same order.
    /// </summary>
    public OrderReference Resolve(OrderSession session, in Text40 clOrdId, long orderId)
    {
        long byClOrdId = !clOrdId.IsEmpty && IsUsed(session, in clOrdId, out long outcome) && outcome > 0 ? outcome : 0;
        if (byClOrdId == 0)
        {
            return orderId > 0 ? Look(session, orderId, isKnown: false) : OrderReference.Unknown;
        }

        return orderId == 0 || orderId == byClOrdId ? Look(session, byClOrdId, isKnown: true) : OrderReference.Unknown;
    }

    private OrderReference Look(OrderSession session, long orderId, bool isKnown)
    {
        int slot = open.Pool.Find(orderId);
        if (slot != 0)
        {
            ref OrderDetail order = ref open[slot];
            return order.SessionId == session.Id && !order.IsQuote ? new OrderReference(orderId, slot, order.InstrumentId, order.OpenStatus) : OrderReference.Unknown;
        }

        ref readonly ClosedOrder closed = ref session.Closed.Find(orderId);
        if (!Unsafe.IsNullRef(in closed))
        {
            return new OrderReference(orderId, 0, closed.InstrumentId, closed.Status);
        }

        // Known by its ClOrdID, closed so long ago that its end is no longer kept.
        return isKnown ? new OrderReference(orderId, 0, -1, OrdStatus.Rejected) : OrderReference.Unknown;
    }

    /// <summary>Whether a request may act on what it refers to.</summary>
    public static Refusal Check(OrderReference order)
    {
        if (order.OrderId == 0)
        {
            return new Refusal(ReasonCode.UnknownOrder);
        }

        return order.IsOpen ? Refusal.None : new Refusal(ReasonCode.TooLateToCancel);
    }
}
