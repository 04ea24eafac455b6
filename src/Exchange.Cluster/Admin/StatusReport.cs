using System.Globalization;
using System.Text.Json;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;
using Exchange.Cluster.Recovery;
using Exchange.Protocol;

namespace Exchange.Cluster.Admin;

/// <summary>What a member says of itself.</summary>
internal sealed class StatusReport
{
    private readonly MemberNode _node;
    private readonly MemberOptions _options;
    private readonly MemberParts _parts;

    /// <summary>Creates the report of a member.</summary>
    public StatusReport(MemberNode node, MemberOptions options, MemberParts parts)
    {
        _node = node;
        _options = options;
        _parts = parts;
    }

    /// <summary>A hash as people and scripts see it.</summary>
    public static string Hex(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The member's role in one word.</summary>
    public static string Role(MemberNode node) => node.Kind == MemberKind.Witness && !node.Raft.IsLeader
        ? "witness"
        : node.Raft.Role switch { RaftRole.Leader => "leader", RaftRole.Follower => "follower", _ => "candidate" };

    /// <summary>Writes everything.</summary>
    public void Write(Utf8JsonWriter json)
    {
        RaftNode raft = _node.Raft;
        json.WriteNumber("id", _options.Id);
        json.WriteString("kind", _node.Kind == MemberKind.Witness ? "witness" : "engine");
        json.WriteString("role", Role(_node));
        json.WriteNumber("term", raft.Term);
        json.WriteNumber("leader", raft.LeaderId);
        json.WriteNumber("commit_position", raft.CommitPosition);
        json.WriteNumber("append_position", _parts.Log.AppendPosition);
        json.WriteNumber("flushed_position", _parts.Log.FlushedPosition);
        json.WriteNumber("applied_position", _node.Applier.Position);
        json.WriteNumber("leader_position", _node.Comparison.LeadersPosition);
        json.WriteNumber("log_start_position", _parts.Log.StartPosition);
        json.WriteString("state_hash", Hex(_node.Machine.EventHash));
        json.WriteNumber("agreed_position", _node.Comparison.AgreedPosition);
        json.WriteNumber("snapshot_position", _node.Comparison.Snapshot.Position);
        json.WriteString("snapshot_hash", Hex(_node.Comparison.Snapshot.EventHash));
        json.WriteNumber("pid", Environment.ProcessId);
        json.WriteString("fix_address", raft.Configuration.TryFind(_options.Id, out ClusterMember? self) ? self.FixAddress : string.Empty);
        json.WriteString("release", _options.Release);
        json.WriteString("durability", _options.Durability == Durability.Fsync ? "fsync" : "replicated");
        json.WriteBoolean("recovering", raft.IsRecovering);
        json.WriteBoolean("rebuild_requested", MemberRebuild.IsRequested(_options.Directory));
        json.WriteBoolean("serving", _node.IsServing);
        json.WriteString("history", _parts.Log.LogId);
        json.WriteNumber("disk_free_bytes", DiskFree(_options.Directory));
        json.WriteNumber("clock_offset_ms", _node.ClockOffsetNs / 1e6);
        WritePeers(json);
        WriteGateways(json);
        WriteCounters(json);
        _node.Machine.TryDescribe("summary", json);
    }

    /// <summary>Bytes free on the file system of a directory; -1 when that cannot be found out.</summary>
    public static long DiskFree(string directory)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return -1;
        }
    }

    private void WritePeers(Utf8JsonWriter json)
    {
        json.WriteStartArray("peers");
        foreach (ClusterMember member in _node.Raft.Configuration.Members)
        {
            if (member.Id == _options.Id)
            {
                continue;
            }

            _node.Raft.TryGetProgress(member.Id, out FollowerProgress progress);
            json.WriteStartObject();
            json.WriteNumber("id", member.Id);
            json.WriteString("kind", member.Kind == MemberKind.Witness ? "witness" : "engine");
            json.WriteBoolean("voter", member.IsVoter);
            json.WriteString("address", member.PeerAddress);
            json.WriteBoolean("connected", _parts.Transport.IsConnected(member.Id));
            if (_node.Raft.IsLeader)
            {
                json.WriteNumber("match", progress.Match);
                json.WriteNumber("acked", progress.Acked);
                json.WriteNumber("applied", progress.Applied);
                json.WriteNumber("lag_bytes", Math.Max(0, _parts.Log.AppendPosition - progress.Match));
                json.WriteNumber("round_trip_us", progress.RoundTripNs / 1e3);
                json.WriteNumber("clock_offset_us", progress.ClockOffsetNs / 1e3);
                json.WriteBoolean("recovering", progress.IsRecovering);
                json.WriteBoolean("in_sync", _node.Leader.SyncSet.Contains(member.Id));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteGateways(Utf8JsonWriter json)
    {
        json.WriteStartArray("gateways");
        for (int id = 1; id <= Limits.GatewayIdMax; id++)
        {
            if (_node.Gateways.Links[id] is { } link)
            {
                json.WriteStartObject();
                json.WriteNumber("id", link.GatewayId);
                json.WriteNumber("pid", link.ProcessId);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private void WriteCounters(Utf8JsonWriter json)
    {
        json.WriteStartObject("counters");
        json.WriteNumber("sequenced", _node.Sequencer.Sequenced);
        json.WriteNumber("ingress_malformed", _node.Sequencer.Malformed);
        json.WriteNumber("ingress_unattached", _node.Sequencer.Unattached);
        json.WriteNumber("ingress_paced", _node.Leader.Paced);
        json.WriteNumber("peer_malformed", _node.MalformedMessages + _node.Raft.Counters.MalformedMessages + _parts.Traffic.MalformedMessages);
        if (_parts.Transport is TcpPeerTransport tcp)
        {
            json.WriteNumber("peer_foreign_connections", tcp.ForeignConnections);
            json.WriteNumber("peer_refused_connections", tcp.RefusedConnections);
            json.WriteNumber("peer_malformed_frames", tcp.MalformedFrames);
        }

        json.WriteNumber("comparisons", _node.Comparison.Compared);
        json.WriteNumber("slow_consumers_dropped", _node.Egress.SlowConsumersDropped);
        json.WriteNumber("resent", _node.Egress.Resent);
        json.WriteNumber("segment_waits", _parts.Log.PrepareWaitCount);
        json.WriteNumber("first_report_ns", _node.Egress.FirstReportTimeNs);
        json.WriteNumber("last_report_ns", _node.Egress.LastReportTimeNs);
        json.WriteEndObject();
    }
}
