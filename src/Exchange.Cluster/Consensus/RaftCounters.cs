namespace Exchange.Cluster.Consensus;

/// <summary>What consensus did since the start of the process; written by the member's thread.</summary>
public sealed class RaftCounters
{
    /// <summary>Elections this member stood in, pre-votes not counted.</summary>
    public long ElectionsStarted { get; internal set; }

    /// <summary>Pre-votes it asked for.</summary>
    public long PreVotesStarted { get; internal set; }

    /// <summary>Elections won.</summary>
    public long ElectionsWon { get; internal set; }

    /// <summary>Votes given to others.</summary>
    public long VotesGranted { get; internal set; }

    /// <summary>Times its log was cut back because a leader had other entries.</summary>
    public long Truncations { get; internal set; }

    /// <summary>Bytes of log removed by that.</summary>
    public long TruncatedBytes { get; internal set; }

    /// <summary>Entries sent to followers.</summary>
    public long EntriesSent { get; internal set; }

    /// <summary>Bytes of append messages sent.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Append messages sent.</summary>
    public long AppendsSent { get; internal set; }

    /// <summary>Entries taken from leaders.</summary>
    public long EntriesReceived { get; internal set; }

    /// <summary>Append messages of ours that did not fit a follower's log.</summary>
    public long Rejections { get; internal set; }

    /// <summary>Leaderships given up because no majority answered.</summary>
    public long QuorumsLost { get; internal set; }

    /// <summary>Leaderships handed over to a chosen member.</summary>
    public long Transfers { get; internal set; }

    /// <summary>Configurations that came into force.</summary>
    public long ConfigurationChanges { get; internal set; }

    /// <summary>Messages dropped because they break the protocol.</summary>
    public long MalformedMessages { get; internal set; }
}
