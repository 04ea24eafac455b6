using Exchange.Cluster.Egress;
using Exchange.Cluster.Snapshots;
using Exchange.Log.Snapshots;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Recovery;

/// <summary>A state machine brought to the newest usable snapshot, or empty at the start of the log.</summary>
internal sealed class SnapshotLoad
{
    private SnapshotLoad(IStateMachine machine, long position)
    {
        Machine = machine;
        Position = position;
    }

    /// <summary>The state machine.</summary>
    public IStateMachine Machine { get; }

    /// <summary>How far the outbound history must reach.</summary>
    public HistoryMarks Marks { get; } = new();

    /// <summary>Where replay goes on.</summary>
    public long Position { get; }

    /// <summary>Term of the last entry in the snapshot; 0 without one.</summary>
    public long Term { get; private set; }

    /// <summary>Log time of the last entry in the snapshot; 0 without one.</summary>
    public long LogTimeNs { get; private set; }

    /// <summary>Whether a snapshot was used.</summary>
    public bool HasSnapshot { get; private set; }

    /// <summary>Loads the newest snapshot at or below a position.</summary>
    /// <param name="store">Snapshots of the log.</param>
    /// <param name="factory">Makes an empty state machine.</param>
    /// <param name="logStart">Where the log begins; without a snapshot at or behind it the state cannot be rebuilt.</param>
    /// <param name="positionMax">Newest position wanted.</param>
    public static SnapshotLoad Newest(SnapshotStore store, Func<IStateMachine> factory, long logStart, long positionMax)
    {
        if (!store.TryOpenNewest(positionMax, out SnapshotFileReader? snapshot))
        {
            return Empty(factory, logStart);
        }

        using (snapshot)
        {
            if (snapshot.Info.Position < logStart)
            {
                throw new MemberFailedException(
                    $"the newest snapshot {snapshot.Info.Path} ends at {snapshot.Info.Position}, but the log begins at {logStart}; restore the missing segments or a newer snapshot from a copy");
            }

            SnapshotLoad load = new(factory(), snapshot.Info.Position) { HasSnapshot = true, Term = snapshot.Info.Term, LogTimeNs = snapshot.Info.TimestampNs };
            try
            {
                MemberSnapshot.Read(new SnapshotReader(snapshot), load.Marks, load.Machine);
                return load;
            }
            catch (InvalidDataException e)
            {
                throw new MemberFailedException($"{snapshot.Info.Path}: {e.Message}; delete the file to start from an older snapshot or from the first entry", e);
            }
        }
    }

    /// <summary>An empty state machine at the start of the log.</summary>
    public static SnapshotLoad Empty(Func<IStateMachine> factory, long logStart) => logStart == 0
        ? new SnapshotLoad(factory(), logStart)
        : throw new MemberFailedException($"the log begins at {logStart} and there is no snapshot to start from; restore one from a copy");
}
