// Problem: the members of a cluster, on several boxes, and the operator's tools must agree on who the members are and where.
// Idea:    one small file beside the state, the same on each box, that a person can write. It seeds a new cluster; the configuration in
//          force is in the log from then on, and the file is where a starting member and a tool look for the others first.
// Must hold: a mistake is one line with file, line, field and what is allowed; the file is written whole or not at all.
//
//      cluster: 5f0c0f5e-9d0b-4c39-8a1c-3f5a7f0d3c11
//      heartbeat-ms: 20                # optional
//      election-timeout-ms: 200        # optional
//      durability: replicated          # optional: replicated or fsync
//      members:
//        - { id: 1, kind: engine,  peer: 10.0.0.1:9100, fix: 10.0.0.1:9000, priority: 0 }
//        - { id: 2, kind: engine,  peer: 10.0.0.2:9100, fix: 10.0.0.2:9000, priority: 1 }
//        - { id: 3, kind: witness, peer: 10.0.0.3:9100 }
using System.Globalization;
using System.Text;
using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Host.Configuration;

/// <summary>The members of a cluster and its settings, as cluster.yaml in the state directory has them.</summary>
internal sealed record ClusterFile
{
    /// <summary>The file's name.</summary>
    public const string FileName = "cluster.yaml";

    private const int AddressLengthMax = 128;
    private const long NsPerMs = 1_000_000;
    private static readonly RaftOptions _defaults = new() { Id = 1, Seed = 0 };
    private static readonly string[] _topFields = ["cluster", "heartbeat-ms", "election-timeout-ms", "durability"];
    private static readonly string[] _fields = ["id", "kind", "peer", "fix", "priority"];

    /// <summary>Who the members are.</summary>
    public required ClusterConfiguration Configuration { get; init; }

    /// <summary>Which cluster.</summary>
    public Guid ClusterId => Configuration.ClusterId;

    /// <summary>Time between a leader's heartbeats, milliseconds; null for the default.</summary>
    public int? HeartbeatMs { get; init; }

    /// <summary>Silence after which a leader is replaced, milliseconds; null for the default.</summary>
    public int? ElectionTimeoutMs { get; init; }

    /// <summary>The same in nanoseconds, with the default filled in. It is the lease of gateways too: later than that another leader may serve.</summary>
    public long ElectionTimeoutNs => ElectionTimeoutMs * NsPerMs ?? _defaults.ElectionTimeoutNs;

    /// <summary>Time between a leader's heartbeats in nanoseconds, with the default filled in.</summary>
    public long HeartbeatNs => HeartbeatMs * NsPerMs ?? _defaults.HeartbeatNs;

    /// <summary>When a command counts as committed; null for the default.</summary>
    public Durability? Durability { get; init; }

    /// <summary>Where the file is in a state directory.</summary>
    public static string PathIn(string directory) => Path.Combine(directory, FileName);

    /// <summary>Whether the directory belongs to a cluster.</summary>
    public static bool ExistsIn(string directory) => File.Exists(PathIn(directory));

    /// <summary>Reads the file of a state directory.</summary>
    /// <exception cref="HostException">It is missing or wrong.</exception>
    public static ClusterFile Load(string directory)
    {
        string path = PathIn(directory);
        return File.Exists(path)
            ? Parse(path, YamlRecords.ReadFile(path))
            : throw new HostException($"{path}: no such file; copy the cluster's file there, or name the right directory with --dir", ExitCode.BadInput);
    }

    /// <summary>Reads the content of such a file.</summary>
    /// <param name="source">File name for messages.</param>
    /// <param name="text">Content.</param>
    public static ClusterFile Parse(string source, string text)
    {
        List<YamlRecord> records = YamlRecords.Read(source, text, "members", _fields, _topFields, out YamlRecord top);
        if (!Guid.TryParse(top.Text("cluster", 64), out Guid clusterId) || clusterId == Guid.Empty)
        {
            throw top.Error("cluster", "must be a GUID that is not zero, the same in the files of all members");
        }

        List<ClusterMember> members = [];
        foreach (YamlRecord record in records)
        {
            members.Add(Member(record, members));
        }

        int? heartbeatMs = top.Has("heartbeat-ms") ? top.Integer("heartbeat-ms", 0, 1, 10_000) : null;
        int? electionMs = top.Has("election-timeout-ms") ? top.Integer("election-timeout-ms", 0, 3, 60_000) : null;
        try
        {
            ClusterFile file = new()
            {
                Configuration = new ClusterConfiguration(clusterId, members),
                HeartbeatMs = heartbeatMs,
                ElectionTimeoutMs = electionMs,
                Durability = top.Has("durability") ? DurabilityOf(top) : null,
            };
            CheckTimes(file, top);
            return file;
        }
        catch (ArgumentException e)
        {
            throw YamlRecords.Error(source, 1, "members", FirstLine(e.Message));
        }
    }

