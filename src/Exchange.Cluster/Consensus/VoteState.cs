namespace Exchange.Cluster.Consensus;

/// <summary>What a member must never forget.</summary>
/// <param name="Term">The newest term it has seen.</param>
/// <param name="VotedFor">For whom it voted in that term; 0 for nobody.</param>
/// <param name="IsRecovering">
/// It may have forgotten entries it had acknowledged, or a vote: it counts in the size of majorities but neither votes nor acknowledges until a
/// leader has confirmed, without it, that it has everything.
/// </param>
public readonly record struct VoteState(long Term, int VotedFor, bool IsRecovering);
