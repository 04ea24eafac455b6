using Exchange.Core.Orders;
using Exchange.Core.Requests;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Markets;

// Phases come from schedules, operators, collars and failovers (rule 2). All of them end up in Change, which knows what has to come in between,
// or in Enter, where a phase begins.
//
//      group: schedule, operator, failover ──▶ task, instrument by instrument ──┐
//      one instrument: operator, collar, timer, expiry ────────────────────────┴─▶ Change ──▶ Enter
//                                                                                     └──▶ uncross ──▶ Enter
//
// What must hold: a change of a group touches one instrument per step; deadlines are carried out by TimerDue alone, in the order of time and
// then of numbers, so that no client's command pays for them.

/// <summary>Changes the phases of groups and instruments.</summary>
internal sealed class PhaseDesk : ITaskWorker, IVolatilityAuctions
{
    private readonly MarketTable _markets;
    private readonly UncrossDesk _uncrosses;
    private readonly MarketNews _news;

    /// <summary>Creates the desk.</summary>
    public PhaseDesk(MarketTable markets, UncrossDesk uncrosses, MarketNews news)
    {
        _markets = markets;
        _uncrosses = uncrosses;
        _news = news;
        uncrosses.Phases = this;
    }

    /// <summary>An instrument's expiry has come: whoever has to do with its orders and quotes.</summary>
    public Action<Market>? Expired { get; set; }

    /// <summary>Log time at which something is due; never later than a task can go on.</summary>
    public long NextNs(long logTimeNs) => _markets.Tasks.Count != 0 ? logTimeNs : Math.Min(_markets.Deadlines.NextNs, _markets.NextGroupNs);

    /// <summary>An operator sets a phase; false when the command names nothing that exists.</summary>
    public bool Set(in SetPhaseCommand command, in CommandContext context)
    {
        bool isOfInstrument = !command.Symbol.IsEmpty;
        if (isOfInstrument == !command.GroupName.IsEmpty || command.DurationNs < 0
            || (!MarketGroupDefinition.IsPhase(command.Phase) && !(isOfInstrument && command.Phase == MarketPhase.Group)))
        {
            return false;
        }

        long endNs = command.DurationNs == 0 ? long.MaxValue : DeadlineCalendar.After(in context, command.DurationNs);
        if (!isOfInstrument)
        {
            if (_markets.FindGroup(command.GroupName) is not { } group)
            {
                return false;
            }

            ChangeGroup(group, command.Phase, endNs);
            return true;
        }

        if (!_markets.Instruments.TryFind(in command.Symbol, out Instruments.Instrument? instrument))
        {
            return false;
        }

        Market market = _markets[instrument.Id];
        market.HasOwnPhase = command.Phase != MarketPhase.Group;
        if (market.HasOwnPhase)
        {
            Change(market, command.Phase, endNs, in context);
        }
        else
        {
            Change(market, market.Group.Phase, long.MaxValue, in context);
        }

        return true;
    }

    /// <summary>The leader says what comes next by a group's schedule; false when it is out of date or makes no sense.</summary>
    public bool Schedule(in SchedulePhaseCommand command)
    {
        if (command.GroupId < 0 || command.GroupId >= _markets.GroupCount || !MarketGroupDefinition.IsPhase(command.Phase) || command.AtNs <= 0)
        {
            return false;
        }

        MarketGroup group = _markets.Group(command.GroupId);
        if (command.Version != group.Version || group.ScheduledNs != long.MaxValue)
        {
            return false;
        }

        group.ScheduledNs = command.AtNs;
        group.ScheduledPhase = command.Phase;
        return true;
    }

    /// <summary>A leader took over without a handover (rule 2.6).</summary>
    public void FailedOver(in CommandContext context)
    {
        for (int id = 0; id < _markets.GroupCount; id++)
        {
            MarketGroup group = _markets.Group(id);
            ref readonly DefineMarketGroupCommand definition = ref group.Definition;
            bool trades = group.Phase is MarketPhase.Continuous or MarketPhase.OpeningAuction or MarketPhase.VolatilityAuction or MarketPhase.ClosingAuction;
            if (definition.FailoverCancelOnlyNs != 0 && trades)
            {
                ChangeGroup(group, MarketPhase.CancelOnly, DeadlineCalendar.After(in context, definition.FailoverCancelOnlyNs));
                group.NextPhase = definition.FailoverAuction != 0 ? MarketPhase.VolatilityAuction : MarketPhase.Continuous;
                group.NextLastsNs = definition.FailoverAuctionNs;
            }
        }
    }

    /// <summary>Carries out what is due and works on tasks, as far as the budget of one command goes.</summary>
    public void RunTimer(in CommandContext context)
    {
        SliceBudget budget = _markets.Tasks.Budget;
        if (_markets.NextGroupNs <= context.LogTimeNs)
        {
            RunGroups(in context);
        }

        while (_markets.Deadlines.NextNs <= context.LogTimeNs && budget.TryTake(isAction: true))
        {
            RunMarket(_markets.Deadlines.First, ref budget, in context);
        }

        _markets.Tasks.RunSlice(ref budget, in context);
    }

