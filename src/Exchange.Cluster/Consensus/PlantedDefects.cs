namespace Exchange.Cluster.Consensus;

/// <summary>
/// Deliberately wrong behaviours, each one condition at its place: a test of the tests. A simulation that does not find them would not find
/// the same mistakes made by accident either.
/// </summary>
[Flags]
internal enum PlantedDefects
{
    /// <summary>Correct.</summary>
    None = 0,

    /// <summary>The leader commits what it has alone.</summary>
    CommitWithoutMajority = 1 << 0,

    /// <summary>A member votes twice in a term.</summary>
    ForgetVote = 1 << 1,

    /// <summary>A follower keeps its entries where the leader has others.</summary>
    SkipTruncation = 1 << 2,

    /// <summary>The leader commits entries of earlier terms by counting (the thesis' figure 3.7).</summary>
    CommitOldTerm = 1 << 3,

    /// <summary>A member votes for a candidate whose log is behind its own.</summary>
    VoteForShorterLog = 1 << 4,

    /// <summary>A follower acknowledges what is not on its device yet, although its durability demands it.</summary>
    AckBeforeFlush = 1 << 5,

    /// <summary>A recovering member votes and is counted.</summary>
    RecoveringVotes = 1 << 6,

    /// <summary>The leader starts a membership change while another is not committed.</summary>
    TwoChangesAtOnce = 1 << 7,
}
