using Exchange.Core.Instruments;
using Exchange.Core.Requests;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

/// <summary>
/// Takes requests about many of a session's own open orders at once: all of them, or those of one security, on one side or both. What can
/// be carried out becomes a long request; the rest is refused at once. A mass cancel uses up its ClOrdID like any other request, and gets a
/// number of its own from the counter of orders, so that exactly the orders with lower numbers were entered before it.
/// </summary>
internal sealed class MassRequests(
    OrderEntry orders, OrderLookup lookup, OrderReports reports, LongRequests requests, InstrumentTable instruments, OrderCounters counters)
{
    /// <summary>OrderMassStatusRequest (AF).</summary>
    public void Status(int sessionId, in MassOrderCommand command, in CommandContext context)
    {
        OrderSession session = orders.SessionOf(sessionId);
        LongRequest request = RequestOf(in command, LongRequestKind.MassStatus);
        Refusal refusal = Check(session, in command, ref request);
        if (refusal.IsRefused)
        {
            reports.MassStatusRefused(sessionId, in request, refusal, in context);
            return;
        }

        request.Number = counters.OrderId;
        requests.Start(session, in request, in context);
    }

    /// <summary>OrderMassCancelRequest (q).</summary>
    public void Cancel(int sessionId, in MassOrderCommand command, in CommandContext context)
    {
        OrderSession session = orders.SessionOf(sessionId);
        LongRequest request = RequestOf(in command, LongRequestKind.MassCancel);
        if (lookup.IsUsed(session, in command.RequestId, out _))
        {
            // Also when it comes again as a PossResend: orders that were entered since must not be cancelled by it.
            reports.MassCancelRefused(sessionId, in request, new Refusal(ReasonCode.DuplicateClOrdId), in context);
            return;
        }

        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        Refusal refusal = isResend && session.Window.HasForgotten
            ? new Refusal(ReasonCode.PossResendOutsideWindow)
            : Check(session, in command, ref request);
        lookup.Remember(session, in command.RequestId, -(long)refusal.Reason);
        if (refusal.IsRefused)
        {
            reports.MassCancelRefused(sessionId, in request, refusal, in context);
            return;
        }

        request.Number = ++counters.OrderId;
        requests.Start(session, in request, in context);
    }

    private static LongRequest RequestOf(in MassOrderCommand command, LongRequestKind kind) => new()
    {
        RequestId = command.RequestId,
        Symbol = command.Symbol,
        InstrumentId = -1,
        Kind = kind,
        Scope = command.Scope,
        Side = command.Side,
    };

    private Refusal Check(OrderSession session, in MassOrderCommand command, ref LongRequest request)
    {
        bool contradictsItself = command.Scope == MassScope.All && !command.Symbol.IsEmpty;
        if (command.Scope is not (MassScope.Security or MassScope.All) || command.IsNarrowed != 0 || contradictsItself)
        {
            return new Refusal(ReasonCode.UnsupportedMassScope);
        }

        if (command.Side is not (Side.None or Side.Buy or Side.Sell))
        {
            return new Refusal(ReasonCode.UnsupportedSide, (long)command.Side);
        }

        if (command.Scope == MassScope.Security)
        {
            if (command.Symbol.IsEmpty)
            {
                return new Refusal(ReasonCode.SymbolMissing);
            }

            if (!instruments.TryFind(in command.Symbol, out Instrument? instrument))
            {
                return new Refusal(ReasonCode.UnknownSymbol);
            }

            request.InstrumentId = instrument.Id;
        }

        return session.Requests.IsFull ? new Refusal(ReasonCode.TooManyRequests, 0, RequestQueue.CountMax) : Refusal.None;
    }
}
