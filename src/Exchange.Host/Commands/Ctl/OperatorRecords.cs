using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Host.Operations;

namespace Exchange.Host.Commands.Ctl;

/// <summary>Commands that an operator's tool makes and the leader logs, and questions about the state of the core.</summary>
internal static class OperatorRecords
{
    private const int RecordsPerRequest = 50;

    /// <summary>Has commands logged, in order; the answer to the last part, or to the first that failed.</summary>
    public static async Task<JsonObject> LogAsync(ClusterOperator members, ParseResult parsed, IEnumerable<byte[]> records, CancellationToken stop)
    {
        JsonObject answer = new() { ["ok"] = true };
        foreach (byte[][] some in records.Chunk(RecordsPerRequest))
        {
            JsonArray texts = [.. some.Select(static record => JsonValue.Create(Convert.ToBase64String(record)))];
            answer = await members.AskLeaderAsync(new JsonObject { ["verb"] = "operate", ["records"] = texts }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
            if (!CtlVerb.IsOk(answer))
            {
                break;
            }
        }

        return answer;
    }

    /// <summary>Asks the leader's core about a topic.</summary>
    public static async Task<JsonObject> AskAsync(ClusterOperator members, ParseResult parsed, string topic, CancellationToken stop)
    {
        JsonObject answer = await members.AskLeaderAsync(new JsonObject { ["verb"] = "describe", ["topic"] = topic }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        return CtlVerb.IsOk(answer) ? answer : throw new HostException(answer["error"]?.ToString() ?? $"the members do not tell about {topic}");
    }

    /// <summary>The records of all pages of a topic.</summary>
    /// <param name="members">The cluster.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="topic">The topic; its pages are asked for as "topic FROM".</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<List<JsonObject>> AskAllAsync(ClusterOperator members, ParseResult parsed, string topic, CancellationToken stop)
    {
        List<JsonObject> all = [];
        long? from = 0;
        while (from is { } first)
        {
            JsonObject page = await AskAsync(members, parsed, FormattableString.Invariant($"{topic} {first}"), stop).ConfigureAwait(false);
            all.AddRange((page[topic] as JsonArray)?.OfType<JsonObject>() ?? []);
            from = MemberReport.NumberOf(page, "next");
        }

        return all;
    }
}