    /// <inheritdoc/>
    public void Start(Market market, in CommandContext context) =>
        Enter(market, MarketPhase.VolatilityAuction, DeadlineCalendar.After(in context, market.Instrument.Definition.VolatilityAuctionNs), in context);

    /// <summary>Brings an instrument into a phase, at once or through an uncross (rule 2.2).</summary>
    public void Change(Market market, MarketPhase to, long endNs, in CommandContext context)
    {
        if (market.IsExpired && to != MarketPhase.Closed)
        {
            return;
        }

        if (market.Uncross is { } uncross)
        {
            uncross.Kept = to;
            uncross.KeptEndNs = endNs;
        }
        else if (market.Phase == to)
        {
            return;
        }
        else if (UncrossDesk.IsNeeded(market, to))
        {
            _uncrosses.Begin(market, to, endNs);
            SetPhase(market, MarketPhase.Uncrossing, long.MaxValue, in context);
        }
        else
        {
            Enter(market, to, endNs, in context);
        }
    }

    /// <summary>A phase begins.</summary>
    public void Enter(Market market, MarketPhase phase, long endNs, in CommandContext context)
    {
        SetPhase(market, phase, endNs, in context);
        if (phase == MarketPhase.ClosingAuction)
        {
            _uncrosses.BeginClosing(market);
        }
        else if (phase == MarketPhase.Continuous)
        {
            _uncrosses.Resume(market, in context);
        }
    }

    /// <inheritdoc/>
    public bool Work(ref VenueTask task, ref SliceBudget budget, in CommandContext context)
    {
        MarketGroup group = _markets.Group(task.Subject);
        if (group.IsTaskStale)
        {
            group.IsTaskStale = false;
            task.Cursor = 0;
        }

        for (; task.Cursor < _markets.Count; task.Cursor++)
        {
            Market market = _markets[(int)task.Cursor];
            bool isConcerned = market.Group == group && !market.HasOwnPhase;
            if (!budget.TryTake(isConcerned))
            {
                return false;
            }

            if (isConcerned)
            {
                Change(market, group.Phase, long.MaxValue, in context);

                // Stops may have been triggered, which has bounds of its own.
                budget.Actions = market.Stops is not null && market.Phase == MarketPhase.Continuous ? 0 : budget.Actions;
            }
        }

        group.HasTask = false;
        return true;
    }

    private void SetPhase(Market market, MarketPhase phase, long endNs, in CommandContext context)
    {
        market.Phase = phase;
        market.PhaseEndNs = endNs;
        _news.PhaseChanged(market, in context);
        _markets.Deadlines.Changed(market);
    }

    private void ChangeGroup(MarketGroup group, MarketPhase phase, long endNs)
    {
        if (group.Phase == phase)
        {
            return;
        }

        group.Phase = phase;
        group.PhaseEndNs = endNs;
        group.NextPhase = Behind(phase);
        group.NextLastsNs = 0;
        group.IsTaskStale = group.HasTask;
        if (!group.HasTask)
        {
            group.HasTask = true;
            _markets.Tasks.Add(TaskKind.GroupPhase, group.Id);
        }

        _news.PhaseChanged(group);
    }

    // What follows a phase that ends by its own clock (rule 2.7).
    private static MarketPhase Behind(MarketPhase phase) => phase == MarketPhase.ClosingAuction ? MarketPhase.Closed : MarketPhase.Continuous;

    private void RunGroups(in CommandContext context)
    {
        for (int id = 0; id < _markets.GroupCount; id++)
        {
            MarketGroup group = _markets.Group(id);
            if (group.PhaseEndNs <= context.LogTimeNs)
            {
                (MarketPhase next, long lastsNs) = (group.NextPhase, group.NextLastsNs);
                group.PhaseEndNs = long.MaxValue;
                ChangeGroup(group, next, lastsNs == 0 ? long.MaxValue : DeadlineCalendar.After(in context, lastsNs));
            }

            if (group.ScheduledNs <= context.LogTimeNs)
            {
                MarketPhase scheduled = group.ScheduledPhase;
                group.LastScheduledNs = group.ScheduledNs;
                group.ScheduledNs = long.MaxValue;
                group.ScheduledPhase = MarketPhase.Group;
                ChangeGroup(group, scheduled, long.MaxValue);
            }
        }
    }

    private void RunMarket(Market market, ref SliceBudget budget, in CommandContext context)
    {
        if (!market.IsExpired && market.Instrument.ExpiryNs <= context.LogTimeNs)
        {
            market.IsExpired = true;
            market.PhaseEndNs = long.MaxValue;
            Change(market, MarketPhase.Closed, long.MaxValue, in context);
            Expired?.Invoke(market);
        }

        if (market.PhaseEndNs <= context.LogTimeNs)
        {
            market.PhaseEndNs = long.MaxValue;
            Change(market, Behind(market.Phase), long.MaxValue, in context);
        }

        if (market.IndicativeAtNs <= context.LogTimeNs)
        {
            _news.Indicate(market, _uncrosses.Indicate(market, ref budget), in context);
        }

        _markets.Deadlines.Changed(market);
    }
}
