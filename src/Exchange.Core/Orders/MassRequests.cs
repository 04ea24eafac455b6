using Exchange.Core.Instruments;
using Exchange.Core.Requests;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>
/// Takes requests about many of a session's own open orders at once: all of them, or those of one security or market group, on one side or
/// both, of one account or any. What can be carried out becomes a long request; the rest is refused at once. A mass cancel uses up its
/// ClOrdID like any other request, and gets a number of its own from the counter of orders, so that exactly the orders with lower numbers
/// were entered before it.
/// </summary>
internal sealed class MassRequests(
    OrderEntry orders, OrderLookup lookup, OrderReports reports, LongRequests requests, InstrumentTable instruments, OrderCounters counters)
{
    /// <summary>MassActionType (1373): cancel orders.</summary>
    public const int CancelAction = 3;

    private const int SecurityScope = 1;
    private const int GroupScope = 6;
    private const int AllScope = 7;

    /// <summary>The group of instruments that name none.</summary>
    public static readonly Text16 MainGroup = Text16.From("MAIN");

    /// <summary>Name of the market group of an instrument.</summary>
    public static Text16 GroupOf(Instrument instrument) => instrument.Definition.GroupName.IsEmpty ? MainGroup : instrument.Definition.GroupName;

    /// <summary>Whether there is a market group of that name.</summary>
    public static bool IsGroup(InstrumentTable instruments, in Text16 name)
    {
        for (int id = 0; id < instruments.Count; id++)
        {
            if (instruments[id].Definition.GroupName == name && !name.IsEmpty)
            {
                return true;
            }
        }

        return name == MainGroup;
    }

    /// <summary>OrderMassStatusRequest (AF).</summary>
    public void Status(int sessionId, in MassOrderCommand command, in CommandContext context)
    {
        OrderSession session = orders.SessionOf(sessionId);
        LongRequest request = RequestOf(in command, LongRequestKind.MassStatus);
        Refusal refusal = command.Scope == MassScope.TradingSession || !command.GroupName.IsEmpty
            ? new Refusal(ReasonCode.UnsupportedMassScope)
            : Check(session, command.Scope, command.IsNarrowed != 0, ref request);
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
        Refusal refusal = Take(session, in command.Header, command.Scope, command.IsNarrowed != 0, ref request);
        if (refusal.IsRefused)
        {
            reports.MassCancelRefused(sessionId, in request, refusal, in context);
            return;
        }

        request.Number = ++counters.OrderId;
        requests.Start(session, in request, in context);
    }

    /// <summary>OrderMassActionRequest (CA). Its report bears a number also when it is refused.</summary>
    public void Act(int sessionId, in MassActionCommand command, in CommandContext context)
    {
        OrderSession session = orders.SessionOf(sessionId);
        LongRequest request = new()
        {
            RequestId = command.ClOrdId,
            Symbol = command.Symbol,
            GroupName = command.GroupName,
            Account = command.Account,
            InstrumentId = -1,
            Kind = LongRequestKind.MassAction,
            Scope = (MassScope)command.ActionScope,
            Side = command.Side,
        };
        MassScope scope = command.ActionType != CancelAction ? MassScope.None : command.ActionScope switch
        {
            SecurityScope => MassScope.Security,
            GroupScope => MassScope.TradingSession,
            AllScope => MassScope.All,
            _ => MassScope.None,
        };
        Refusal refusal = Take(session, in command.Header, scope, command.IsNarrowed != 0, ref request);
        request.Number = ++counters.OrderId;
        if (refusal.IsRefused)
        {
            reports.MassActionRefused(sessionId, in request, command.ActionType, refusal, in context);
            return;
        }

        requests.Start(session, in request, in context);
    }

    private static LongRequest RequestOf(in MassOrderCommand command, LongRequestKind kind) => new()
    {
        RequestId = command.RequestId,
        Symbol = command.Symbol,
        GroupName = command.GroupName,
        Account = command.Account,
        InstrumentId = -1,
        Kind = kind,
        Scope = command.Scope,
        Side = command.Side,
    };

    // A request that cancels. It uses up its ClOrdID unless that has been used before.
    private Refusal Take(OrderSession session, in FixCommandHeader header, MassScope scope, bool isNarrowed, ref LongRequest request)
    {
        if (lookup.IsUsed(session, in request.RequestId, out _))
        {
            // Also when it comes again as a PossResend: orders that were entered since must not be cancelled by it.
            return new Refusal(ReasonCode.DuplicateClOrdId);
        }

        bool isResend = (header.Flags & FixMessageFlags.PossResend) != 0;
        Refusal refusal = isResend && session.Window.HasForgotten
            ? new Refusal(ReasonCode.PossResendOutsideWindow)
            : Check(session, scope, isNarrowed, ref request);
        lookup.Remember(session, in request.RequestId, -(long)refusal.Reason);
        return refusal;
    }

    private Refusal Check(OrderSession session, MassScope scope, bool isNarrowed, ref LongRequest request)
    {
        bool contradictsItself = (scope != MassScope.Security && !request.Symbol.IsEmpty) || (scope != MassScope.TradingSession && !request.GroupName.IsEmpty);
        if (scope is not (MassScope.Security or MassScope.TradingSession or MassScope.All) || isNarrowed || contradictsItself)
        {
            return new Refusal(ReasonCode.UnsupportedMassScope);
        }

        if (request.Side is not (Side.None or Side.Buy or Side.Sell))
        {
            return new Refusal(ReasonCode.UnsupportedSide, (long)request.Side);
        }

        if (scope == MassScope.TradingSession && !IsGroup(instruments, in request.GroupName))
        {
            return new Refusal(ReasonCode.UnknownMarketGroup);
        }

        if (scope == MassScope.Security)
        {
            if (request.Symbol.IsEmpty)
            {
                return new Refusal(ReasonCode.SymbolMissing);
            }

            if (!instruments.TryFind(in request.Symbol, out Instrument? instrument))
            {
                return new Refusal(ReasonCode.UnknownSymbol);
            }

            request.InstrumentId = instrument.Id;
        }

        return session.Requests.IsFull ? new Refusal(ReasonCode.TooManyRequests, 0, RequestQueue.CountMax) : Refusal.None;
    }
}
