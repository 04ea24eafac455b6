using System.Globalization;
using System.Text.Json;
using Exchange.Cluster.Comparison;
using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Admin;

/// <summary>Whether the exchange could move to another host now, condition by condition, each with its reason.</summary>
internal sealed class Preflight
{
    private const long DiskFreeBytesMin = 1L << 30;
    private const long LagBytesMax = 1 << 20;
    private readonly MemberNode _node;
    private readonly MemberOptions _options;
    private readonly MemberParts _parts;

    /// <summary>Creates the check of a member.</summary>
    public Preflight(MemberNode node, MemberOptions options, MemberParts parts)
    {
        _node = node;
        _options = options;
        _parts = parts;
    }

    /// <summary>Writes target and conditions.</summary>
    public void Write(Utf8JsonWriter json, int to)
    {
        List<PreflightCondition> conditions = Conditions(ref to);
        json.WriteNumber("target", to);
        json.WriteBoolean("ready", conditions.TrueForAll(static condition => condition.IsMet));
        json.WriteStartArray("conditions");
        foreach (PreflightCondition condition in conditions)
        {
            json.WriteStartObject();
            json.WriteString("name", condition.Name);
            json.WriteBoolean("met", condition.IsMet);
            json.WriteString("reason", condition.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The first condition that a switchover needs and that is not met, in one line; null when it may begin.</summary>
    /// <param name="to">Target; 0 is replaced by the best one.</param>
    public string? FirstUnmet(ref int to)
    {
        foreach (PreflightCondition condition in Conditions(ref to))
        {
            if (!condition.IsMet && condition.IsNeededForSwitchover)
            {
                return $"{condition.Name}: {condition.Reason}";
            }
        }

        return null;
    }

    private List<PreflightCondition> Conditions(ref int to)
    {
        List<PreflightCondition> all = [];
        RaftNode raft = _node.Raft;
        all.Add(new("leader", _node.IsServing, true, _node.IsServing ? $"member {_options.Id} leads term {raft.Term}" : $"member {_options.Id} does not lead; ask member {raft.LeaderId}"));
        to = to == 0 ? BestTarget() : to;
        if (to == 0 || !raft.Configuration.TryFind(to, out ClusterMember? target) || target.Kind != MemberKind.Engine || to == _options.Id)
        {
            all.Add(new("target", false, true, to == 0 ? "there is no other engine in the cluster" : $"member {to} is no other engine of the cluster"));
            return all;
        }

        bool known = raft.TryGetProgress(to, out FollowerProgress progress);
        bool connected = known && _parts.Transport.IsConnected(to);
        all.Add(new("connection", connected, true, connected ? $"member {to} is connected" : $"member {to} is not connected; start it"));
        long lag = known ? Math.Max(0, _parts.Log.AppendPosition - progress.Match) : long.MaxValue;
        bool close = lag <= LagBytesMax;
        all.Add(new("lag", close, true, Text($"member {to} is {lag} bytes of log behind{(close ? string.Empty : "; wait until it has caught up")}")));
        bool inSync = _node.Leader.SyncSet.Contains(to);
        all.Add(new("sync-set", inSync, false, Text($"member {to} is {(inSync ? "in" : "not in")} the sync set")));
        bool voting = known && !progress.IsRecovering && target.IsVoter;
        all.Add(new("vote", voting, true, voting ? $"member {to} votes" : $"member {to} does not vote yet: it is recovering or a learner"));
        AddComparison(all, to);
        AddShared(all, raft, progress);
        return all;
    }

    // The target answers each heartbeat with where it stands; what it said last is compared with this member's own trail.
    private void AddComparison(List<PreflightCondition> all, int to)
    {
        StatePoint there = _node.Comparison.PointOf(to);
        bool known = _node.Applier.Trail.TryFind(there.Position, out ulong here);
        bool equal = known && here == there.EventHash;
        string reason = equal
            ? Text($"the events up to position {there.Position} hash to {here:x16} on both")
            : known
                ? Text($"at position {there.Position} the events hash to {here:x16} here and to {there.EventHash:x16} at member {to}; rebuild it")
                : Text($"member {to} has not been compared since this one leads; wait for the first command");
        all.Add(new("hash", equal, false, reason));
        string release = _node.ReleaseOf(to);
        all.Add(new("release", release == _options.Release, false, Text($"this member runs release {_options.Release}, member {to} {release}")));
    }

    private void AddShared(List<PreflightCondition> all, RaftNode raft, in FollowerProgress target)
    {
        int connected = 1;
        foreach (ClusterMember member in raft.Configuration.Members)
        {
            connected += member.IsVoter && member.Id != _options.Id && _parts.Transport.IsConnected(member.Id) ? 1 : 0;
        }

        bool survives = connected - 1 >= raft.Configuration.Majority;
        all.Add(new("automatic-failover", survives, false, Text(
            $"{connected} of {raft.Configuration.VoterCount} voters are connected{(survives ? ": the loss of this one is survived" : ": the loss of this one would stop the exchange")}")));
        foreach (ClusterMember member in raft.Configuration.Members)
        {
            if (member.Kind == MemberKind.Witness)
            {
                bool there = _parts.Transport.IsConnected(member.Id) || member.Id == _options.Id;
                all.Add(new("witness", there, false, there ? $"witness {member.Id} is connected" : $"witness {member.Id} is not connected; start it"));
            }
        }

        double offsetMs = target.ClockOffsetNs / 1e6;
        bool clocks = Math.Abs(target.ClockOffsetNs) <= MemberOptions.ClockOffsetMaxNs;
        all.Add(new("clocks", clocks, true, Text($"the target's clock is {offsetMs:F1} ms off, at most {MemberOptions.ClockOffsetMaxNs / 1_000_000} are allowed")));
        long free = StatusReport.DiskFree(_options.Directory);
        all.Add(new("disk", free >= DiskFreeBytesMin, false, free < 0 ? "how much is free here cannot be found out" : Text($"{free >> 20} MiB are free here")));
        bool changing = raft.IsTransferring || _node.Leader.IsDraining;
        all.Add(new("quiet", !changing, true, changing ? "a switchover is under way" : "no switchover is under way"));
    }

    private int BestTarget()
    {
        int best = 0;
        long bestApplied = -1;
        foreach (ClusterMember member in _node.Raft.Configuration.Members)
        {
            if (member.Kind == MemberKind.Engine && member.Id != _options.Id && _node.Raft.TryGetProgress(member.Id, out FollowerProgress progress) && progress.Applied > bestApplied)
            {
                best = member.Id;
                bestApplied = progress.Applied;
            }
        }

        return best;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
