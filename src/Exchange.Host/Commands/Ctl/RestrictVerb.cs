using System.CommandLine;
using System.Text.Json.Nodes;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl restrict`: forbids a firm or an account an instrument.</summary>
internal static class RestrictVerb
{
    private static readonly Option<string> s_symbol = new("--symbol") { Description = "The instrument.", Required = true };
    private static readonly Option<bool> s_release = new("--release") { Description = "Allow it again." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.Create(
        "restrict", "Forbid a firm or an account an instrument: new orders and replacements are refused, open orders stay.", [RiskNames.Firm, RiskNames.Account, s_symbol, s_release], RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        string firm = (await RiskNames.FirmAsync(members, parsed, stop).ConfigureAwait(false))["firm"]!.ToString();
        Text16? account = RiskNames.AccountOf(parsed);
        string symbol = parsed.GetValue(s_symbol)!;
        bool isRestricted = !parsed.GetValue(s_release);
        if (symbol.Length > Text24.LengthMax)
        {
            throw new HostException($"--symbol {symbol}: at most {Text24.LengthMax} characters", ExitCode.BadInput);
        }

        RestrictCommand command = RiskRecord.Restrict(Text16.From(firm), account, symbol, isRestricted);
        JsonObject answer = await OperatorRecords.LogAsync(members, parsed, [SeedFiles.Bytes(command)], stop).ConfigureAwait(false);
        string whom = firm + (account is { } one ? "/" + RiskNames.Written(one.ToString()) : "");
        if (CtlVerb.IsOk(answer) && await IsRestrictedAsync(members, parsed, firm, account, symbol, stop).ConfigureAwait(false) != isRestricted)
        {
            throw new HostException($"{whom} is not {(isRestricted ? "restricted" : "allowed")}: there is no instrument {symbol}, or no such account", ExitCode.BadInput);
        }

        return CtlVerb.Tell(parsed, answer, _ => $"{whom}: {(isRestricted ? "may not trade" : "may trade")} {symbol}");
    }

    private static async Task<bool> IsRestrictedAsync(ClusterOperator members, ParseResult parsed, string firm, Text16? account, string symbol, CancellationToken stop)
    {
        string topic = account is null ? "firms" : "accounts";
        List<JsonObject> all = await OperatorRecords.AskAllAsync(members, parsed, topic, stop).ConfigureAwait(false);
        JsonObject? found = all.Find(one => one["firm"]?.ToString() == firm && (account is null || one["account"]?.ToString() == account.Value.ToString()));
        return (found?["restricted"] as JsonArray ?? []).Any(one => one?.ToString() == symbol);
    }
}
