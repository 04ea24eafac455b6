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

/// <summary>`exchange ctl protection`: market-maker protection of firms, per market group.</summary>
internal static class ProtectionCommand
{
    private const long MillisecondNs = 1_000_000;
    private const int WindowMaxMs = 3_600_000;
    private static readonly string[] s_columns = ["firm", "group", "window ms", "quantity", "of", "notional", "of", "fills", "of", "tripped", "trips"];

    private static readonly Argument<string> s_firm = new("FIRM") { Description = "The firm." };
    private static readonly Argument<string> s_group = new("GROUP") { Description = "The market group." };
    private static readonly Option<int> s_window = new("--window-ms") { Description = "Length of the window in milliseconds.", DefaultValueFactory = static _ => 1_000 };
    private static readonly Option<decimal> s_quantity = new("--quantity") { Description = "Executed quantity that trips it (default: no limit)." };
    private static readonly Option<decimal> s_notional = new("--notional") { Description = "Executed notional that trips it (default: no limit)." };
    private static readonly Option<int> s_fills = new("--fills") { Description = "Number of fills that trips it (default: no limit)." };

    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        Command set = CtlVerb.Create("set", "Set the limits of a firm's quotes in a market group; without a limit the protection is off.", [s_window, s_quantity, s_notional, s_fills], SetAsync);
        set.Add(s_firm);
        set.Add(s_group);
        Command reset = CtlVerb.Create("reset", "Reset a tripped protection, so that the firm may quote again.", [], ResetAsync);
        reset.Add(s_firm);
        reset.Add(s_group);
        return new Command("protection", "Market-maker protection: what may be executed of a firm's quotes within a window, before all of them are withdrawn.")
        {
            CtlVerb.Create("show", "Show all protections, what was executed in their windows, and which have tripped.", [], ShowAsync),
            set,
            reset,
        };
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken stop)
    {
        List<JsonObject> all = await OperatorRecords.AskAllAsync(CtlSwitches.Operator(parsed), parsed, "protections", stop).ConfigureAwait(false);
        if (parsed.GetValue(CtlSwitches.Json))
        {
            CtlVerb.WriteJson(new JsonObject { ["ok"] = true, ["protections"] = new JsonArray([.. all.Select(static one => one.DeepClone())]) });
            return ExitCode.Success;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumns(s_columns);
        foreach (JsonObject one in all)
        {
            table.AddRow(
                Markup.Escape(one["firm"]!.ToString()),
                Markup.Escape(one["group"]!.ToString()),
                Number(one, "window_ns", MillisecondNs),
                Number(one, "quantity_e8", FixedPoint.Scale),
                Number(one, "quantity_max_e8", FixedPoint.Scale),
                Number(one, "notional_e8", FixedPoint.Scale),
                Number(one, "notional_max_e8", FixedPoint.Scale),
                Number(one, "fills", 1),
                Number(one, "fills_max", 1),
                one["tripped"]!.GetValue<bool>() ? "yes" : "no",
                Number(one, "trips", 1));
        }

        TableOutput.Write(table);
        return ExitCode.Success;
    }

    private static string Number(JsonObject one, string field, long unit) =>
        ((MemberReport.NumberOf(one, field) ?? 0) / (decimal)unit).ToString("0.########", CultureInfo.InvariantCulture);

    private static async Task<int> SetAsync(ParseResult parsed, CancellationToken stop)
    {
        int windowMs = parsed.GetValue(s_window);
        int fills = parsed.GetValue(s_fills);
        if (windowMs is < 1 or > WindowMaxMs)
        {
            throw new HostException($"--window-ms {windowMs}: must be from 1 to {WindowMaxMs}", ExitCode.BadInput);
        }

        if (fills < 0)
        {
            throw new HostException($"--fills {fills}: must not be negative", ExitCode.BadInput);
        }

        SetProtectionCommand command = Command(parsed);
        command.WindowNs = windowMs * MillisecondNs;
        command.QuantityMaxE8 = E8(parsed, s_quantity, "--quantity");
        command.NotionalMaxE8 = E8(parsed, s_notional, "--notional");
        command.FillsMax = fills;
        return await LogAsync(parsed, command, "set", stop).ConfigureAwait(false);
    }

    private static async Task<int> ResetAsync(ParseResult parsed, CancellationToken stop)
    {
        SetProtectionCommand command = Command(parsed);
        command.IsReset = 1;
        return await LogAsync(parsed, command, "reset", stop).ConfigureAwait(false);
    }

    private static SetProtectionCommand Command(ParseResult parsed)
    {
        SetProtectionCommand command = default;
        command.Header.Type = CommandType.SetProtection;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = SetProtectionCommand.SizeBytes;
        command.Firm = Name(parsed.GetValue(s_firm)!, "firm");
        command.GroupName = Name(parsed.GetValue(s_group)!, "market group");
        return command;
    }

    private static Text16 Name(string name, string what) =>
        name.Length is > 0 and <= Text16.LengthMax && name.All(char.IsAscii)
            ? Text16.From(name)
            : throw new HostException($"'{name}' cannot be the name of a {what}: it has 1 to {Text16.LengthMax} ASCII characters", ExitCode.BadInput);

    private static long E8(ParseResult parsed, Option<decimal> option, string name)
    {
        decimal value = parsed.GetValue(option);
        return value >= 0 && value <= (decimal)long.MaxValue / FixedPoint.Scale && decimal.Truncate(value * FixedPoint.Scale) == value * FixedPoint.Scale
            ? (long)(value * FixedPoint.Scale)
            : throw new HostException($"{name} {value.ToString(CultureInfo.InvariantCulture)}: must not be negative, with at most eight decimals", ExitCode.BadInput);
    }

    private static async Task<int> LogAsync(ParseResult parsed, SetProtectionCommand command, string what, CancellationToken stop)
    {
        JsonObject answer = await OperatorRecords.LogAsync(CtlSwitches.Operator(parsed), parsed, [SeedFiles.Bytes(command)], stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => $"protection of {command.Firm} in {command.GroupName} is {what}");
    }
}
