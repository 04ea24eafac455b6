namespace Exchange.Cluster.Recovery;

/// <summary>What is left of a member that may have forgotten something, as its directory shows it.</summary>
/// <param name="Id">Member id.</param>
/// <param name="Directory">Its directory.</param>
/// <param name="IsWhole">Whether it remembers everything that it ever promised: it votes at its next start.</param>
/// <param name="LastTerm">Term of its log's last entry; 0 when it has none that can be read.</param>
/// <param name="EndPosition">Position behind that entry; -1 when its log is gone or damaged.</param>
public sealed record LostMember(int Id, string Directory, bool IsWhole, long LastTerm, long EndPosition);
