namespace Exchange.Cluster.Consensus;

/// <summary>One member as the configuration of the cluster knows it.</summary>
/// <param name="Id">From 1, never used again for another box.</param>
/// <param name="Kind">Engine or witness.</param>
/// <param name="IsVoter">Whether it counts in majorities; a learner only receives.</param>
/// <param name="Priority">0 is preferred as leader; each step more waits longer before it stands for election.</param>
/// <param name="PeerAddress">HOST:PORT where it listens for members and operators.</param>
/// <param name="FixAddress">HOST:PORT where its gateway listens for clients; empty for a witness.</param>
public sealed record ClusterMember(int Id, MemberKind Kind, bool IsVoter, int Priority, string PeerAddress, string FixAddress);
