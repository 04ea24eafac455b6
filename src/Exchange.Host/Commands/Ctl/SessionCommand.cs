using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Host.Operations;
using Spectre.Console;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl session`: looks at FIX sessions and mends their numbers.</summary>
internal static class SessionCommand
{
    private static readonly Option<string> s_session = new("--session") { Description = "SenderCompID of the client.", Required = true };
    private static readonly Option<long?> s_in = new("--in") { Description = "Number expected next from the client." };
    private static readonly Option<long?> s_out = new("--out") { Description = "Number of the exchange's next message." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => new("session", "Look at FIX sessions and mend their sequence numbers. Every change goes through the log.")
    {
        CtlVerb.Create("list", "Show every session and its numbers.", [], ListAsync),
        CtlVerb.Create("reset", "Start both numbers of a session at 1; its open orders are restated at the next logon.", [s_session], (parsed, stop) => ChangeAsync("session-reset", "both numbers start at 1", parsed, stop)),
        CtlVerb.Create("set-sequence", "Set one or both numbers of a session.", [s_session, s_in, s_out], (parsed, stop) => ChangeAsync("session-set-sequence", "numbers are set", parsed, stop)),
        CtlVerb.Create("logout", "Log a client out.", [s_session], (parsed, stop) => ChangeAsync("session-logout", "logged out", parsed, stop)),
    };

    private static async Task<int> ChangeAsync(string verb, string done, ParseResult parsed, CancellationToken stop)
    {
        JsonObject request = new() { ["verb"] = verb };
        if (verb == "session-set-sequence")
        {
            AddNumbers(parsed, request);
        }

        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        string name = parsed.GetValue(s_session)!;
        JsonObject list = await members.AskLeaderAsync(new JsonObject { ["verb"] = "session-list" }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        JsonObject session = Sessions(list).FirstOrDefault(s => s["sender"]?.ToString() == name)
            ?? throw new HostException($"there is no session {name}; see exchange ctl session list", ExitCode.BadInput);
        request["session"] = MemberReport.NumberOf(session, "id");
        JsonObject answer = await members.AskLeaderAsync(request, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => $"{name}: {done}");
    }

    private static void AddNumbers(ParseResult parsed, JsonObject request)
    {
        long? nextIn = parsed.GetValue(s_in);
        long? nextOut = parsed.GetValue(s_out);
        if ((nextIn is null && nextOut is null) || nextIn < 1 || nextOut < 1)
        {
            throw new HostException("set-sequence needs --in N, --out N, or both; numbers start at 1", ExitCode.BadInput);
        }

        if (nextIn is not null)
        {
            request["in"] = nextIn;
        }

        if (nextOut is not null)
        {
            request["out"] = nextOut;
        }
    }

    private static IEnumerable<JsonObject> Sessions(JsonObject answer) => (answer["sessions"] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        JsonObject answer = await members.AskLeaderAsync(new JsonObject { ["verb"] = "session-list" }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        if (parsed.GetValue(CtlSwitches.Json) || !CtlVerb.IsOk(answer))
        {
            return CtlVerb.Tell(parsed, answer, static _ => string.Empty);
        }

        Print(Sessions(answer));
        return ExitCode.Success;
    }

    /// <summary>A column for each field that any session has, in the order in which they come.</summary>
    private static void Print(IEnumerable<JsonObject> sessions)
    {
        JsonObject[] rows = [.. sessions];
        string[] fields = [.. rows.SelectMany(static r => r.Select(static f => f.Key)).Distinct(StringComparer.Ordinal)];
        if (fields.Length == 0)
        {
            Console.WriteLine("no sessions");
            return;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumns([.. fields.Select(static f => f.Replace('_', ' '))]);
        foreach (JsonObject row in rows)
        {
            table.AddRow([.. fields.Select(f => Markup.Escape(row[f]?.ToString() ?? "-"))]);
        }

        TableOutput.Write(table);
    }
}
