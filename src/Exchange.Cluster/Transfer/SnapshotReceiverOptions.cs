namespace Exchange.Cluster.Transfer;

/// <summary>What a member takes from others, and where it puts it.</summary>
public sealed class SnapshotReceiverOptions
{
    /// <summary>The member's directory; nothing is written outside its <see cref="MemberDirectories.Incoming"/> and, when snapshots are kept for others, its snapshots.</summary>
    public required string MemberDirectory { get; init; }

    /// <summary>The only log whose snapshots are taken.</summary>
    public required Guid LogId { get; init; }

    /// <summary>Whether snapshots are taken that others are to get from here: a witness does so, an engine makes its own.</summary>
    public bool KeepsForOthers { get; init; }

    /// <summary>How many of those are kept.</summary>
    public int SnapshotsKept { get; init; } = 2;

    /// <summary>Messages kept per FIX session, as in the member's own history.</summary>
    public int HistoryMessagesPerSession { get; init; } = 1_000_000;

    /// <summary>Largest snapshot file taken, bytes.</summary>
    public long FileBytesMax { get; init; } = 64L << 30;

    /// <summary>Room that must be left on the device for the log behind a snapshot, bytes.</summary>
    public long RoomLeftBytes { get; init; } = 512L << 20;

    /// <summary>Whether the last step, checking and flushing, is done at once by the caller's thread: for a simulation. Otherwise it is done aside, since it takes long.</summary>
    public bool FinishInline { get; init; }

    /// <summary>Receives one line per thing worth telling an operator.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
