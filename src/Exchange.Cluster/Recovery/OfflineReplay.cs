using Exchange.Cluster.Snapshots;
using Exchange.Log;
using Exchange.Log.Snapshots;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Recovery;

/// <summary>Computes the state that a member's log amounts to, without starting the member: for the tools that verify and replay.</summary>
public static class OfflineReplay
{
    private const int ProgressEntries = 200_000;

    /// <summary>Replays the log of a member and hashes the state at its end.</summary>
    /// <param name="memberDirectory">The member's directory.</param>
    /// <param name="factory">Makes an empty state machine.</param>
    /// <param name="useSnapshot">Start from the newest snapshot; otherwise from the first entry, and check each snapshot's hash on the way.</param>
    /// <param name="warn">Told of snapshots passed over.</param>
    /// <param name="progress">Told the position now and then.</param>
    /// <param name="stop">Ends the replay early with an <see cref="OperationCanceledException"/>.</param>
    public static OfflineReplayResult Run(
        string memberDirectory,
        Func<IStateMachine> factory,
        bool useSnapshot,
        Action<string> warn,
        Action<long> progress,
        CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(progress);
        using ReadOnlyLog log = SegmentedLog.OpenReadOnly(MemberDirectories.Log(memberDirectory));
        SnapshotStore store = new(MemberDirectories.Snapshots(memberDirectory), log.LogId, warn);
        Dictionary<long, ulong> expected = useSnapshot ? [] : SnapshotHashes(store);
        SnapshotLoad load = useSnapshot
            ? SnapshotLoad.Newest(store, factory, log.StartPosition, log.EndPosition)
            : SnapshotLoad.Empty(factory, log.StartPosition);
        using LogReplayer replayer = new(load.Machine, load.Marks, load.Position);
        using LogReader reader = log.OpenReader(load.Position);
        int checkedSnapshots = 0;
        while (replayer.Position < log.EndPosition && reader.TryRead(out LogEntry entry))
        {
            replayer.Apply(entry, replayer.NoteOnly);
            if (expected.TryGetValue(replayer.Position, out ulong hash))
            {
                ulong here = MemberSnapshot.Hash(load.Marks, load.Machine);
                if (here != hash)
                {
                    throw new MemberFailedException(
                        $"at position {replayer.Position} the replayed state hashes to {here:x16}, but the snapshot taken there to {hash:x16}: the snapshot or this build does not belong to this log");
                }

                checkedSnapshots++;
            }

            if (replayer.Entries % ProgressEntries == 0)
            {
                progress(replayer.Position);
                stop.ThrowIfCancellationRequested();
            }
        }

        return new OfflineReplayResult(replayer.Position, replayer.Entries, load.HasSnapshot ? load.Position : -1, checkedSnapshots, MemberSnapshot.Hash(load.Marks, load.Machine));
    }

    private static Dictionary<long, ulong> SnapshotHashes(SnapshotStore store)
    {
        Dictionary<long, ulong> hashes = [];
        foreach (long position in store.Positions())
        {
            if (store.TryOpenNewest(position, out SnapshotFileReader? snapshot))
            {
                using (snapshot)
                {
                    hashes[snapshot.Info.Position] = snapshot.Info.StateHash;
                }
            }
        }

        return hashes;
    }
}
