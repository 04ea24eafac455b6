namespace Exchange.Core.Matching;

/// <summary>Is told of each trade while the book matches. Implemented by structs, so that the call is direct and can be inlined.</summary>
internal interface ITradeSink
{
    /// <summary>
    /// A resting order traded. Its leaves are already reduced; at zero the book gives the slot back right after this call.
    /// The sink must not touch the book.
    /// </summary>
    /// <param name="makerSlot">Slot of the resting order.</param>
    /// <param name="maker">Node of the resting order.</param>
    /// <param name="takerOrderId">Order id of the aggressor.</param>
    /// <param name="priceTicks">Price of the resting order, at which the trade takes place.</param>
    /// <param name="lots">Quantity traded.</param>
    void OnTrade(int makerSlot, ref readonly OrderNode maker, long takerOrderId, long priceTicks, long lots);
}
