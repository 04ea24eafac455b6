using System.Text.Json.Nodes;

namespace Exchange.Host.Operations;

/// <summary>What one member said about itself, or why it said nothing.</summary>
internal sealed class MemberReport
{
    /// <summary>The role of a member that does not answer.</summary>
    public const string Down = "down";

    /// <summary>Creates a report.</summary>
    public MemberReport(OperatorMember member, JsonObject? answer, string reason)
    {
        Member = member;
        Answer = answer;
        Reason = reason;
    }

    /// <summary>Who was asked.</summary>
    public OperatorMember Member { get; }

    /// <summary>The answer to <c>status</c>; null when there was none.</summary>
    public JsonObject? Answer { get; }

    /// <summary>Why there was no answer; empty when there was.</summary>
    public string Reason { get; }

    /// <summary>Whether it answered.</summary>
    public bool IsUp => Answer is not null;

    /// <summary>Whether it leads.</summary>
    public bool IsLeader => Role == "leader";

    /// <summary>Member id.</summary>
    public int Id => (int)(Number("id") ?? Member.Id);

    /// <summary>engine or witness.</summary>
    public string Kind => Text("kind") is { Length: > 0 } kind ? kind : Member.Kind;

    /// <summary>leader, follower, candidate, witness or down.</summary>
    public string Role => IsUp ? Text("role") : Down;

    /// <summary>Its term.</summary>
    public long? Term => Number("term");

    /// <summary>Position up to which entries are committed, as far as it knows.</summary>
    public long? CommitPosition => Number("commit_position");

    /// <summary>Position up to which its core has applied.</summary>
    public long? AppliedPosition => Number("applied_position");

    /// <summary>Position of its log's end.</summary>
    public long? AppendPosition => Number("append_position");

    /// <summary>Hash of its state; empty for a witness.</summary>
    public string StateHash => Kind == "witness" ? string.Empty : Text("state_hash");

    /// <summary>The position that <see cref="StateHash"/> belongs to.</summary>
    public long? StateHashPosition => Number("state_hash_position");

    /// <summary>Process id.</summary>
    public int? Pid => (int?)Number("pid");

    /// <summary>Where its gateway listens.</summary>
    public string FixAddress => Text("fix_address") is { Length: > 0 } address ? address : Member.FixAddress;

    /// <summary>Whether it has lost part of its log and may not vote yet.</summary>
    public bool IsRecovering => Flag("recovering");

    /// <summary>Whether it leads and takes orders.</summary>
    public bool IsServing => Flag("serving");

    /// <summary>Process ids of its gateways.</summary>
    public IEnumerable<int> GatewayPids => Objects("gateways").Select(static g => (int)(NumberOf(g, "pid") ?? 0));

    /// <summary>Members it has a connection to.</summary>
    public IEnumerable<int> ConnectedPeers => Objects("peers").Where(static p => FlagOf(p, "connected")).Select(static p => (int)(NumberOf(p, "id") ?? 0));

    /// <summary>The other members, as it knows them.</summary>
    public IEnumerable<OperatorMember> Peers => Objects("peers").Select(static p =>
        new OperatorMember((int)(NumberOf(p, "id") ?? 0), p["kind"]?.ToString() ?? string.Empty, p["address"]?.ToString() ?? string.Empty, string.Empty));

    /// <summary>What it says of a peer; null when nothing.</summary>
    public JsonObject? Peer(int id) => Objects("peers").FirstOrDefault(p => NumberOf(p, "id") == id);

    /// <summary>A number of its answer; null when there is none of this name.</summary>
    public long? Number(string name) => Answer is null ? null : NumberOf(Answer, name);

    /// <summary>A text of its answer; empty when there is none of this name.</summary>
    public string Text(string name) => Answer?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : string.Empty;

    /// <summary>A number of an object; null when there is none of this name.</summary>
    public static long? NumberOf(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out long number) ? number : null;

    /// <summary>Whether an object has a flag of this name that is set.</summary>
    public static bool FlagOf(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    /// <summary>The report for programs: what the member said, and at least id, role, term, positions, hash, pid and FIX address.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = new()
        {
            ["id"] = Id,
            ["kind"] = Kind,
            ["role"] = Role,
            ["term"] = Term,
            ["commit_position"] = CommitPosition,
            ["applied_position"] = AppliedPosition,
            ["state_hash"] = StateHash.Length > 0 ? StateHash : null,
            ["pid"] = Pid,
            ["fix_address"] = FixAddress,
            ["peer_address"] = Member.PeerAddress,
        };
        if (Answer is null)
        {
            json["reason"] = Reason;
            return json;
        }

        foreach ((string name, JsonNode? value) in Answer)
        {
            if (name != "ok" && !json.ContainsKey(name))
            {
                json[name] = value?.DeepClone();
            }
        }

        return json;
    }

    /// <summary>Whether its answer says so; false when it says nothing of this name.</summary>
    public bool Flag(string name) => Answer is not null && FlagOf(Answer, name);

    private IEnumerable<JsonObject> Objects(string name) => (Answer?[name] as JsonArray)?.OfType<JsonObject>() ?? [];
}
