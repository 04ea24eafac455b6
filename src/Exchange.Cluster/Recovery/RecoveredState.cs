using Exchange.Cluster.Egress;
using Exchange.Cluster.Gateways;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Recovery;

/// <summary>What a member's directory amounts to.</summary>
/// <param name="Machine">The state machine with everything applied.</param>
/// <param name="Egress">The egress agent over the recovered history.</param>
/// <param name="Links">Its gateways; none yet.</param>
/// <param name="Position">Position behind the last entry applied.</param>
/// <param name="LastTerm">Term of the last entry; 0 for an empty log.</param>
/// <param name="LastLogTimeNs">Log time of the last entry; 0 for an empty log.</param>
/// <param name="SnapshotPosition">Position of the snapshot used; the log's start when none was.</param>
/// <param name="IsEmpty">Whether there was neither a snapshot nor an entry.</param>
internal sealed record RecoveredState(
    IStateMachine Machine,
    EgressAgent Egress,
    GatewayLinks Links,
    long Position,
    long LastTerm,
    long LastLogTimeNs,
    long SnapshotPosition,
    bool IsEmpty);
