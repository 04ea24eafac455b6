using System.Text.Json;

namespace Exchange.Acceptance.Support;

/// <summary>What `exchange ctl status --json` says of a cluster at one moment.</summary>
internal sealed class ClusterView
{
    private readonly JsonElement[] _members;

    private ClusterView(JsonElement[] members) => _members = members;

    /// <summary>Id of the leader that serves; 0 without one.</summary>
    public int Leader => _members.Where(m => Text(m, "role") == "leader" && m.TryGetProperty("serving", out JsonElement s) && s.GetBoolean()).Select(m => (int)Number(m, "id")).FirstOrDefault();

    /// <summary>The leader's term; 0 without one.</summary>
    public long Term => _members.Where(m => Text(m, "role") == "leader").Select(m => Number(m, "term")).DefaultIfEmpty().Max();

    /// <summary>
    /// Whether all members answer, one leads, and the others have everything that it had committed; and the engines stand at the same
    /// position with the same hash of everything they ever said.
    /// </summary>
    public bool IsWhole
    {
        get
        {
            JsonElement[] engines = [.. _members.Where(m => Text(m, "kind") == "engine")];
            return Leader != 0 && _members.All(m => Text(m, "role") != "down" && !m.GetProperty("recovering").GetBoolean())
                && engines.Select(m => Number(m, "applied_position")).Distinct().Count() == 1
                && engines.Select(m => Text(m, "state_hash")).Distinct(StringComparer.Ordinal).Count() == 1;
        }
    }

    /// <summary>The members that were named.</summary>
    public IReadOnlyList<JsonElement> Members => _members;

    /// <summary>Asks with the files of a state directory.</summary>
    public static ClusterView Of(string directory)
    {
        CommandResult result = CommandResult.Exchange("ctl", "status", "--dir", directory, "--json");
        return new ClusterView(result.Output.Length == 0 ? [] : [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("members").EnumerateArray()]);
    }

    /// <summary>Role of a member; empty when it was not named.</summary>
    public string Role(int id) => _members.Where(m => Number(m, "id") == id).Select(m => Text(m, "role")).SingleOrDefault("");

    /// <summary>What a member said.</summary>
    public JsonElement Member(int id) => _members.Single(m => Number(m, "id") == id);

    /// <inheritdoc/>
    public override string ToString() => string.Join("\n", _members.Select(m =>
        $"member {Number(m, "id")} {Text(m, "role")}, term {Number(m, "term")}, commit {Number(m, "commit_position")}, applied {Number(m, "applied_position")}, hash {Text(m, "state_hash")}"));

    private static string Text(JsonElement member, string name) => member.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long Number(JsonElement member, string name) => member.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;
}
