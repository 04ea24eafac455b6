// Problem: whether the fast core does what the rules say cannot be seen by reading it. Idea: the rules once more, as plainly as they are
// written: every order an object, every list kept in order by linear search, every number as it came. Both are given the same commands,
// and what they say is compared record by record. What must hold: nothing here knows the core, and each piece names its rule.
using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Reference;

/// <summary>The exchange as fix-spec/trading-rules.md describes it, without session numbers: commands in, reports about orders out.</summary>
public sealed class ReferenceExchange
{
    private const long DayNs = 86_400_000_000_000;

    private readonly ReferenceVenue _venue;
    private readonly Matching _matching;
    private readonly OrderRequests _orders;
    private readonly MassRequests _mass;
    private readonly QuoteRequests _quotes;
    private readonly Sweeps _sweeps;
    private long _dayEndOfDayNs = -1;
    private long _dayEndsAtNs = long.MaxValue;

    /// <summary>An exchange without instruments and participants.</summary>
    public ReferenceExchange(ReferenceLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _venue = new ReferenceVenue(limits);
        ReferenceProtectionDesk protection = new(_venue);
        _matching = new Matching(_venue, protection);
        protection.Withdraw = (order, reason) => _matching.End(order, ExecType.Canceled, reason);
        _orders = new OrderRequests(_venue, _matching, new ReferenceRisk(_venue)) { EndOf = EndOf };
        _mass = new MassRequests(_venue, _matching);
        _quotes = new QuoteRequests(_venue, _matching, new ReferenceRisk(_venue));
        _sweeps = new Sweeps(_venue, _matching) { EndOf = order => EndOf(order.ExpireNs, order.Flags) };
    }

    /// <summary>Number of open orders and quotes.</summary>
    public int OpenOrderCount => _venue.OpenCount;

    /// <summary>Applies a command; reports go into <paramref name="events"/>.</summary>
    public void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
        _venue.NowNs = context.LogTimeNs;
        _venue.Reports.Begin(events, context.LogTimeNs);
        RunDeadlines();
        Dispatch(command);
        foreach (ReferenceInstrument instrument in _venue.Touched)
        {
            _matching.WorkOffStops(instrument);
        }

