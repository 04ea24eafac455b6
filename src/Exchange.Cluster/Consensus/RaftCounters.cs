namespace Exchange.Cluster.Consensus;

/// <summary>What consensus did since the start of the process; written by the member's thread.</summary>
public sealed class RaftCounters
{
    /// <summary>Elections this member stood in, pre-votes not counted.</summary>
    public long ElectionsStarted { get; internal set; }

    /// <summary>Pre-votes it asked for.</summary>
    public long PreVotesStarted { get; internal set; }

    /// <summary>Votes given to others.</summary>
    public long VotesGranted { get; internal set; }

    /// <summary>Times its log was cut back because a leader had other entries.</summary>
    public long Truncations { get; internal set; }

    /// <summary>Entries taken from leaders.</summary>
    public long EntriesReceived { get; internal set; }

    /// <summary>Leaderships given up because no majority answered.</summary>
    public long QuorumsLost { get; internal set; }

    /// <summary>Leaderships handed over to a chosen member.</summary>
    public long Transfers { get; internal set; }

    /// <summary>Messages dropped because they break the protocol.</summary>
    public long MalformedMessages { get; internal set; }
}
