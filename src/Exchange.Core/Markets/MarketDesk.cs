using Exchange.Core.Orders;
using Exchange.Core.Requests;
using Exchange.Core.Sessions;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Markets;

/// <summary>What happens to markets, put together: phases, uncrosses, tasks and what subscribers are told.</summary>
internal sealed class MarketDesk : ITaskWorker, ITriggerTasks, IDisposable
{
    private readonly OrderExecution _execution;

    /// <summary>Creates the desk and ties it to order management.</summary>
    public MarketDesk(SessionTable sessions, MarketTable markets, OrderEntry orders, SecurityReports reports)
    {
        Markets = markets;
        _execution = orders.Execution;
        Subscriptions = new Subscriptions(sessions);
        News = new MarketNews(markets, Subscriptions, reports, markets.Limits);
        Uncrosses = new UncrossDesk(markets, _execution, orders.OpenOrders);
        Phases = new PhaseDesk(markets, Uncrosses, News);
        _execution.Uncrosses = Uncrosses;
        _execution.VolatilityAuctions = Phases;
        _execution.Stops.Tasks = this;
        markets.Tasks.Register(TaskKind.GroupPhase, Phases);
        markets.Tasks.Register(TaskKind.ClosingOrders, Uncrosses);
        markets.Tasks.Register(TaskKind.Uncross, Uncrosses);
        markets.Tasks.Register(TaskKind.Triggers, this);
        markets.Tasks.Register(TaskKind.TellInstrument, News);
        markets.Tasks.Register(TaskKind.TellGroup, News);
    }

    /// <summary>The markets.</summary>
    public MarketTable Markets { get; }

    /// <summary>Who wants to know what.</summary>
    public Subscriptions Subscriptions { get; }

    /// <summary>Tells subscribers.</summary>
    public MarketNews News { get; }

    /// <summary>Auctions.</summary>
    public UncrossDesk Uncrosses { get; }

    /// <summary>Phases.</summary>
    public PhaseDesk Phases { get; }

    /// <inheritdoc/>
    public void Begin(Market market) => Markets.Tasks.Add(TaskKind.Triggers, market.Id);

    /// <inheritdoc/>
    public bool Work(ref VenueTask task, ref SliceBudget budget, in CommandContext context)
    {
        // Triggering has bounds of its own, so nothing else happens in this command.
        budget.Actions = 0;
        return _execution.Stops.RunSlice(Markets[task.Subject], in context);
    }

    /// <summary>Writes what is not written with the markets.</summary>
    public void Save(SnapshotWriter writer)
    {
        Uncrosses.Save(writer);
        Subscriptions.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, when sessions, markets and orders are restored.</summary>
    public void Load(SnapshotReader reader)
    {
        Uncrosses.Load(reader);
        Subscriptions.Load(reader, Markets);
    }

    /// <inheritdoc/>
    public void Dispose() => Uncrosses.Dispose();
}
