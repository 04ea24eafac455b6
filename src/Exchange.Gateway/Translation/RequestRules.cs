using Exchange.Fix.Dictionary;

namespace Exchange.Gateway.Translation;

/// <summary>What our answers about instruments, and news, differ by between versions of FIX, asked of the version's dictionary once.</summary>
internal sealed class RequestRules
{
    /// <summary>Stands for a code that the version does not have, nor a substitute.</summary>
    public const byte NoCode = 255;

    private static readonly Dictionary<FixDictionary, RequestRules> _all = FixDictionaries.All.ToDictionary(dictionary => dictionary, dictionary => new RequestRules(dictionary));

    private readonly byte[] _quoteRejectReasons;

    private RequestRules(FixDictionary dictionary)
    {
        HasMassStatus = dictionary.Has(FixMessageKind.ExecutionReport, FixTag.MassStatusReqID);
        HasMassCancelReport = dictionary.Message(FixMessageKind.OrderMassCancelReport) is not null;
        HasSecurityList = dictionary.Message(FixMessageKind.SecurityList) is not null;
        HasMassActionReportId = dictionary.Has(FixMessageKind.OrderMassCancelReport, FixTag.MassActionReportID);
        HasTotalOfDefinitions = dictionary.Has(FixMessageKind.SecurityDefinition, FixTag.TotNoRelatedSym);
        HasPriceIncrement = dictionary.Has(FixMessageKind.SecurityDefinition, FixTag.MinPriceIncrement);
        HasRoundLot = dictionary.Has(FixMessageKind.SecurityDefinition, FixTag.RoundLot);
        HasMarketSegments = dictionary.Has(FixMessageKind.SecurityDefinition, FixTag.NoMarketSegments);
        HasListResponse = dictionary.Field(FixTag.SecurityResponseType)!.Codes.Any(static code => code.Value == "4");
        HasStatusText = dictionary.Has(FixMessageKind.SecurityStatus, FixTag.Text);
        HasSessionRejectReason = dictionary.Has(FixMessageKind.TradingSessionStatus, FixTag.TradSesStatusRejReason);
        HasMassActionReport = dictionary.Message(FixMessageKind.OrderMassActionReport) is not null;
        HasQuoteAccount = dictionary.Has(FixMessageKind.MassQuoteAcknowledgement, FixTag.Account);
        HasQuoteEntryStatus = dictionary.Field(FixTag.QuoteEntryStatus) is not null;
        _quoteRejectReasons = VersionRules.Codes(dictionary, FixTag.QuoteRejectReason, 99, NoCode);
        HasMaturityDate = dictionary.Has(FixMessageKind.SecurityDefinition, FixTag.MaturityDate);
        HasTradingSessionSubId = dictionary.Has(FixMessageKind.TradingSessionStatus, FixTag.TradingSessionSubID);
        HasOpeningCodes = dictionary.Field(FixTag.SecurityTradingStatus)!.Codes.Any(static code => code.Value == "22");
        HasCrossCodes = dictionary.Field(FixTag.SecurityTradingStatus)!.Codes.Any(static code => code.Value == "25");
        HasNewsId = dictionary.Has(FixMessageKind.News, FixTag.NewsID);
    }

    /// <summary>MassStatusReqID (584) and what goes with it belong to a report.</summary>
    public bool HasMassStatus { get; }

    /// <summary>There is an OrderMassCancelReport (r).</summary>
    public bool HasMassCancelReport { get; }

    /// <summary>There is a SecurityList (y).</summary>
    public bool HasSecurityList { get; }

    /// <summary>MassActionReportID (1369) belongs to an OrderMassCancelReport.</summary>
    public bool HasMassActionReportId { get; }

    /// <summary>TotalNumSecurities (393) belongs to a SecurityDefinition.</summary>
    public bool HasTotalOfDefinitions { get; }

    /// <summary>MinPriceIncrement (969) belongs to the description of an instrument.</summary>
    public bool HasPriceIncrement { get; }

    /// <summary>RoundLot (561) and MinTradeVol (562) belong to a SecurityDefinition itself.</summary>
    public bool HasRoundLot { get; }

    /// <summary>The quantities of a SecurityDefinition stand in a group by market.</summary>
    public bool HasMarketSegments { get; }

    /// <summary>SecurityResponseType (323) has a value of its own for one of a list.</summary>
    public bool HasListResponse { get; }

    /// <summary>Text (58) belongs to a SecurityStatus.</summary>
    public bool HasStatusText { get; }

    /// <summary>TradSesStatus (340) can say that a request is rejected, and TradSesStatusRejReason (567) why.</summary>
    public bool HasSessionRejectReason { get; }

    /// <summary>MaturityDate (541) belongs to the description of an instrument; before, MaturityDay (205) does.</summary>
    public bool HasMaturityDate { get; }

    /// <summary>TradingSessionSubID (625) belongs to a TradingSessionStatus.</summary>
    public bool HasTradingSessionSubId { get; }

    /// <summary>SecurityTradingStatus (326) knows pre-open (21) and opening rotation (22).</summary>
    public bool HasOpeningCodes { get; }

    /// <summary>SecurityTradingStatus (326) knows pre-cross (24) and cross (25).</summary>
    public bool HasCrossCodes { get; }

    /// <summary>NewsID (1472) belongs to News.</summary>
    public bool HasNewsId { get; }

    /// <summary>There is an OrderMassActionReport (BZ).</summary>
    public bool HasMassActionReport { get; }

    /// <summary>Account (1) belongs to a MassQuoteAcknowledgement.</summary>
    public bool HasQuoteAccount { get; }

    /// <summary>QuoteEntryStatus (1167) belongs to an entry of it.</summary>
    public bool HasQuoteEntryStatus { get; }

    /// <summary>QuoteRejectReason (300) and QuoteEntryRejectReason (368), whose codes are the same, as the version has them; <see cref="NoCode"/> to be left out.</summary>
    public byte QuoteRejectReason(byte reason) => _quoteRejectReasons[reason];

    /// <summary>The rules of a dictionary.</summary>
    public static RequestRules Of(FixDictionary dictionary) => _all[dictionary];
}
