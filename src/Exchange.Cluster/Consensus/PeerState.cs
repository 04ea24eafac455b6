using Exchange.Log;

namespace Exchange.Cluster.Consensus;

// What this member keeps about each other member: for the leader where its log stands and what is under way to it, for a candidate its vote.
internal sealed class PeerState
{
    public PeerState(int id) => Id = id;

    public int Id { get; }

    public MemberKind Kind { get; set; }

    public bool IsVoter { get; set; }

    public int Priority { get; set; }

    public bool IsConnected { get; set; }

    /// <summary>Whether it has answered this leader since it connected last: only then is known what it is now.</summary>
    public bool HasAnswered { get; set; }

    /// <summary>Whether it granted the vote or pre-vote of the candidacy under way.</summary>
    public bool HasGranted { get; set; }

    public ReplicationPhase Phase { get; set; }

    /// <summary>Its log is equal to the leader's up to here.</summary>
    public long Match { get; set; }

    /// <summary>What it has acknowledged up to; at most <see cref="Match"/>.</summary>
    public long Acked { get; set; }

    public long Applied { get; set; }

    /// <summary>End of the last entry sent, or where the next probe looks.</summary>
    public long Next { get; set; }

    /// <summary>Number of the last append message.</summary>
    public long Sequence { get; set; }

    /// <summary>Rejections of messages before this one are old news.</summary>
    public long ResetSequence { get; set; }

    public bool IsProbeUnderWay { get; set; }

    public long LastSentNs { get; set; }

    public long SentCommit { get; set; }

    public long LastHeardNs { get; set; }

    /// <summary>When the newest message was sent to which an answer came: until then it certainly followed.</summary>
    public long ContactNs { get; set; }

    public long RoundTripNs { get; set; }

    public long ClockOffsetNs { get; set; }

    public long Nonce { get; set; }

    public bool IsRecovering { get; set; }

    /// <summary>End of the log when it was first heard to be recovering.</summary>
    public long RecoveryNotedAt { get; set; }

    public long RecoveryNotedNs { get; set; }

    /// <summary>A position beyond that, committed without it; 0 until there is one.</summary>
    public long RecoveryTarget { get; set; }

    public long RecoverySentNs { get; set; }

    /// <summary>Reads the log for this member; opened when first needed.</summary>
    public LogReader? Reader { get; set; }

    /// <summary>Nothing will be read for it for now; a reader left open would keep the blocks of a deleted segment.</summary>
    public void CloseReader()
    {
        Reader?.Dispose();
        Reader = null;
    }

    /// <summary>Begins anew as a leader that knows nothing yet about the other's log.</summary>
    public void StartReplication(long end)
    {
        Restart(end);
        Applied = 0;
        ContactNs = 0;
        LastHeardNs = 0;
        HasAnswered = false;
        Nonce = 0;
        IsRecovering = false;
        RecoveryTarget = 0;
    }

    /// <summary>Looks again where the logs are equal, beginning at a position; the promises of this leadership stay.</summary>
    public void Probe(long position)
    {
        Phase = ReplicationPhase.Probe;
        Next = position;
        Match = Math.Min(Match, position);
        ResetSequence = Sequence + 1;
        IsProbeUnderWay = false;
    }

    /// <summary>The other lost what it had, or is a new life: nothing it said before counts.</summary>
    public void Restart(long end)
    {
        Match = 0;
        Acked = 0;
        SentCommit = 0;
        LastSentNs = 0;
        Probe(end);
    }
}
