namespace Exchange.Cluster.Admin;

/// <summary>One thing that must be so for a host to be swapped.</summary>
/// <param name="Name">Short name.</param>
/// <param name="IsMet">Whether it is so.</param>
/// <param name="IsNeededForSwitchover">Whether a planned switchover is refused without it.</param>
/// <param name="Reason">What was found, and what to do.</param>
internal sealed record PreflightCondition(string Name, bool IsMet, bool IsNeededForSwitchover, string Reason);
