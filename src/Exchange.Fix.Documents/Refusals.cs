using System.Globalization;
using System.Text;
using Exchange.Core.Orders;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Validation;
using Exchange.Gateway.Translation;
using Exchange.Protocol;

namespace Exchange.Fix.Documents;

/// <summary>Why requests are refused, with codes and words as core and gateway have them.</summary>
internal static class Refusals
{
    private const int FirstOfOrders = 100;

    /// <summary>Reasons that a report gives for what happened to an order, and that refuse nothing.</summary>
    private static readonly HashSet<ReasonCode> OfReports =
    [
        ReasonCode.NoLiquidity, ReasonCode.NotFillableInFull, ReasonCode.CancelOnDisconnect, ReasonCode.EndOfDay, ReasonCode.UserRequested, ReasonCode.MassCancelled,
        ReasonCode.MinQtyNotMet, ReasonCode.TooManyFills, ReasonCode.PriceCollar, ReasonCode.SelfTradePrevented, ReasonCode.GoodTillDateReached,
        ReasonCode.NotExecutedAtOpen, ReasonCode.NotExecutedAtClose, ReasonCode.KillSwitch, ReasonCode.MarketMakerProtection, ReasonCode.QuoteCancelled,
    ];

    /// <summary>The words of a Reject (3).</summary>
    public static string RejectWords(ushort reason) => Encoding.ASCII.GetString(ReasonText.RejectWords((SessionRejectReason)reason));

    /// <summary>The table of reasons for ExecutionReports with 150=8 and for OrderCancelRejects.</summary>
    public static string Write()
    {
        StringBuilder text = new("### Refused orders and requests\n\n");
        text.Append("| OrdRejReason (103) | CxlRejReason (102) | Text (58) |\n|---|---|---|\n");
        foreach (ReasonCode reason in Enum.GetValues<ReasonCode>().Where(code => (int)code >= FirstOfOrders && !OfReports.Contains(code)))
        {
            Refusal refusal = new(reason);
            string order = Codes(refusal.OrdRejReason, static (rules, code) => rules.OrdRejReason(code));
            string request = Codes(refusal.CxlRejReason, static (rules, code) => rules.CxlRejReason(code));
            text.Append(CultureInfo.InvariantCulture, $"| {order} | {request} | {Words(reason)} |\n");
        }

        return text.ToString();
    }

    /// <summary>The words of reports that end an order which was accepted.</summary>
    public static string WriteEndings()
    {
        StringBuilder text = new("| Text (58) |\n|---|\n");
        foreach (string words in OfReports.Order().Select(Words).Where(static words => words.Length > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {words} |\n");
        }

        return text.ToString();
    }

    private static string Words(ReasonCode reason)
    {
        string template = Encoding.ASCII.GetString(ReasonText.Template(reason));
        foreach ((string place, string word) in new[] { ("{v}", "…"), ("{V}", "…"), ("{l}", "…"), ("{L}", "…") })
        {
            template = template.Replace(place, word, StringComparison.Ordinal);
        }

        return template;
    }

    /// <summary>A code, with that of versions that lack it.</summary>
    private static string Codes(byte code, Func<VersionRules, byte, byte> inVersion)
    {
        IEnumerable<string> others = FixDictionaries.All.Where(dictionary => inVersion(VersionRules.Of(dictionary), code) != code)
            .Select(dictionary => $"{dictionary.Version["FIX.".Length..]}: {inVersion(VersionRules.Of(dictionary), code)}");
        string[] different = [.. others];
        return different.Length == 0 ? $"{code}" : $"{code} ({string.Join(", ", different)})";
    }
}
