using Exchange.Cluster.Egress;
using Exchange.Cluster.Gateways;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Recovery;

/// <summary>What a member's directory amounts to, up to a position.</summary>
/// <param name="Machine">The state machine with everything applied up to there.</param>
/// <param name="Egress">The egress agent over the recovered history.</param>
/// <param name="Links">Its gateways; none yet.</param>
/// <param name="Marks">How far its messages went; the egress agent keeps them.</param>
/// <param name="Position">Position behind the last entry applied.</param>
/// <param name="LastTerm">Term of that entry; 0 when there is none.</param>
/// <param name="LastLogTimeNs">Log time of that entry; 0 when there is none.</param>
/// <param name="IsEmpty">Whether there is neither a snapshot nor an entry in the log, applied or not.</param>
internal sealed record RecoveredState(
    IStateMachine Machine,
    EgressAgent Egress,
    GatewayLinks Links,
    HistoryMarks Marks,
    long Position,
    long LastTerm,
    long LastLogTimeNs,
    bool IsEmpty);
