using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Host.Operations;
using Spectre.Console;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl preflight`: whether a failover would go well now, condition by condition.</summary>
internal static class PreflightCommand
{
    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.Create(
        "preflight", "Say whether the exchange could fail over now: lag, state hash, witness, versions, clocks, disk. Exit code 1 when a condition is not met.", [], RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed);
        JsonObject answer = await members.AskLeaderAsync(new JsonObject { ["verb"] = "preflight" }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        JsonObject[] conditions = [.. (answer["conditions"] as JsonArray)?.OfType<JsonObject>() ?? []];
        if (conditions.Length == 0)
        {
            return CtlVerb.Tell(parsed, answer, static _ => "no conditions were told");
        }

        bool allMet = conditions.All(IsMet);
        if (parsed.GetValue(CtlSwitches.Json))
        {
            answer["ok"] = allMet;
            CtlVerb.WriteJson(answer);
        }
        else
        {
            Print(conditions);
            Console.WriteLine(allMet ? "ready to fail over" : "not ready to fail over");
        }

        return allMet ? ExitCode.Success : ExitCode.Failure;
    }

    private static bool IsMet(JsonObject condition) => MemberReport.FlagOf(condition, "met");

    private static void Print(JsonObject[] conditions)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("condition", "met", "reason");
        foreach (JsonObject condition in conditions)
        {
            table.AddRow(Markup.Escape(CtlVerb.Text(condition, "name")), IsMet(condition) ? "[green]yes[/]" : "[red]no[/]", Markup.Escape(condition["reason"]?.ToString() ?? string.Empty));
        }

        TableOutput.Write(table);
    }
}
