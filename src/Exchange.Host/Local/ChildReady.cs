using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exchange.Host.Local;

/// <summary>What a supervised process writes to standard output, as one line, when it is ready.</summary>
internal sealed record ChildReady
{
    /// <summary>host:port for FIX; empty when it does not speak FIX.</summary>
    [JsonPropertyName("ready_fix_address")]
    public required string FixAddress { get; init; }

    /// <summary>Writes the line.</summary>
    public static void Announce(string fixAddress)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(new ChildReady { FixAddress = fixAddress }));
        Console.Out.Flush();
    }
}
