using Exchange.Protocol;

namespace Exchange.Reference;

/// <summary>What became of a request that used up a ClOrdID.</summary>
/// <param name="Order">The order that it entered, replaced or cancelled; null when it was refused.</param>
/// <param name="BoreOrder">Whether the order bore the id.</param>
/// <param name="Refused">Why it was refused; what a repetition of anything else is told.</param>
internal sealed record IdUse(ReferenceOrder? Order, bool BoreOrder, ReasonCode Refused)
{
    /// <summary>Whether the id is still among the session's last.</summary>
    public bool IsInWindow { get; set; } = true;
}
