using System.Diagnostics;
using Exchange.Cluster.Egress;
using Exchange.Cluster.Gateways;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster.Recovery;

/// <summary>
/// Brings a member back to where its log ends: newest snapshot, outbound history cut back to what that snapshot says, then every entry
/// behind it, whose events write the rest of the history again.
/// </summary>
internal static class MemberRecovery
{
    private const int ProgressEntries = 1_000_000;

    /// <summary>Recovers; what is worth telling goes to the options' log.</summary>
    public static RecoveredState Recover(MemberOptions options, SegmentedLog log, MessageHistory history)
    {
        long started = Stopwatch.GetTimestamp();
        SnapshotStore store = new(MemberDirectories.Snapshots(options.Directory), log.LogId, options.Log);
        SnapshotLoad load = SnapshotLoad.Newest(store, options.StateMachineFactory, log.StartPosition, log.AppendPosition);
        CutHistory(options, load.Marks, history);
        GatewayLinks links = new();
        EgressAgent egress = new(history, load.Marks, links, options.FeedLagMax);
        using LogReplayer replayer = new(load.Machine, load.Marks, load.Position);
        replayer.Resume(load.Term, load.LogTimeNs);
        using LogReader reader = log.OpenReader(load.Position);
        while (reader.TryRead(out LogEntry entry))
        {
            replayer.Apply(entry, egress.Deliver);
            if (replayer.Entries % ProgressEntries == 0)
            {
                options.Log($"recovering: {replayer.Entries} commands applied, {log.AppendPosition - replayer.Position} bytes to go");
            }
        }

        options.Log(
            $"recovered to position {replayer.Position} in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms: "
            + $"{(load.HasSnapshot ? $"snapshot at {load.Position}" : "no snapshot")}, {replayer.Entries} commands behind it");
        return new RecoveredState(
            load.Machine,
            egress,
            links,
            reader.Position,
            replayer.LastTerm,
            replayer.LastLogTimeNs,
            load.Position,
            !load.HasSnapshot && replayer.Entries == 0);
    }

    /// <summary>
    /// Cuts each session's history back to where the snapshot says it was. Whatever is beyond was caused by entries behind the snapshot
    /// and is written again by their replay, or by entries that a crash took from the log and that were never acknowledged.
    /// </summary>
    private static void CutHistory(MemberOptions options, HistoryMarks marks, MessageHistory history)
    {
        foreach (string dropped in history.Recovery.Dropped)
        {
            options.Log($"history: {dropped}");
        }

        int known = history.SessionIds().DefaultIfEmpty(-1).Max() + 1;
        for (int sessionId = 0; sessionId < Math.Max(known, marks.SessionCount); sessionId++)
        {
            long next = marks.NextSeqNum(sessionId);
            if (!history.TrimToNext(sessionId, marks.Epoch(sessionId), next))
            {
                history.StartAt(sessionId, marks.Epoch(sessionId), next);
                if (next > 1)
                {
                    options.Log($"history of session {sessionId} does not reach its snapshot: messages below {next} cannot be resent and will be gap-filled");
                }
            }
        }
    }
}
