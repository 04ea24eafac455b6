using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl kill`: pulls and releases kill switches.</summary>
internal static class KillCommand
{
    private static readonly Option<bool> s_release = new("--release") { Description = "Release the switch: entry is allowed again, nothing else changes." };
    private static readonly Option<string> s_sender = new("--sender") { Description = "SenderCompID of the client.", Required = true };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => new("kill", "Pull a kill switch: entry is blocked at once, and all open orders and quotes concerned are cancelled. Releasing it brings no order back.")
    {
        CtlVerb.Create("market", "Everybody.", [s_release, RiskNames.Yes], (parsed, stop) => SwitchAsync(parsed, RiskScope.Market, stop)),
        CtlVerb.Create("firm", "All sessions and accounts of a firm.", [RiskNames.Firm, s_release, RiskNames.Yes], (parsed, stop) => SwitchAsync(parsed, RiskScope.Firm, stop)),
        CtlVerb.Create("session", "One FIX session.", [s_sender, s_release, RiskNames.Yes], (parsed, stop) => SwitchAsync(parsed, RiskScope.Session, stop)),
        CtlVerb.Create("account", "One account of a firm.", [RiskNames.Firm, RiskNames.Account, s_release, RiskNames.Yes], (parsed, stop) => SwitchAsync(parsed, RiskScope.Account, stop)),
        CtlVerb.Create("show", "Show which switches are pulled.", [], ShowAsync),
    };

    private static async Task<int> SwitchAsync(ParseResult parsed, RiskScope scope, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        bool isPulled = !parsed.GetValue(s_release);
        KillSwitchCommand command = new()
        {
            Header = RiskRecord.Header(CommandType.KillSwitch, KillSwitchCommand.SizeBytes),
            Scope = scope,
            IsPulled = isPulled ? (byte)1 : (byte)0,
        };
        string whom = "the whole market";
        if (scope is RiskScope.Firm or RiskScope.Account)
        {
            JsonObject firm = await RiskNames.FirmAsync(members, parsed, stop).ConfigureAwait(false);
            whom = firm["firm"]!.ToString();
            command.Firm = Text16.From(whom);
            if (scope == RiskScope.Account)
            {
                command.Account = RiskNames.AccountOf(parsed) ?? throw new HostException("name the account with --account", ExitCode.BadInput);
                whom += "/" + RiskNames.Written(command.Account.ToString());
            }
        }
        else if (scope == RiskScope.Session)
        {
            whom = parsed.GetValue(s_sender)!;
            command.Header.SessionId = await SessionAsync(members, parsed, whom, stop).ConfigureAwait(false);
        }

        if (isPulled)
        {
            RiskNames.Confirm(parsed, $"This blocks entry for {whom} and cancels all its open orders and quotes");
        }

        JsonObject answer = await OperatorRecords.LogAsync(members, parsed, [SeedFiles.Bytes(command)], stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => isPulled ? $"{whom}: entry is blocked, open orders and quotes are being cancelled" : $"{whom}: entry is allowed again, unless another switch blocks it");
    }

    private static async Task<int> SessionAsync(ClusterOperator members, ParseResult parsed, string sender, CancellationToken stop)
    {
        JsonObject list = await members.AskLeaderAsync(new JsonObject { ["verb"] = "session-list" }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        JsonObject[] found = [.. (list["sessions"] as JsonArray ?? []).OfType<JsonObject>().Where(one => one["sender"]?.ToString() == sender)];
        return found.Length == 1 && MemberReport.NumberOf(found[0], "id") is { } id
            ? (int)id
            : throw new HostException(found.Length == 0 ? $"there is no session {sender}; see exchange ctl session list" : $"{found.Length} sessions have the SenderCompID {sender}; kill their firms instead", ExitCode.BadInput);
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        JsonObject switches = await OperatorRecords.AskAsync(members, parsed, "switches", stop).ConfigureAwait(false);
        List<JsonObject> firms = await OperatorRecords.AskAllAsync(members, parsed, "firms", stop).ConfigureAwait(false);
        List<JsonObject> accounts = await OperatorRecords.AskAllAsync(members, parsed, "accounts", stop).ConfigureAwait(false);
        List<JsonObject> pulled = [];
        void Add(string scope, string name) => pulled.Add(new JsonObject { ["scope"] = scope, ["name"] = name });
        if (MemberReport.FlagOf(switches, "market_killed"))
        {
            Add("market", "-");
        }

        firms.Where(static one => MemberReport.FlagOf(one, "killed")).ToList().ForEach(one => Add("firm", one["firm"]!.ToString()));
        (switches["sessions_killed"] as JsonArray ?? []).ToList().ForEach(one => Add("session", one!.ToString()));
        accounts.Where(static one => MemberReport.FlagOf(one, "killed")).ToList().ForEach(one => Add("account", $"{one["firm"]}/{RiskNames.Written(one["account"]?.ToString())}"));
        return RiskNames.Write(parsed, "switches", pulled, ["scope", "name"]);
    }
}
