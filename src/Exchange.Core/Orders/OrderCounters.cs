namespace Exchange.Core.Orders;

/// <summary>The numbers given out last. They only rise, over the life of the venue, so nothing they name is ever named twice.</summary>
internal sealed class OrderCounters
{
    /// <summary>OrderID (37).</summary>
    public long OrderId;

    /// <summary>ExecID (17).</summary>
    public long ExecId;

    /// <summary>TrdMatchID (880).</summary>
    public long MatchId;
}