    /// <summary>Makes a new cluster in a state directory: writes its file, and a key that nobody else has.</summary>
    /// <exception cref="HostException">There is one already, or the directory cannot be written.</exception>
    public static ClusterFile Create(string directory, IEnumerable<ClusterMember> members)
    {
        ClusterFile file = new() { Configuration = new ClusterConfiguration(Guid.NewGuid(), members) };
        if (ExistsIn(directory))
        {
            throw new HostException($"{PathIn(directory)}: there is a cluster already; choose another directory with --dir or start over with --reset", ExitCode.BadInput);
        }

        // The key first: a file without a key would look like a cluster that lost it.
        if (!ClusterKey.ExistsIn(directory))
        {
            ClusterKey.Create(directory);
        }

        file.Save(directory);
        return file;
    }

    /// <summary>Writes the file, replacing an older one at once and durably.</summary>
    /// <exception cref="HostException">It could not be read again, or cannot be written; nothing was changed.</exception>
    public void Save(string directory)
    {
        string path = PathIn(directory);
        string text = ToText();
        _ = Parse(path, text);
        string temporary = path + ".new";
        try
        {
            Directory.CreateDirectory(directory);
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"{path}: cannot be written: {e.Message}; choose another directory with --dir or change its permissions", ExitCode.BadInput);
        }
    }

    private static void CheckTimes(ClusterFile file, YamlRecord top)
    {
        if (file.ElectionTimeoutNs >= 3 * file.HeartbeatNs)
        {
            return;
        }

        throw file.ElectionTimeoutMs is { } election
            ? top.Error("election-timeout-ms", $"'{election}' must be at least three times heartbeat-ms ({file.HeartbeatNs / NsPerMs}), or one lost heartbeat deposes a leader")
            : top.Error("heartbeat-ms", $"'{file.HeartbeatMs}' must be at most a third of election-timeout-ms ({file.ElectionTimeoutNs / NsPerMs} unless given), or one lost heartbeat deposes a leader");
    }

    private static ClusterMember Member(YamlRecord record, List<ClusterMember> others)
    {
        int id = record.Has("id") ? record.Integer("id", 0, 1, 255) : throw record.Error("id", "is missing");
        if (others.Exists(other => other.Id == id))
        {
            throw record.Error("id", $"'{id}' is given twice; ids must be unique");
        }

        MemberKind kind = record.OneOf("kind", "engine", "engine", "witness") == "engine" ? MemberKind.Engine : MemberKind.Witness;
        string peer = Address(record, "peer");
        if (others.Find(other => other.PeerAddress == peer) is { } same)
        {
            throw record.Error("peer", $"'{peer}' is the address of member {same.Id} already");
        }

        string fix = string.Empty;
        if (kind == MemberKind.Engine)
        {
            fix = Address(record, "fix");
        }
        else if (record.Has("fix"))
        {
            throw record.Error("fix", "must be left out for a witness, which serves no clients");
        }

        return new ClusterMember(id, kind, true, record.Integer("priority", 0, 0, 100), peer, fix);
    }

    private static string Address(YamlRecord record, string field)
    {
        string value = record.Text(field, AddressLengthMax);
        return PeerAddress.TryParse(value, out _, out _) ? value : throw record.Error(field, $"'{value}' must be HOST:PORT with a port from 1 to 65535");
    }

    private static Durability DurabilityOf(YamlRecord top) =>
        top.OneOf("durability", string.Empty, "replicated", "fsync") == "fsync" ? Exchange.Cluster.Durability.Fsync : Exchange.Cluster.Durability.Replicated;

    private static string FirstLine(string message)
    {
        int end = message.IndexOf(" (Parameter", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private string ToText()
    {
        StringBuilder text = new();
        _ = text.Append(CultureInfo.InvariantCulture, $"# The members of this cluster; the same file and the same cluster.key belong on each box.\ncluster: {ClusterId}\n");
        if (HeartbeatMs is { } heartbeat)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"heartbeat-ms: {heartbeat}\n");
        }

        if (ElectionTimeoutMs is { } election)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"election-timeout-ms: {election}\n");
        }

        if (Durability is { } durability)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"durability: {(durability == Exchange.Cluster.Durability.Fsync ? "fsync" : "replicated")}\n");
        }

        _ = text.Append("members:\n");
        foreach (ClusterMember member in Configuration.Members)
        {
            string kind = member.Kind == MemberKind.Engine ? "engine" : "witness";
            string fix = member.Kind == MemberKind.Engine ? $", fix: \"{member.FixAddress}\"" : string.Empty;
            _ = text.Append(CultureInfo.InvariantCulture, $"  - {{ id: {member.Id}, kind: {kind}, peer: \"{member.PeerAddress}\"{fix}, priority: {member.Priority} }}\n");
        }

        return text.ToString();
    }
}
