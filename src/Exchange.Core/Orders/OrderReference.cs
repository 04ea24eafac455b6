using Exchange.Protocol;

namespace Exchange.Core.Orders;

/// <summary>What a request refers to, as far as it is known.</summary>
/// <param name="OrderId">Order id; 0 when the session has no such order.</param>
/// <param name="Slot">Slot while the order is open; 0 otherwise.</param>
/// <param name="InstrumentId">Instrument; -1 when unknown.</param>
/// <param name="Status">Status of the order; <see cref="OrdStatus.Rejected"/> when it is not known.</param>
internal readonly record struct OrderReference(long OrderId, int Slot, int InstrumentId, OrdStatus Status)
{
    /// <summary>No such order: 37=NONE, 39=8.</summary>
    public static OrderReference Unknown => new(0, 0, -1, OrdStatus.Rejected);

    /// <summary>Whether the order is open.</summary>
    public bool IsOpen => Slot != 0;
}
