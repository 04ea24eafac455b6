using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;
using Exchange.Protocol.Text;
using Spectre.Console;

namespace Exchange.Host.Commands.Ctl;

/// <summary>What the verbs about risk have in common: which firm and account is meant, and tables.</summary>
internal static class RiskNames
{
    /// <summary>The firm.</summary>
    public static Option<string?> Firm { get; } = new("--firm") { Description = "The firm; that of a participant without one of its own bears its SenderCompID, cut to 15 characters." };

    /// <summary>The account.</summary>
    public static Option<string?> Account { get; } = new("--account") { Description = "An account of the firm; - for the one without a name." };

    /// <summary>No question.</summary>
    public static Option<bool> Yes { get; } = new("--yes") { Description = "Do not ask." };

    /// <summary>The firm that the command line names.</summary>
    /// <exception cref="HostException">It names none, or one that does not exist.</exception>
    public static async Task<JsonObject> FirmAsync(ClusterOperator members, ParseResult parsed, CancellationToken stop)
    {
        string name = parsed.GetValue(Firm) ?? throw new HostException("name the firm with --firm", ExitCode.BadInput);
        List<JsonObject> firms = await OperatorRecords.AskAllAsync(members, parsed, "firms", stop).ConfigureAwait(false);
        return firms.Find(one => one["firm"]?.ToString() == name)
            ?? throw new HostException($"there is no firm {name}; see exchange ctl limits show", ExitCode.BadInput);
    }

    /// <summary>The account that the command line names; null when it names none.</summary>
    /// <exception cref="HostException">Its name is too long.</exception>
    public static Text16? AccountOf(ParseResult parsed) => parsed.GetValue(Account) switch
    {
        null => null,
        { Length: > Text16.LengthMax } name => throw new HostException($"--account {name}: at most {Text16.LengthMax} characters", ExitCode.BadInput),
        { } name => RiskRecord.AccountOf(name),
    };

    /// <summary>The account as people write it.</summary>
    public static string Written(string? account) => string.IsNullOrEmpty(account) ? "-" : account;

    /// <summary>Asks whether something drastic is meant.</summary>
    /// <exception cref="HostException">It is not, or nobody can be asked.</exception>
    public static void Confirm(ParseResult parsed, string what)
    {
        if (parsed.GetValue(Yes))
        {
            return;
        }

        if (Console.IsInputRedirected)
        {
            throw new HostException($"{what}: say --yes, since there is nobody to ask", ExitCode.BadInput);
        }

        Console.Write($"{what}. Type yes to go on: ");
        if (Console.ReadLine()?.Trim() != "yes")
        {
            throw new HostException("nothing was done", ExitCode.BadInput);
        }
    }

    /// <summary>Writes records as a table, or all of them as JSON.</summary>
    public static int Write(ParseResult parsed, string topic, IEnumerable<JsonObject> records, string[] columns)
    {
        if (parsed.GetValue(CtlSwitches.Json))
        {
            CtlVerb.WriteJson(new JsonObject { ["ok"] = true, [topic] = new JsonArray([.. records.Select(static one => one.DeepClone())]) });
            return ExitCode.Success;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumns([.. columns.Select(static name => name.Replace('_', ' '))]);
        foreach (JsonObject record in records)
        {
            table.AddRow([.. columns.Select(name => Markup.Escape(Cell(record, name)))]);
        }

        TableOutput.Write(table);
        return ExitCode.Success;
    }

    private static string Cell(JsonObject record, string column) => column switch
    {
        "account" => Written(record["account"]?.ToString()),
        "limits" => string.Join(" ", (record["limits"] as JsonObject ?? []).Where(static one => one.Value?.ToString() is not ("0" or "None" or null)).Select(static one => $"{one.Key}={one.Value}")),
        _ => record[column] is JsonArray list ? string.Join(" ", list.Select(static one => one?.ToString())) : record[column]?.ToString() ?? "-",
    };
}
