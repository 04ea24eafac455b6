using System.CommandLine;
using System.Text.Json.Nodes;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl positions`: what accounts have and could come to have.</summary>
internal static class PositionsCommand
{
    private static readonly Option<string?> s_symbol = new("--symbol") { Description = "One instrument only." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.Create(
        "positions", "Show positions, what was traded today and what is open; of all, or of a firm, an account, an instrument.", [RiskNames.Firm, RiskNames.Account, s_symbol], RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        List<JsonObject> positions = await OperatorRecords.AskAllAsync(CtlSwitches.Operator(parsed, mayBeAlone: true), parsed, "positions", stop).ConfigureAwait(false);
        string? firm = parsed.GetValue(RiskNames.Firm);
        string? account = RiskNames.AccountOf(parsed)?.ToString();
        string? symbol = parsed.GetValue(s_symbol);
        bool IsMeant(JsonObject one) => (firm is null || one["firm"]?.ToString() == firm) && (account is null || one["account"]?.ToString() == account)
            && (symbol is null || one["symbol"]?.ToString() == symbol);
        return RiskNames.Write(
            parsed, "positions", positions.Where(IsMeant), ["firm", "account", "symbol", "net", "bought_today", "sold_today", "open_buy", "open_sell", "open_orders", "executed_today"]);
    }
}
