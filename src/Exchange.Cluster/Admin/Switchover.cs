using System.Globalization;
using Exchange.Cluster.Comparison;
using Exchange.Cluster.Consensus;
using Exchange.Log;

namespace Exchange.Cluster.Admin;

/// <summary>
/// Hands the lead to another engine on purpose: tell clients where to go, while trading goes on; then no new commands, then wait until the other
/// has applied everything, then compare hashes, then let it stand for election. Each step has a deadline; when it passes, the leader goes on as
/// if nothing had been asked, and tells clients so.
/// </summary>
internal sealed class Switchover
{
    private const long StepNs = 2_000_000_000;
    private const long AnnounceNs = 200_000_000;
    private const char Flash = '1';
    private readonly AdminDesk _desk;
    private readonly MemberNode _node;
    private readonly SegmentedLog _log;
    private readonly long _connection;
    private readonly int _to;
    private readonly long _term;
    private readonly string _address;
    private readonly long _announcedPosition;
    private long _startedNs;
    private long _deadlineNs;
    private long _drainedNs;
    private Step _step = Step.Announce;
    private bool _isDone;

    /// <summary>Begins with the announcement; no new commands are taken once clients have been told, or after a moment.</summary>
    public Switchover(AdminDesk desk, MemberNode node, SegmentedLog log, long connection, int to, long nowNs)
    {
        _desk = desk;
        _node = node;
        _log = log;
        _connection = connection;
        _to = to;
        _term = node.Raft.Term;
        _startedNs = nowNs;
        _deadlineNs = nowNs + AnnounceNs;
        _address = node.Raft.Configuration.TryFind(to, out ClusterMember? target) ? target.FixAddress : string.Empty;

        // What cannot be told, such as an address that is too long for a headline, does not keep a host from being swapped.
        _announcedPosition = NewsRequests.TryAppend(
            node.Sequencer,
            $"Planned switchover to {_address}",
            $"This connection is about to be closed. Log on at {_address} with your continuing sequence numbers.\nOpen orders stay. What you send meanwhile may have to be sent again.",
            Flash) ?? 0;
    }

    private enum Step
    {
        Announce,
        Drain,
        Transfer,
    }

    /// <summary>Goes on; true when it is over.</summary>
    public bool Advance(long nowNs)
    {
        if (_isDone)
        {
            return true;
        }

        return _step switch
        {
            Step.Announce => AdvanceAnnounce(nowNs),
            Step.Drain => AdvanceDrain(nowNs),
            _ => AdvanceTransfer(nowNs),
        };
    }

    /// <summary>The lead is lost: to whom it was meant for, or to another; either way this is over.</summary>
    public void OnLeadershipLost(long nowNs)
    {
        _isDone = true;
        long totalNs = nowNs - _startedNs;
        if (_step != Step.Transfer)
        {
            _desk.Refuse(_connection, "the lead was lost before it could be handed over; look at `exchange ctl status`");
            return;
        }

        _desk.Answer(_connection, json =>
        {
            json.WriteNumber("from", _node.Raft.Id);
            json.WriteNumber("to", _to);
            json.WriteNumber("superseded_term", _term);
            json.WriteNumber("drain_us", (_drainedNs - _startedNs) / 1e3);
            json.WriteNumber("handover_us", totalNs / 1e3);
            json.WriteNumber("position", _log.AppendPosition);
            json.WriteString("state_hash", StatusReport.Hex(_node.Machine.EventHash));
            json.WriteNumber("last_report_ns", _node.Egress.LastReportTimeNs);
        });
    }

    private bool AdvanceAnnounce(long nowNs)
    {
        if (_node.Applier.Position >= _announcedPosition || nowNs > _deadlineNs)
        {
            _node.Leader.IsDraining = true;
            _startedNs = nowNs;
            _deadlineNs = nowNs + StepNs;
            _step = Step.Drain;
        }

        return false;
    }

    private bool AdvanceDrain(long nowNs)
    {
        if (!_node.Raft.TryGetProgress(_to, out FollowerProgress progress))
        {
            return Abort($"member {_to} is not followed any more");
        }

        long end = _log.AppendPosition;
        bool drained = _node.Raft.CommitPosition == end && _node.Applier.Position == end && progress.Match == end && progress.Applied == end;
        if (!drained)
        {
            return nowNs > _deadlineNs && Abort(Text($"member {_to} has applied {progress.Applied} of {end} after {StepNs / 1_000_000} ms"));
        }

        StatePoint newest = _node.Applier.Trail.Newest;
        StatePoint there = _node.Comparison.PointOf(_to);
        if (there != newest)
        {
            _node.Leader.CompareNow();
            return nowNs > _deadlineNs && Abort(Text($"the events hash to {newest.EventHash:x16} at position {newest.Position} here and to {there.EventHash:x16} at {there.Position} at member {_to}"));
        }

        _drainedNs = nowNs;
        _desk.Progress(_connection, Text($"drained in {(nowNs - _startedNs) / 1e6:F2} ms: member {_to} has applied everything up to {end}, state hash {newest.EventHash:x16} on both"));
        _step = Step.Transfer;
        _deadlineNs = nowNs + StepNs;
        return !_node.Raft.TryTransfer(_to, out string refusal) && Abort(refusal);
    }

    private bool AdvanceTransfer(long nowNs)
    {
        if (!_node.Raft.IsTransferring && nowNs > _startedNs)
        {
            return Abort($"member {_to} did not take the lead in time");
        }

        return nowNs > _deadlineNs && Abort($"member {_to} did not take the lead in time");
    }

    private bool Abort(string reason)
    {
        _node.Leader.IsDraining = false;
        _isDone = true;
        if (_node.IsServing)
        {
            NewsRequests.TryAppend(_node.Sequencer, "Planned switchover called off", "Trading goes on here; you need not log on elsewhere.", Flash);
        }

        _desk.Refuse(_connection, $"aborted, member {_node.Raft.Id} goes on leading: {reason}");
        return true;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
