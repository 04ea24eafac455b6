using Exchange.Host.Load;

namespace Exchange.Host.Demo;

/// <summary>What the demonstration showed.</summary>
/// <param name="Load">What clients sent and received.</param>
/// <param name="Kill">What they saw of the primary's death.</param>
/// <param name="Switchover">What they saw of the planned switchover.</param>
/// <param name="Others">Interruptions that nobody asked for.</param>
/// <param name="HashesEqual">Whether the engines ended in the same state; null when they could not be compared.</param>
internal sealed record DemoResult(LoadSummary Load, Failover? Kill, Failover? Switchover, IReadOnlyList<Failover> Others, bool? HashesEqual)
{
    /// <summary>Orders and cancels that were never answered.</summary>
    public long Lost => Load.LostOrders + Load.LostCancels;

    /// <summary>Answers that came twice or do not add up.</summary>
    public long Doubled => Load.Totals.Duplicates;

    /// <summary>Whether everything held.</summary>
    public bool IsGood =>
        Lost == 0 && Doubled == 0 && HashesEqual == true && Load.Totals.SequenceErrors == 0 && Load.Totals.MessageRejects == 0 && Load.EndedSessions.Count == 0
        && Kill is not null && Switchover is not null;
}
