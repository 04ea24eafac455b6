namespace Exchange.Core.Matching;

/// <summary>Is told of each trade while the book matches. Implemented by structs, so that the call is direct and can be inlined.</summary>
internal interface ITradeSink
{
    /// <summary>
    /// A resting order traded. What it shows is already reduced. When nothing is shown any more and the sink names no further part, the book
    /// gives the slot back right after this call. The sink must not touch the book.
    /// </summary>
    /// <param name="makerSlot">Slot of the resting order.</param>
    /// <param name="maker">Node of the resting order.</param>
    /// <param name="takerOrderId">Order id of the aggressor.</param>
    /// <param name="priceTicks">Price of the resting order, at which the trade takes place.</param>
    /// <param name="lots">Quantity traded.</param>
    /// <returns>When nothing is shown any more: what the order shows next, at the end of its level; 0 when it is done.</returns>
    long OnTrade(int makerSlot, ref readonly OrderNode maker, long takerOrderId, long priceTicks, long lots);
}
