using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;
using Spectre.Console;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl market`: looks at market groups, sets phases and defines schedules.</summary>
internal static class MarketCommand
{
    private const long SecondNs = 1_000_000_000;
    private const int DayMaxSec = 86_400;

    private static readonly Argument<string> s_name = new("GROUP-OR-SYMBOL") { Description = "A market group, or an instrument." };
    private static readonly Argument<string> s_phase = new("PHASE") { Description = "closed, pre-open, opening, continuous, volatility, closing, halt or cancel-only; group gives an instrument back to its group." };
    private static readonly Argument<string[]> s_files = new("FILE") { Description = "Markets files.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int> s_for = new("--for-sec") { Description = "How long the phase lasts; then comes continuous, or closed behind a closing auction (default: until the next change)." };
    private static readonly Option<bool> s_isSymbol = new("--symbol") { Description = "An instrument is meant, though a market group has the same name." };

    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        Command phase = CtlVerb.Create("phase", "Set the phase of a market group or of one instrument.", [s_for, s_isSymbol], PhaseAsync);
        phase.Add(s_name);
        phase.Add(s_phase);
        Command define = CtlVerb.Create("define", "Define the market groups of files, new and known ones, with their schedules.", [], DefineAsync);
        define.Add(s_files);
        return new Command("market", "Say when trading is on. Every change goes through the log.")
        {
            CtlVerb.Create("list", "Show every market group and its phase.", [], (parsed, stop) => ListAsync(parsed, ["id", "name", "phase", "until", "next", "next at", "instruments", "failover"], stop)),
            CtlVerb.Create("schedule", "Show the schedules of all market groups.", [], (parsed, stop) => ListAsync(parsed, ["name", "zone", "schedule", "next", "next at"], stop)),
            phase,
            define,
        };
    }

    private static async Task<int> ListAsync(ParseResult parsed, string[] columns, CancellationToken stop)
    {
        List<JsonObject> groups = await OperatorRecords.AskAllAsync(CtlSwitches.Operator(parsed, mayBeAlone: true), parsed, "markets", stop).ConfigureAwait(false);
        if (parsed.GetValue(CtlSwitches.Json))
        {
            CtlVerb.WriteJson(new JsonObject { ["ok"] = true, ["markets"] = new JsonArray([.. groups.Select(static one => one.DeepClone())]) });
            return ExitCode.Success;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumns(columns);
        foreach (JsonObject group in groups)
        {
            table.AddRow([.. columns.Select(name => Markup.Escape(Cell(group, name)))]);
        }

        TableOutput.Write(table);
        return ExitCode.Success;
    }

    private static string Cell(JsonObject group, string column) => column switch
    {
        "until" => Time(group, "until_ns"),
        "next at" => Time(group, "next_ns"),
        _ => group[column]?.ToString() is { Length: > 0 } text ? text : "-",
    };

    private static string Time(JsonObject group, string field) => MemberReport.NumberOf(group, field) is { } ns and not 0
        ? DateTime.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC"
        : "-";

    private static async Task<int> PhaseAsync(ParseResult parsed, CancellationToken stop)
    {
        string name = parsed.GetValue(s_name)!;
        string word = parsed.GetValue(s_phase)!;
        int seconds = parsed.GetValue(s_for);
        MarketPhase phase = MarketPhase.Group;
        if (word != "group" && !MarketRecord.TryPhase(word, out phase))
        {
            throw new HostException($"'{word}' is no phase; phases are {string.Join(", ", MarketRecord.Phases.Select(static one => one.Word))}, and group", ExitCode.BadInput);
        }

        if (seconds is < 0 or > DayMaxSec)
        {
            throw new HostException($"--for-sec {seconds}: must be from 1 to {DayMaxSec}", ExitCode.BadInput);
        }

        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        bool isGroup = !parsed.GetValue(s_isSymbol)
            && (await OperatorRecords.AskAllAsync(members, parsed, "markets", stop).ConfigureAwait(false)).Exists(group => group["name"]?.ToString() == name);
        if (!isGroup && (name.Length > Text24.LengthMax || (await OperatorRecords.AskAsync(members, parsed, $"instrument {name}", stop).ConfigureAwait(false))["record"] is null))
        {
            throw new HostException($"there is neither a market group nor an instrument {name}; see exchange ctl market list and exchange ctl instrument list", ExitCode.BadInput);
        }

        if (isGroup && phase == MarketPhase.Group)
        {
            throw new HostException($"{name} is a market group itself; group is for instruments", ExitCode.BadInput);
        }

        SetPhaseCommand command = MarketsFile.SetPhase(isGroup ? Text16.From(name) : default, isGroup ? default : Text24.From(name), phase, seconds * SecondNs);
        JsonObject answer = await OperatorRecords.LogAsync(members, parsed, [SeedFiles.Bytes(command)], stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => $"{name}: {(word == "group" ? "follows its group" : word)}{(seconds == 0 ? "" : $" for {seconds} s")}");
    }

    private static async Task<int> DefineAsync(ParseResult parsed, CancellationToken stop)
    {
        List<DefineMarketGroupCommand> groups = [];
        foreach (string file in parsed.GetValue(s_files)!)
        {
            groups.AddRange(MarketsFile.Parse(file, YamlRecords.ReadFile(file)));
        }

        JsonObject answer = await OperatorRecords.LogAsync(CtlSwitches.Operator(parsed, mayBeAlone: true), parsed, groups.Select(static one => SeedFiles.Bytes(one)), stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => string.Create(
            CultureInfo.InvariantCulture, $"{groups.Count} market group{(groups.Count == 1 ? "" : "s")} defined; known ones keep their phase until the schedule or exchange ctl market phase changes it"));
    }
}
