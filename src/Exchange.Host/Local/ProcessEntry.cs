using System.Text.Json.Serialization;

namespace Exchange.Host.Local;

/// <summary>One line of the table of processes, and one object of processes.json.</summary>
internal sealed record ProcessEntry
{
    /// <summary>Name, for example member-1.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>supervisor, member, witness, gateway, or member+gateway when composed.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>The member it is, or serves; 0 for the supervisor.</summary>
    [JsonPropertyName("member")]
    public required int MemberId { get; init; }

    /// <summary>Process id; 0 while it is being restarted.</summary>
    [JsonPropertyName("pid")]
    public required int Pid { get; init; }

    /// <summary>host:port for FIX; empty when the process does not speak FIX.</summary>
    [JsonPropertyName("fix_address")]
    public required string FixAddress { get; init; }

    /// <summary>Log file; empty for the supervisor, whose log is the terminal.</summary>
    [JsonPropertyName("log")]
    public required string Log { get; init; }
}
