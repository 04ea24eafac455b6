using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Core;
using Exchange.Log;

namespace Exchange.Simulation.Members;

/// <summary>What the auditor may see of a running member.</summary>
internal interface IMemberUnderTest
{
    int Id { get; }

    SegmentedLog Log { get; }

    RaftNode Raft { get; }

    Durability Durability { get; }

    long Term { get; }

    bool IsLeader { get; }

    long CommitPosition { get; }

    long AppliedPosition { get; }

    /// <summary>The state machine; null for a witness.</summary>
    ExchangeCore? Core { get; }
}
