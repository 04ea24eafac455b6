namespace Exchange.Cluster.Consensus;

/// <summary>What a member is for. The numbers are part of the log and of messages: never renumber, only append.</summary>
public enum MemberKind : byte
{
    /// <summary>A member with a state machine: it can serve clients.</summary>
    Engine = 1,

    /// <summary>A member with a log and a vote but no state machine: it breaks ties.</summary>
    Witness = 2,
}
