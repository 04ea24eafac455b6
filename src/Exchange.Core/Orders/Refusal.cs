using Exchange.Protocol;

namespace Exchange.Core.Orders;

/// <summary>Why a request is refused, with the offending value and the limit where the words name them.</summary>
/// <param name="Reason">The reason; <see cref="ReasonCode.None"/> when the request is not refused.</param>
/// <param name="Value">The offending value.</param>
/// <param name="Limit">The limit.</param>
internal readonly record struct Refusal(ReasonCode Reason, long Value = 0, long Limit = 0)
{
    private const byte BrokerOption = 2;
    private const byte ExchangeClosed = 2;
    private const byte ExceedsLimit = 3;
    private const byte UnsupportedCharacteristic = 11;

    /// <summary>Not refused.</summary>
    public static Refusal None => default;

    /// <summary>Whether there is a refusal.</summary>
    public bool IsRefused => Reason != ReasonCode.None;

    /// <summary>OrdRejReason (103) for the reason; a version of FIX that lacks the code gets 99 or 0.</summary>
    public byte OrdRejReason => Reason switch
    {
        ReasonCode.UnknownSymbol => 1,
        ReasonCode.MarketClosed or ReasonCode.MarketHalted or ReasonCode.CancelOnly or ReasonCode.InstrumentExpired => ExchangeClosed,
        ReasonCode.TooManyOpenOrders or ReasonCode.OrderQuantityLimit or ReasonCode.OrderNotionalLimit => ExceedsLimit,
        ReasonCode.PositionLimit or ReasonCode.GrossPositionLimit or ReasonCode.CreditLimit or ReasonCode.OrderRate => ExceedsLimit,
        ReasonCode.UnknownOrder or ReasonCode.NoOrderMatches => 5,
        ReasonCode.DuplicateClOrdId => 6,
        ReasonCode.UnsupportedOrdType or ReasonCode.UnsupportedTimeInForce or ReasonCode.UnsupportedSide => UnsupportedCharacteristic,
        ReasonCode.UnsupportedCombination or ReasonCode.PhaseForbidsOrder or ReasonCode.StopPriceNotAllowed => UnsupportedCharacteristic,
        ReasonCode.DisplayNotAllowed or ReasonCode.MinQtyNotAllowed or ReasonCode.ExpireTimeNotAllowed => UnsupportedCharacteristic,
        ReasonCode.QuantityNotOnStep or ReasonCode.QuantityOutOfRange or ReasonCode.DisplayOutOfRange or ReasonCode.MinQtyOutOfRange => 13,
        ReasonCode.UnknownAccount => 15,
        _ => 99,
    };

    /// <summary>CxlRejReason (102) for the reason; a version of FIX that lacks the code gets 99 or 2.</summary>
    public byte CxlRejReason => Reason switch
    {
        ReasonCode.TooLateToCancel => 0,
        ReasonCode.UnknownOrder => 1,
        ReasonCode.DuplicateClOrdId => 6,
        _ => BrokerOption,
    };

    /// <summary>MassActionRejectReason (1376) for the reason.</summary>
    public byte MassActionRejectReason => Reason switch
    {
        ReasonCode.UnsupportedMassScope => 0,
        ReasonCode.UnknownSymbol or ReasonCode.SymbolMissing => 1,
        ReasonCode.UnknownMarketGroup => 6,
        _ => 99,
    };

    /// <summary>MassCancelRejectReason (532) for the reason, FIX 4.4.</summary>
    public byte MassCancelRejectReason => Reason switch
    {
        ReasonCode.UnsupportedMassScope => 0,
        ReasonCode.UnknownSymbol or ReasonCode.SymbolMissing => 1,
        ReasonCode.UnknownMarketGroup => 6,
        _ => 99,
    };
}
