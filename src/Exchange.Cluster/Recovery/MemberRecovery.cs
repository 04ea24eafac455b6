using System.Diagnostics;
using Exchange.Cluster.Egress;
using Exchange.Cluster.Gateways;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster.Recovery;

/// <summary>
/// Brings a member back from its directory: newest snapshot, outbound history cut back to what that snapshot says, then the entries
/// behind it, whose events write the rest of the history again. Those wait: only what is committed may be applied, and whether the end of
/// this log is, only a leader can say.
/// </summary>
internal static class MemberRecovery
{
    /// <summary>Loads the newest snapshot and nothing behind it; the caller applies the entries from there as they are committed.</summary>
    public static RecoveredState Load(MemberOptions options, SegmentedLog log, MessageHistory history)
    {
        long started = Stopwatch.GetTimestamp();
        SnapshotStore store = new(MemberDirectories.Snapshots(options.Directory), log.LogId, options.Log);
        SnapshotLoad load = SnapshotLoad.Newest(store, options.StateMachineFactory, log.StartPosition, log.AppendPosition);
        CutHistory(options, load.Marks, history);
        options.Log(load.HasSnapshot
            ? $"loaded the snapshot at {load.Position} in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms; the log goes on to {log.AppendPosition}"
            : $"no snapshot; the log goes from {log.StartPosition} to {log.AppendPosition}");
        GatewayLinks links = new();
        EgressAgent egress = new(history, load.Marks, links, options.FeedLagMax);
        bool isEmpty = !load.HasSnapshot && log.AppendPosition == log.StartPosition;
        return new RecoveredState(load.Machine, egress, links, load.Marks, load.Position, load.Term, load.LogTimeNs, isEmpty);
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
