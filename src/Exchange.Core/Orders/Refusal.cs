using Exchange.Protocol;

namespace Exchange.Core.Orders;

/// <summary>Why a request is refused, with the offending value and the limit where the words name them.</summary>
/// <param name="Reason">The reason; <see cref="ReasonCode.None"/> when the request is not refused.</param>
/// <param name="Value">The offending value.</param>
/// <param name="Limit">The limit.</param>
internal readonly record struct Refusal(ReasonCode Reason, long Value = 0, long Limit = 0)
{
    private const byte BrokerOption = 2;

    /// <summary>Not refused.</summary>
    public static Refusal None => default;

    /// <summary>Whether there is a refusal.</summary>
    public bool IsRefused => Reason != ReasonCode.None;

    /// <summary>OrdRejReason (103) for the reason, FIX 4.4.</summary>
    public byte OrdRejReason => Reason switch
    {
        ReasonCode.UnknownSymbol => 1,
        ReasonCode.TooManyOpenOrders => 3,
        ReasonCode.UnknownOrder or ReasonCode.NoOrderMatches => 5,
        ReasonCode.DuplicateClOrdId => 6,
        ReasonCode.UnsupportedOrdType or ReasonCode.UnsupportedTimeInForce or ReasonCode.UnsupportedSide => 11,
        ReasonCode.QuantityNotOnStep or ReasonCode.QuantityOutOfRange => 13,
        _ => 99,
    };

    /// <summary>CxlRejReason (102) for the reason, FIX 4.4.</summary>
    public byte CxlRejReason => Reason switch
    {
        ReasonCode.TooLateToCancel => 0,
        ReasonCode.UnknownOrder => 1,
        ReasonCode.DuplicateClOrdId => 6,
        _ => BrokerOption,
    };

    /// <summary>MassCancelRejectReason (532) for the reason, FIX 4.4.</summary>
    public byte MassCancelRejectReason => Reason switch
    {
        ReasonCode.UnsupportedMassScope => 0,
        ReasonCode.UnknownSymbol or ReasonCode.SymbolMissing => 1,
        _ => 99,
    };
}
