using Exchange.Protocol;

namespace Exchange.Core.Quotes;

/// <summary>QuoteRejectReason (300) and QuoteEntryRejectReason (368), whose codes are the same, for the reasons of the exchange.</summary>
internal static class QuoteReasons
{
    private const byte ExchangeClosed = 2;
    private const byte ExceedsLimit = 3;
    private const byte DuplicateQuote = 6;
    private const byte InvalidPrice = 8;
    private const byte NotAuthorized = 9;

    /// <summary>The code; a version of FIX that lacks 99 gets none.</summary>
    public static byte Of(ReasonCode reason) => reason switch
    {
        ReasonCode.UnknownSymbol => 1,
        ReasonCode.MarketClosed or ReasonCode.MarketHalted or ReasonCode.CancelOnly or ReasonCode.InstrumentExpired => ExchangeClosed,
        ReasonCode.TooManyOpenOrders or ReasonCode.OrderQuantityLimit or ReasonCode.OrderNotionalLimit => ExceedsLimit,
        ReasonCode.PositionLimit or ReasonCode.GrossPositionLimit or ReasonCode.CreditLimit => ExceedsLimit,
        ReasonCode.PossResendOutsideWindow => DuplicateQuote,
        ReasonCode.QuoteCrossed => 7,
        ReasonCode.PriceMissing or ReasonCode.PriceNotOnTick or ReasonCode.PriceOutOfRange or ReasonCode.FatFinger => InvalidPrice,
        ReasonCode.EntryBlocked or ReasonCode.InstrumentRestricted or ReasonCode.ProtectionTripped or ReasonCode.UnknownAccount => NotAuthorized,
        _ => 99,
    };
}
