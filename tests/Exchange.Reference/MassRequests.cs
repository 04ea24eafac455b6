using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Reference;

/// <summary>OrderMassStatusRequest and OrderMassCancelRequest. The model answers each within its command, so sessions must stay below a slice's bound (10.1).</summary>
internal sealed class MassRequests(ReferenceVenue venue, Matching matching)
{
    private const byte InvalidScope = 0;
    private const byte InvalidSecurity = 1;
    private const byte OtherReason = 99;

    public void Status(ReferenceSession session, in MassOrderCommand command)
    {
        ReferenceInstrument? instrument = venue.Find(command.Symbol);
        Reason reason = Check(in command, instrument);
        List<ReferenceOrder> orders = reason.IsNone ? Select(session, in command, instrument) : [];
        if (orders.Count == 0)
        {
            venue.Reports.NoMassStatus(session.Id, in command, instrument, reason.IsNone ? new Reason(ReasonCode.NoOrderMatches) : reason);
            return;
        }

        for (int i = 0; i < orders.Count; i++)
        {
            venue.Reports.MassStatus(orders[i], command.RequestId, orders.Count, i == orders.Count - 1);
        }
    }

    public void Cancel(ReferenceSession session, in MassOrderCommand command)
    {
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        ReferenceInstrument? instrument = venue.Find(command.Symbol);
        if (session.Find(command.RequestId) is not null)
        {
            venue.Reports.MassCancelled(session.Id, in command, 0, 0, new Reason(ReasonCode.DuplicateClOrdId), OtherReason);
            return;
        }

        Reason reason = isResend && session.HasForgotten ? new Reason(ReasonCode.PossResendOutsideWindow) : Check(in command, instrument);
        session.Use(command.RequestId, null, false, reason.IsNone ? ReasonCode.DuplicateClOrdId : reason.Code);
        if (!reason.IsNone)
        {
            byte rejectReason = reason.Code switch
            {
                ReasonCode.UnsupportedMassScope => InvalidScope,
                ReasonCode.SymbolMissing or ReasonCode.UnknownSymbol => InvalidSecurity,
                _ => OtherReason,
            };
            venue.Reports.MassCancelled(session.Id, in command, 0, 0, reason, rejectReason);
            return;
        }

        long number = ++venue.LastOrderId;
        List<ReferenceOrder> orders = Select(session, in command, instrument);
        foreach (ReferenceOrder order in orders)
        {
            matching.End(order, ExecType.Canceled, new Reason(ReasonCode.MassCancelled));
        }

        venue.Reports.MassCancelled(session.Id, in command, number, orders.Count, Reason.None, Protocol.Events.MassCancelReportEvent.NoReason);
    }

    private static Reason Check(in MassOrderCommand command, ReferenceInstrument? instrument)
    {
        if (command.IsNarrowed != 0 || command.Scope is not (MassScope.All or MassScope.Security) || (command.Scope == MassScope.All && !command.Symbol.IsEmpty))
        {
            return new Reason(ReasonCode.UnsupportedMassScope);
        }

        if (command.Side is not (Side.None or Side.Buy or Side.Sell))
        {
            return new Reason(ReasonCode.UnsupportedSide, (byte)command.Side);
        }

        return command.Scope == MassScope.All ? Reason.None
            : command.Symbol.IsEmpty ? new Reason(ReasonCode.SymbolMissing)
            : instrument is null ? new Reason(ReasonCode.UnknownSymbol) : Reason.None;
    }

    private static List<ReferenceOrder> Select(ReferenceSession session, in MassOrderCommand command, ReferenceInstrument? instrument)
    {
        Side side = command.Side;
        bool all = command.Scope == MassScope.All;
        return [.. session.Open.Where(order => !order.IsQuote && (side == Side.None || order.Side == side) && (all || order.Instrument == instrument)).OrderBy(order => order.Id)];
    }
}
