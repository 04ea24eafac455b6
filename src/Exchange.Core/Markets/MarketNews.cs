using Exchange.Core.Requests;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Markets;

// Whoever has subscribed is told when a phase changes and, during auctions, what the price would be (rule 5.6). There may be thousands of
// subscribers and ten thousand instruments may change at once, so nobody is told in the command that changes something: a task goes through the
// subscribers, and tells what is true then. A change that is over before it was told is not told.

/// <summary>Tells subscribers about instruments and market groups.</summary>
internal sealed class MarketNews : ITaskWorker
{
    private readonly MarketTable _markets;
    private readonly Subscriptions _subscriptions;
    private readonly SecurityReports _reports;
    private readonly MarketLimits _limits;

    /// <summary>Creates the desk.</summary>
    public MarketNews(MarketTable markets, Subscriptions subscriptions, SecurityReports reports, MarketLimits limits)
    {
        _markets = markets;
        _subscriptions = subscriptions;
        _reports = reports;
        _limits = limits;
    }

    /// <summary>The phase of an instrument has changed.</summary>
    public void PhaseChanged(Market market, in CommandContext context)
    {
        market.IndicativeTicks = 0;
        market.IndicativeLots = 0;
        Watch(market, in context);
        TellSoon(market);
    }

    /// <summary>The phase of a group has changed.</summary>
    public void PhaseChanged(MarketGroup group)
    {
        if (!group.IsToldSoon && _subscriptions.HasAny(Subscriptions.TopicOf(group)))
        {
            group.IsToldSoon = true;
            _markets.Tasks.Add(TaskKind.TellGroup, group.Id);
        }
    }

    /// <summary>Somebody has subscribed to an instrument, or its phase is another one: sees to indicative prices as long as anybody wants them.</summary>
    public void Watch(Market market, in CommandContext context)
    {
        bool isWanted = market.IsInAuction && _subscriptions.HasAny(market.Id);
        if (isWanted == (market.IndicativeAtNs != long.MaxValue))
        {
            return;
        }

        market.IndicativeAtNs = isWanted ? context.LogTimeNs + _limits.IndicativeNs : long.MaxValue;
        _markets.Deadlines.Changed(market);
    }

    /// <summary>The time for an indicative price has come; the caller takes note of the new deadline.</summary>
    public void Indicate(Market market, (long PriceTicks, long VolumeLots) indication, in CommandContext context)
    {
        market.IndicativeAtNs = market.IsInAuction && _subscriptions.HasAny(market.Id) ? context.LogTimeNs + _limits.IndicativeNs : long.MaxValue;
        if (indication != (market.IndicativeTicks, market.IndicativeLots))
        {
            (market.IndicativeTicks, market.IndicativeLots) = indication;
            TellSoon(market);
        }
    }

    /// <inheritdoc/>
    public bool Work(ref VenueTask task, ref SliceBudget budget, in CommandContext context)
    {
        bool isOfGroup = task.Kind == TaskKind.TellGroup;
        int topic = isOfGroup ? ~task.Subject : task.Subject;
        List<Subscriber> subscribers = _subscriptions.Of(topic);
        for (int at = Subscriptions.IndexOf(subscribers, (int)task.Cursor); at < subscribers.Count; at++)
        {
            Subscriber subscriber = subscribers[at];
            bool isLive = _subscriptions.IsLive(subscriber.SessionId);
            if (!budget.TryTake(isLive))
            {
                task.Cursor = subscriber.SessionId;
                return false;
            }

            if (isLive && isOfGroup)
            {
                _reports.Group(subscriber.SessionId, in subscriber.RequestId, _markets.Group(task.Subject), isUnsolicited: true);
            }
            else if (isLive)
            {
                _reports.Instrument(subscriber.SessionId, in subscriber.RequestId, _markets[task.Subject], isUnsolicited: true);
            }
        }

        if (isOfGroup)
        {
            _markets.Group(task.Subject).IsToldSoon = false;
        }
        else
        {
            _markets[task.Subject].IsToldSoon = false;
        }

        return true;
    }

    private void TellSoon(Market market)
    {
        if (!market.IsToldSoon && _subscriptions.HasAny(market.Id))
        {
            market.IsToldSoon = true;
            _markets.Tasks.Add(TaskKind.TellInstrument, market.Id);
        }
    }
}