        _venue.Touched.Clear();
    }

    // What is due at this time begins before whatever comes at this time.
    private void RunDeadlines()
    {
        foreach (ReferenceSession session in _venue.Sessions.Where(session => session.CancelAtNs <= _venue.NowNs))
        {
            // 6.2
            session.CancelAtNs = long.MaxValue;
            _sweeps.Begin(ReasonCode.CancelOnDisconnect, [session], IsOfTheDay);
        }

        if (_venue.NowNs >= _dayEndsAtNs)
        {
            // 6.1
            _sweeps.Begin(ReasonCode.EndOfDay, _venue.Sessions, IsOfTheDay);
            StartDay();
        }

        _sweeps.WorkWhatBegan();
    }

    // 6.1, 9.2
    private static bool IsOfTheDay(ReferenceOrder order) => order.TimeInForce is TimeInForce.Day or TimeInForce.AtTheOpening or TimeInForce.AtTheClose;

    private void StartDay()
    {
        _dayEndsAtNs = (_venue.NowNs / DayNs * DayNs) + _dayEndOfDayNs;
        _dayEndsAtNs += _dayEndsAtNs <= _venue.NowNs ? DayNs : 0;
        foreach (ReferenceInstrument instrument in _venue.Instruments)
        {
            instrument.HasTradedToday = false;
            instrument.AuctionPrice = 0;
        }

        foreach (ReferenceFirm firm in _venue.Firms.Values)
        {
            firm.ExecutedNotionalToday = 0;
            foreach (ReferenceAccount account in firm.Accounts.Values)
            {
                account.ExecutedNotionalToday = 0;
            }
        }
    }

    private long EndOf(long expireNs, OrderFlags flags) => (flags & OrderFlags.ExpiresOnDate) != 0 ? expireNs + Math.Max(0, _dayEndOfDayNs) : expireNs;

    private void Dispatch(ReadOnlySpan<byte> bytes)
    {
        CommandHeader header = MemoryMarshal.Read<CommandHeader>(bytes);
        switch (header.Type)
        {
            case CommandType.NewOrder:
                _orders.New(_venue.Sessions[header.SessionId], NewOrderCommand.Read(bytes));
                break;
            case CommandType.CancelOrder:
                _orders.Cancel(_venue.Sessions[header.SessionId], MemoryMarshal.Read<CancelOrderCommand>(bytes));
                break;
            case CommandType.ReplaceOrder:
                _orders.Replace(_venue.Sessions[header.SessionId], ReplaceOrderCommand.Read(bytes));
                break;
            case CommandType.OrderStatus:
                _orders.Status(_venue.Sessions[header.SessionId], MemoryMarshal.Read<OrderStatusCommand>(bytes));
                break;
            case CommandType.MassStatus:
                _mass.Status(_venue.Sessions[header.SessionId], MemoryMarshal.Read<MassOrderCommand>(bytes));
                break;
            case CommandType.MassCancel:
                _mass.Cancel(_venue.Sessions[header.SessionId], MemoryMarshal.Read<MassOrderCommand>(bytes));
                break;
            case CommandType.MassQuote:
                MassQuoteCommand quote = MemoryMarshal.Read<MassQuoteCommand>(bytes);
                _quotes.Quote(_venue.Sessions[header.SessionId], in quote, MemoryMarshal.Cast<byte, QuoteEntry>(bytes[MassQuoteCommand.SizeBytes..]));
                break;
            case CommandType.QuoteCancel:
                _quotes.Cancel(_venue.Sessions[header.SessionId], MemoryMarshal.Read<QuoteCancelCommand>(bytes));
                break;
            case CommandType.Logon:
                LogOn(_venue.Sessions[header.SessionId], (MemoryMarshal.Read<LogonCommand>(bytes).Header.Flags & FixMessageFlags.ResetSeqNum) != 0);
                break;
            case CommandType.ConnectionLost:
                Disconnect(_venue.Sessions[header.SessionId]);
                break;
            case CommandType.TermStarted:
                _venue.Sessions.ForEach(Disconnect);
                break;
            case CommandType.DefineParticipant:
                DefineParticipant(DefineParticipantCommand.Read(bytes));
                break;
            case CommandType.DefineInstrument:
                DefineInstrument(DefineInstrumentCommand.Read(bytes));
                break;
            case CommandType.AssignFirm:
                AssignFirm(_venue.Sessions[header.SessionId], MemoryMarshal.Read<AssignFirmCommand>(bytes));
                break;
            case CommandType.DefineAccount:
                DefineAccountCommand listed = MemoryMarshal.Read<DefineAccountCommand>(bytes);
                _venue.FirmOf(listed.Firm).ListsAccounts = true;
                ReferenceVenue.AccountOf(_venue.FirmOf(listed.Firm), listed.Account).IsListed = true;
                break;
            case CommandType.SetLimits:
                SetLimits(MemoryMarshal.Read<SetLimitsCommand>(bytes));
                break;
            case CommandType.Restrict:
                Restrict(MemoryMarshal.Read<RestrictCommand>(bytes));
                break;
            case CommandType.KillSwitch:
                Kill(MemoryMarshal.Read<KillSwitchCommand>(bytes));
                break;
            case CommandType.TimerDue:
                _sweeps.TimerDue();
                break;
            case CommandType.DefineVenue:
                _dayEndOfDayNs = MemoryMarshal.Read<DefineVenueCommand>(bytes).DayEndNs;
                StartDay();
                break;
            default:
                break;
        }
    }

    private void LogOn(ReferenceSession session, bool resets)
    {
        session.IsConnected = true;
        session.CancelAtNs = long.MaxValue;
        foreach (ReferenceOrder order in resets ? session.Open.OrderBy(order => order.Id).ToList() : [])
        {
            _venue.Reports.Order(order, ExecType.Restated, Reason.None);
        }
    }

    // 6.2: the grace begins.
    private void Disconnect(ReferenceSession session)
    {
        if (session.IsConnected && session.CancelsOnDisconnect)
        {
            session.CancelAtNs = _venue.NowNs + session.GraceNs;
        }

        session.IsConnected = false;
    }

    private void DefineParticipant(DefineParticipantCommand command)
    {
        ReferenceSession session = new(_venue.Sessions.Count, _venue.Limits.ClOrdIdWindow, _venue.Limits.ClosedOrdersKept)
        {
            Firm = _venue.FirmOf(Text16.Truncate(command.SenderCompId.AsSpan())),
            OpenOrdersMax = command.OpenOrdersMax,
            CancelsOnDisconnect = (command.Flags & ParticipantFlags.CancelOnDisconnect) != 0,
            GraceNs = command.CancelOnDisconnectGraceNs,
        };
        _venue.Sessions.Add(session);
    }

    // 8: with open orders or quotes a participant cannot change its firm.
    private void AssignFirm(ReferenceSession session, AssignFirmCommand command)
    {
        ReferenceFirm firm = _venue.FirmOf(command.Firm);
        if (firm == session.Firm || session.Open.Count == 0)
        {
            session.Firm = firm;
            session.DefaultAccount = command.DefaultAccount;
        }
    }

    private void SetLimits(SetLimitsCommand command)
    {
        ReferenceFirm firm = _venue.FirmOf(command.Firm);
        if (command.Scope == RiskScope.Account)
        {
            ReferenceVenue.AccountOf(firm, command.Account).Limits = command;
            return;
        }

        // 8.7: the counts begin anew.
        firm.Limits = command;
        firm.SecondBeganNs = long.MinValue;
        firm.OrdersInSecond = 0;
        foreach (ReferenceSession session in _venue.Sessions.Where(session => session.Firm == firm))
        {
            session.Repeated = default;
        }
    }

    // 8.12
    private void Kill(KillSwitchCommand command)
    {
        bool isPulled = command.IsPulled != 0;
        ReferenceFirm? firm = command.Scope is RiskScope.Firm or RiskScope.Account ? _venue.FirmOf(command.Firm) : null;
        ReferenceAccount? account = command.Scope == RiskScope.Account ? ReferenceVenue.AccountOf(firm!, command.Account) : null;
        switch (command.Scope)
        {
            case RiskScope.Market:
                _venue.IsKilled = isPulled;
                break;
            case RiskScope.Firm:
                firm!.IsKilled = isPulled;
                break;
            case RiskScope.Session:
                _venue.Sessions[command.Header.SessionId].IsKilled = isPulled;
                break;
            default:
                account!.IsKilled = isPulled;
                break;
        }

        if (isPulled)
        {
            _sweeps.Begin(
                ReasonCode.KillSwitch,
                command.Scope == RiskScope.Session ? [_venue.Sessions[command.Header.SessionId]] : _venue.Sessions.Where(session => firm is null || session.Firm == firm),
                order => account is null || order.Account == account);
            _sweeps.WorkWhatBegan();
        }
    }

    // 8.2
    private void Restrict(RestrictCommand command)
    {
        if (_venue.Find(command.Symbol) is not { } instrument)
        {
            return;
        }

        ReferenceFirm firm = _venue.FirmOf(command.Firm);
        HashSet<int> restricted = command.Scope == RiskScope.Account ? ReferenceVenue.AccountOf(firm, command.Account).Restricted : firm.Restricted;
        if (command.IsRestricted != 0)
        {
            restricted.Add(instrument.Id);
        }
        else
        {
            restricted.Remove(instrument.Id);
        }
    }

    // 1.1: the same symbol again changes what may change.
    private void DefineInstrument(DefineInstrumentCommand command)
    {
        if (_venue.Find(command.Symbol) is { } known)
        {
            known.Definition = command;
            return;
        }

        ReferenceGroup group = _venue.FindGroup(command.GroupName)!;
        _venue.Instruments.Add(new ReferenceInstrument(_venue.Instruments.Count) { Definition = command, Group = group, Phase = group.Phase });
    }
}
