using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl limits`: shows and sets the risk limits of firms and accounts.</summary>
internal static class LimitsCommand
{
    private const long NsPerMs = 1_000_000;

    private static readonly Option<string[]> s_set = new("--set") { Description = "FIELD=VALUE, a limit as the limits file names it, such as --set creditMax=1000000; 0 takes it away. Several are possible; what is not named stays.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> s_file = new("--file") { Description = "Limits file: sets all limits of every firm and account in it, and its restrictions." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => new("limits", "Show and set risk limits of firms and accounts. Every change goes through the log and counts for the next order.")
    {
        CtlVerb.Create("show", "Show firms, or with --firm the accounts of one, with their limits and what is used of them.", [RiskNames.Firm], ShowAsync),
        CtlVerb.Create("set", "Set limits of a firm or an account, or those of a file.", [RiskNames.Firm, RiskNames.Account, s_set, s_file], SetAsync),
    };

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        if (parsed.GetValue(RiskNames.Firm) is null)
        {
            List<JsonObject> firms = await OperatorRecords.AskAllAsync(members, parsed, "firms", stop).ConfigureAwait(false);
            return RiskNames.Write(parsed, "firms", firms, ["firm", "participants", "killed", "limits", "restricted", "open_orders", "open_notional", "executed_today"]);
        }

        string firm = (await RiskNames.FirmAsync(members, parsed, stop).ConfigureAwait(false))["firm"]!.ToString();
        List<JsonObject> accounts = await OperatorRecords.AskAllAsync(members, parsed, "accounts", stop).ConfigureAwait(false);
        return RiskNames.Write(
            parsed, "accounts", accounts.Where(one => one["firm"]?.ToString() == firm), ["account", "listed", "killed", "limits", "restricted", "open_orders", "open_notional", "executed_today", "gross_position"]);
    }

    private static async Task<int> SetAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        string[] settings = parsed.GetValue(s_set) ?? [];
        if (parsed.GetValue(s_file) is { } file)
        {
            if (settings.Length != 0 || parsed.GetValue(RiskNames.Firm) is not null || parsed.GetValue(RiskNames.Account) is not null)
            {
                throw new HostException("--file says all about its firms; leave --firm, --account and --set out", ExitCode.BadInput);
            }

            List<JsonObject> firms = await OperatorRecords.AskAllAsync(members, parsed, "firms", stop).ConfigureAwait(false);
            List<byte[]> commands = LimitsFile.Parse(file, YamlRecords.ReadFile(file), name => Known(
                firms.Find(one => one["firm"]?.ToString() == name) ?? throw new HostException($"{file}: there is no firm {name}; see exchange ctl limits show", ExitCode.BadInput)).SelfTradeMode);
            JsonObject done = await OperatorRecords.LogAsync(members, parsed, commands, stop).ConfigureAwait(false);
            return CtlVerb.Tell(parsed, done, _ => FormattableString.Invariant($"{commands.Count} limits and restrictions set"));
        }

        if (settings.Length == 0)
        {
            throw new HostException($"say what to set: --set FIELD=VALUE with one of {string.Join(", ", RiskRecord.Limits)}; or --file FILE", ExitCode.BadInput);
        }

        JsonObject firm = await RiskNames.FirmAsync(members, parsed, stop).ConfigureAwait(false);
        string name = firm["firm"]!.ToString();
        Text16? account = RiskNames.AccountOf(parsed);
        SetLimitsCommand known = account is { } wanted ? await KnownAccountAsync(members, parsed, firm, wanted.ToString(), stop).ConfigureAwait(false) : Known(firm);
        SetLimitsCommand command = RiskRecord.Read(Record(name, parsed.GetValue(RiskNames.Account), settings), in known);
        JsonObject answer = await OperatorRecords.LogAsync(members, parsed, [SeedFiles.Bytes(command)], stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => $"{name}{(account is { } told ? "/" + RiskNames.Written(told.ToString()) : "")}: {string.Join(", ", settings)}");
    }

    private static YamlRecord Record(string firm, string? account, string[] settings)
    {
        Dictionary<string, (string Value, long Line)> values = new(StringComparer.Ordinal) { ["firm"] = (firm, 1) };
        if (account is not null)
        {
            values["account"] = (account, 1);
        }

        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            string field = equals < 0 ? setting : setting[..equals];
            if (equals < 0 || !RiskRecord.Limits.Contains(field))
            {
                throw new HostException($"--set {setting}: must be FIELD=VALUE with one of {string.Join(", ", RiskRecord.Limits)}", ExitCode.BadInput);
            }

            values[field] = (setting[(equals + 1)..], 1);
        }

        return new YamlRecord("--set", 1, values);
    }

    private static async Task<SetLimitsCommand> KnownAccountAsync(ClusterOperator members, ParseResult parsed, JsonObject firm, string account, CancellationToken stop)
    {
        string name = firm["firm"]!.ToString();
        List<JsonObject> accounts = await OperatorRecords.AskAllAsync(members, parsed, "accounts", stop).ConfigureAwait(false);
        if (accounts.Find(one => one["firm"]?.ToString() == name && one["account"]?.ToString() == account) is { } known)
        {
            return Known(known);
        }

        return MemberReport.NumberOf(firm, "accounts_listed") is null or 0
            ? default
            : throw new HostException($"{name} has listed accounts, and {RiskNames.Written(account)} is none of them; see exchange ctl account list --firm {name}", ExitCode.BadInput);
    }

    private static SetLimitsCommand Known(JsonObject record)
    {
        JsonObject limits = record["limits"] as JsonObject ?? [];
        long Number(string field) => MemberReport.NumberOf(limits, field) ?? 0;
        long Decimal(string field) => RiskRecord.TryE8(limits[field]?.ToString() ?? "0", out long valueE8) ? valueE8 : 0;
        return new SetLimitsCommand
        {
            SelfTradeMode = Enum.TryParse(limits["selfTrade"]?.ToString(), out SelfTradeMode mode) ? mode : SelfTradeMode.None,
            OrderQuantityMaxE8 = Decimal("orderQuantityMax"),
            OrderNotionalMaxE8 = Decimal("orderNotionalMax"),
            FatFingerBp = (int)Number("fatFingerBp"),
            OpenOrdersMax = (int)Number("openOrdersMax"),
            OrdersPerSecondMax = (int)Number("ordersPerSecondMax"),
            RepeatedOrdersMax = (int)Number("repeatedOrdersMax"),
            RepeatedWindowNs = Number("repeatedWindowMs") * NsPerMs,
            PositionMaxE8 = Decimal("positionMax"),
            GrossPositionMaxE8 = Decimal("grossPositionMax"),
            CreditMaxE8 = Decimal("creditMax"),
        };
    }
}
