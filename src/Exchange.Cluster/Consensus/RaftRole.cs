namespace Exchange.Cluster.Consensus;

/// <summary>What a member is in its term.</summary>
public enum RaftRole
{
    /// <summary>It takes entries from a leader, or waits for one.</summary>
    Follower,

    /// <summary>It asks whether it would be elected, without disturbing anybody (Ongaro's thesis, 9.6).</summary>
    PreCandidate,

    /// <summary>It stands for election in a term of its own.</summary>
    Candidate,

    /// <summary>It was elected: it alone appends new entries in its term.</summary>
    Leader,
}
