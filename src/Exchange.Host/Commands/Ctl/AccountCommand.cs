using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl account`: lists the accounts that a firm may use, and puts participants into firms.</summary>
internal static class AccountCommand
{
    private static readonly Option<string> s_sender = new("--sender") { Description = "SenderCompID of the client.", Required = true };
    private static readonly Option<string?> s_default = new("--default") { Description = "Account of orders that name none; - for the one without a name (default)." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => new("account", "Say which accounts a firm may use. A firm without listed accounts may use any.")
    {
        CtlVerb.Create("list", "Show accounts, with --firm those of one firm.", [RiskNames.Firm], ListAsync),
        CtlVerb.Create("add", "List an account of a firm; with the first one, all others are unknown.", [RiskNames.Firm, RiskNames.Account], AddAsync),
        CtlVerb.Create("assign", "Put a participant without open orders into a firm, new or known.", [s_sender, RiskNames.Firm, s_default], AssignAsync),
    };

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        List<JsonObject> accounts = await OperatorRecords.AskAllAsync(members, parsed, "accounts", stop).ConfigureAwait(false);
        string? firm = parsed.GetValue(RiskNames.Firm);
        return RiskNames.Write(parsed, "accounts", accounts.Where(one => firm is null || one["firm"]?.ToString() == firm), ["firm", "account", "listed", "killed", "open_orders", "gross_position"]);
    }

    private static async Task<int> AddAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        string firm = (await RiskNames.FirmAsync(members, parsed, stop).ConfigureAwait(false))["firm"]!.ToString();
        Text16 account = RiskNames.AccountOf(parsed) ?? throw new HostException("name the account with --account", ExitCode.BadInput);
        DefineAccountCommand command = RiskRecord.List(Text16.From(firm), account);
        JsonObject answer = await OperatorRecords.LogAsync(members, parsed, [SeedFiles.Bytes(command)], stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => $"{firm}/{RiskNames.Written(account.ToString())}: listed");
    }

    private static async Task<int> AssignAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        string sender = parsed.GetValue(s_sender)!;
        string firm = parsed.GetValue(RiskNames.Firm) ?? throw new HostException("name the firm with --firm", ExitCode.BadInput);
        string standard = parsed.GetValue(s_default) ?? "-";
        if (firm.Length is 0 or > Text16.LengthMax || standard.Length > Text16.LengthMax)
        {
            throw new HostException($"names of firms and accounts have at most {Text16.LengthMax} characters", ExitCode.BadInput);
        }

        JsonObject list = await members.AskLeaderAsync(new JsonObject { ["verb"] = "session-list" }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        JsonObject session = (list["sessions"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(one => one["sender"]?.ToString() == sender)
            ?? throw new HostException($"there is no session {sender}; see exchange ctl session list", ExitCode.BadInput);
        AssignFirmCommand command = FirmRecord.Assign((int)(MemberReport.NumberOf(session, "id") ?? -1), firm, standard);
        JsonObject answer = await OperatorRecords.LogAsync(members, parsed, [SeedFiles.Bytes(command)], stop).ConfigureAwait(false);
        if (CtlVerb.IsOk(answer))
        {
            List<JsonObject> firms = await OperatorRecords.AskAllAsync(members, parsed, "firms", stop).ConfigureAwait(false);
            bool isThere = firms.Exists(one => one["firm"]?.ToString() == firm && (one["participants"] as JsonArray ?? []).Any(name => name?.ToString() == sender));
            return isThere ? CtlVerb.Tell(parsed, answer, _ => $"{sender}: in firm {firm}, default account {standard}") : throw new HostException($"{sender} has open orders or quotes, so it stays in its firm; cancel them first");
        }

        return CtlVerb.Tell(parsed, answer, static _ => string.Empty);
    }
}
