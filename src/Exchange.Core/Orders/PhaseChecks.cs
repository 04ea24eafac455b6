using System.Runtime.CompilerServices;
using Exchange.Core.Markets;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

/// <summary>Whether a market takes an order in its present phase (trading rules 2.1, 2.4 and 3.11).</summary>
internal static class PhaseChecks
{
    /// <summary>Checks a new order or a replacement.</summary>
    /// <param name="market">The market.</param>
    /// <param name="timeInForce">The order's time in force.</param>
    /// <param name="minLots">Its minimum quantity; 0 when it has none.</param>
    /// <param name="context">The command.</param>
    public static Refusal Check(Market market, TimeInForce timeInForce, long minLots, in CommandContext context)
    {
        long expiryNs = market.Instrument.Definition.ExpiryNs;
        if (expiryNs != 0 && context.LogTimeNs >= expiryNs)
        {
            return new Refusal(ReasonCode.InstrumentExpired);
        }

        return market.Phase == MarketPhase.Continuous && timeInForce != TimeInForce.AtTheOpening
            ? Refusal.None
            : CheckPhase(market.Phase, timeInForce, minLots);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Refusal CheckPhase(MarketPhase phase, TimeInForce timeInForce, long minLots)
    {
        ReasonCode reason = phase switch
        {
            MarketPhase.Closed => ReasonCode.MarketClosed,
            MarketPhase.Halt => ReasonCode.MarketHalted,
            MarketPhase.CancelOnly => ReasonCode.CancelOnly,
            MarketPhase.Uncrossing => ReasonCode.MarketUncrossing,
            _ => IsTaken(phase, timeInForce, minLots) ? ReasonCode.None : ReasonCode.PhaseForbidsOrder,
        };
        return reason == ReasonCode.None ? Refusal.None : new Refusal(reason);
    }

    // In a phase in which orders are taken.
    private static bool IsTaken(MarketPhase phase, TimeInForce timeInForce, long minLots)
    {
        if (minLots != 0 && phase != MarketPhase.Continuous)
        {
            return false;
        }

        return timeInForce switch
        {
            TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill => phase == MarketPhase.Continuous,
            TimeInForce.AtTheOpening => phase is MarketPhase.PreOpen or MarketPhase.OpeningAuction,
            _ => true,
        };
    }
}
