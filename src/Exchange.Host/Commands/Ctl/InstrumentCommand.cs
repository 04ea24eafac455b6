// Instruments are changed while they trade. What a definition may change is the core's rule (trading rule 1.1); it is asked here first, with the
// instrument as the members know it, so that an operator is told what is wrong instead of a command that the log holds and nobody follows.
using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Exchange.Core.Instruments;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;
using Exchange.Protocol.Commands;
using Spectre.Console;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl instrument`: looks at instruments, defines new ones and changes their limits.</summary>
internal static class InstrumentCommand
{
    private static readonly Argument<string> s_symbol = new("SYMBOL") { Description = "Symbol (55)." };
    private static readonly Argument<string[]> s_files = new("FILE") { Description = "Instruments files.", Arity = ArgumentArity.OneOrMore };
    private static readonly Argument<string[]> s_settings = new("FIELD=VALUE") { Description = "Fields of the instruments file, such as quantityMax=1000 staticCollarBp=500; 0 takes a limit away.", Arity = ArgumentArity.OneOrMore };

    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        Command show = CtlVerb.Create("show", "Show all about one instrument.", [], ShowAsync);
        show.Add(s_symbol);
        Command define = CtlVerb.Create("define", "Define the instruments of files, new and known ones.", [], DefineAsync);
        define.Add(s_files);
        Command set = CtlVerb.Create("set", "Change fields of one instrument.", [], SetAsync);
        set.Add(s_symbol);
        set.Add(s_settings);
        return new Command("instrument", "Say what is traded. Every change goes through the log and counts for the next order.")
        {
            CtlVerb.Create("list", "Show every instrument.", [], ListAsync),
            show,
            define,
            set,
        };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken stop)
    {
        List<JsonObject> instruments = await OperatorRecords.AskAllAsync(CtlSwitches.Operator(parsed, mayBeAlone: true), parsed, "instruments", stop).ConfigureAwait(false);
        if (parsed.GetValue(CtlSwitches.Json))
        {
            CtlVerb.WriteJson(new JsonObject { ["ok"] = true, ["instruments"] = new JsonArray([.. instruments.Select(static one => one.DeepClone())]) });
            return ExitCode.Success;
        }

        string[] columns = ["id", "symbol", "kind", "group", "phase", "tick", "quantityStep", "currency", "last", "reference"];
        Table table = new Table().Border(TableBorder.Rounded).AddColumns(columns);
        foreach (JsonObject instrument in instruments)
        {
            table.AddRow([.. columns.Select(name => Markup.Escape(instrument[name]?.ToString() ?? "-"))]);
        }

        TableOutput.Write(table);
        return ExitCode.Success;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken stop)
    {
        JsonObject answer = await OneAsync(CtlSwitches.Operator(parsed, mayBeAlone: true), parsed, parsed.GetValue(s_symbol)!, stop).ConfigureAwait(false)
            ?? throw Unknown(parsed.GetValue(s_symbol)!);
        if (!parsed.GetValue(CtlSwitches.Json))
        {
            _ = answer.Remove("ok");
            _ = answer.Remove("record");
            foreach ((string name, JsonNode? value) in answer)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-22} {value}"));
            }

            return ExitCode.Success;
        }

        CtlVerb.WriteJson(answer);
        return ExitCode.Success;
    }

    private static async Task<int> DefineAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        List<DefineInstrumentCommand> definitions = [];
        foreach (string file in parsed.GetValue(s_files)!)
        {
            definitions.AddRange(InstrumentsFile.Parse(file, YamlRecords.ReadFile(file)));
        }

        HashSet<string> groups = [.. (await OperatorRecords.AskAllAsync(members, parsed, "markets", stop).ConfigureAwait(false)).Select(static group => group["name"]!.ToString())];
        foreach (DefineInstrumentCommand definition in definitions)
        {
            string group = definition.GroupName.ToString();
            if (group.Length != 0 && !groups.Contains(group))
            {
                throw new HostException($"{definition.Symbol}: there is no market group '{group}'; define it first with exchange ctl market define", ExitCode.BadInput);
            }

            await RequireAllowedAsync(members, parsed, definition, stop).ConfigureAwait(false);
        }

        JsonObject answer = await OperatorRecords.LogAsync(members, parsed, definitions.Select(static one => SeedFiles.Bytes(one)), stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => string.Create(CultureInfo.InvariantCulture, $"{definitions.Count} instrument{(definitions.Count == 1 ? "" : "s")} defined"));
    }

    private static async Task<int> SetAsync(ParseResult parsed, CancellationToken stop)
    {
        string symbol = parsed.GetValue(s_symbol)!;
        Dictionary<string, (string Value, long Line)> values = new(StringComparer.Ordinal);
        foreach (string setting in parsed.GetValue(s_settings)!)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            string field = equals < 0 ? setting : setting[..equals];
            if (equals < 0 || field == "symbol" || !InstrumentRecord.Fields.Contains(field))
            {
                throw new HostException($"{setting}: must be FIELD=VALUE with one of {string.Join(", ", InstrumentRecord.Fields.Where(static name => name != "symbol"))}", ExitCode.BadInput);
            }

            values[field] = (setting[(equals + 1)..], 1);
        }

        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        DefineInstrumentCommand definition = Record(await OneAsync(members, parsed, symbol, stop).ConfigureAwait(false) ?? throw Unknown(symbol));
        InstrumentRecord.Apply(new YamlRecord("instrument set", 1, values), ref definition);
        await RequireAllowedAsync(members, parsed, definition, stop).ConfigureAwait(false);
        definition.Header.Type = CommandType.DefineInstrument;
        definition.Header.Layout = CommandHeader.CurrentLayout;
        definition.Header.Length = DefineInstrumentCommand.SizeBytes;
        definition.Header.SessionId = -1;
        JsonObject answer = await OperatorRecords.LogAsync(members, parsed, [SeedFiles.Bytes(definition)], stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => $"{symbol}: {string.Join(", ", values.Select(static pair => $"{pair.Key} is {pair.Value.Value}"))}");
    }

    private static async Task RequireAllowedAsync(ClusterOperator members, ParseResult parsed, DefineInstrumentCommand definition, CancellationToken stop)
    {
        if (await OneAsync(members, parsed, definition.Symbol.ToString(), stop).ConfigureAwait(false) is { } known
            && InstrumentDefinition.ChangedForGood(Record(known), in definition) is { } fault)
        {
            throw new HostException($"{definition.Symbol}: {fault}: it never changes once defined; list a new symbol instead", ExitCode.BadInput);
        }
    }

    // Null when there is no such instrument.
    private static async Task<JsonObject?> OneAsync(ClusterOperator members, ParseResult parsed, string symbol, CancellationToken stop)
    {
        JsonObject answer = await OperatorRecords.AskAsync(members, parsed, $"instrument {symbol}", stop).ConfigureAwait(false);
        return answer["record"] is null ? null : answer;
    }

    private static DefineInstrumentCommand Record(JsonObject answer)
    {
        byte[] bytes = Convert.FromBase64String(answer["record"]!.ToString());
        return bytes.Length == DefineInstrumentCommand.SizeBytes
            ? MemoryMarshal.Read<DefineInstrumentCommand>(bytes)
            : throw new HostException("the members are of another release; use the exchange ctl of the same release");
    }

    private static HostException Unknown(string symbol) => new($"there is no instrument {symbol}; see exchange ctl instrument list", ExitCode.BadInput);
}
