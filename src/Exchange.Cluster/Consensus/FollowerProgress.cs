namespace Exchange.Cluster.Consensus;

/// <summary>What a leader knows about another member.</summary>
/// <param name="Match">Up to here its log is known to be equal.</param>
/// <param name="Acked">Up to here it has acknowledged, by the cluster's durability.</param>
/// <param name="Applied">Up to here it has applied, when it last said so.</param>
/// <param name="Next">From here on entries will be sent.</param>
/// <param name="LastHeardNs">When it was last heard, on the clock given to <see cref="RaftNode.DoWork"/>; 0 for never.</param>
/// <param name="RoundTripNs">Latest round trip of a message and its reply.</param>
/// <param name="ClockOffsetNs">Its wall clock minus this member's; 0 when either is unknown.</param>
/// <param name="IsConnected">Whether there is a connection.</param>
/// <param name="IsRecovering">Whether it may have forgotten something, and so neither votes nor counts.</param>
/// <param name="NeedsSnapshot">Whether it needs entries that this leader's log has no more: it must be given a snapshot.</param>
public readonly record struct FollowerProgress(
    long Match,
    long Acked,
    long Applied,
    long Next,
    long LastHeardNs,
    long RoundTripNs,
    long ClockOffsetNs,
    bool IsConnected,
    bool IsRecovering,
    bool NeedsSnapshot);
