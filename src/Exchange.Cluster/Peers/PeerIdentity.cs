using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <summary>What a member says of itself when it connects.</summary>
/// <param name="MemberId">Id within the cluster.</param>
/// <param name="Kind">Engine or witness.</param>
/// <param name="ClusterId">Which cluster.</param>
/// <param name="HistoryId">Identity of its log.</param>
/// <param name="ProtocolVersion">Version of the messages between members.</param>
/// <param name="SegmentBytes">Size of its log segments; positions are only comparable when it is the same.</param>
/// <param name="Release">The build, for people.</param>
public readonly record struct PeerIdentity(
    int MemberId,
    MemberKind Kind,
    Guid ClusterId,
    Guid HistoryId,
    int ProtocolVersion,
    long SegmentBytes,
    string Release);
