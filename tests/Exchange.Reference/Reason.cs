using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Reference;

/// <summary>Why something is refused or ended, with value and limit.</summary>
internal readonly record struct Reason(ReasonCode Code, long Value = 0, long Limit = 0)
{
    public static readonly Reason None = new(ReasonCode.None);

    public bool IsNone => Code == ReasonCode.None;

    /// <summary>OrdRejReason (103), see the table of the rules of engagement.</summary>
    public byte OrdRejReason => Code switch
    {
        ReasonCode.None => ExecutionReportEvent.NoReason,
        ReasonCode.UnknownSymbol => 1,
        ReasonCode.QuantityNotOnStep or ReasonCode.QuantityOutOfRange or ReasonCode.DisplayOutOfRange or ReasonCode.MinQtyOutOfRange => 13,
        ReasonCode.DuplicateClOrdId => 6,
        ReasonCode.UnknownOrder or ReasonCode.NoOrderMatches => 5,
        ReasonCode.UnsupportedOrdType or ReasonCode.UnsupportedTimeInForce or ReasonCode.UnsupportedSide or ReasonCode.UnsupportedCombination
            or ReasonCode.StopPriceNotAllowed or ReasonCode.DisplayNotAllowed or ReasonCode.MinQtyNotAllowed or ReasonCode.ExpireTimeNotAllowed or ReasonCode.PhaseForbidsOrder => 11,
        ReasonCode.TooManyOpenOrders or ReasonCode.OrderRate => 3,
        ReasonCode.MarketClosed or ReasonCode.MarketHalted or ReasonCode.CancelOnly or ReasonCode.InstrumentExpired => 2,
        ReasonCode.UnknownAccount => 15,
        ReasonCode.OrderQuantityLimit or ReasonCode.OrderNotionalLimit or ReasonCode.PositionLimit or ReasonCode.GrossPositionLimit or ReasonCode.CreditLimit => 3,
        _ => 99,
    };

    /// <summary>CxlRejReason (102).</summary>
    public byte CxlRejReason => Code switch
    {
        ReasonCode.DuplicateClOrdId => 6,
        ReasonCode.UnknownOrder => 1,
        ReasonCode.TooLateToCancel => 0,
        _ => 2,
    };
}
