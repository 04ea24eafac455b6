using Exchange.Core.Markets;
using Exchange.Core.Orders;
using Exchange.Core.Requests;
using Exchange.Core.Risk;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Expiry;

// What the venue itself takes out of the books: day orders at the end of the day, orders whose time has come, orders of an instrument that has
// expired, of a client that stayed away, and of whom a kill switch stops. Each may concern millions of orders, so it is done in slices, as
// requests of clients are, but on a line of its own that nobody's requests can fill:
//
//      begin ──▶ the sessions concerned join the line, each with the number up to which orders existed then
//                a slice takes session after session from the front until its steps are used up; who is not done joins again at the end;
//                when the line is empty, good-till-date orders whose time has come, earliest first
//
// Why something is to be taken out is not kept per task: it is a number per session, per account and for the day, and whoever passes an
// order compares. So a switch that is pulled twice, or while the day ends, needs no second list, and nothing is ever refused for lack of room.
//
// What must hold: a slice takes out at most SliceActionsMax orders and looks at no more than SliceVisitsMax; the first one is part of the command
// that begins it, each further one of a TimerDue; an order that was entered after the beginning is not touched; all of it is state.

/// <summary>Takes orders out on behalf of the venue, a bounded piece per command.</summary>
internal sealed class OrderSweeps : IDisposable
{
    /// <summary>Log time between two slices.</summary>
    public const long SliceIntervalNs = 1_000_000;

    private readonly MarketTable _markets;
    private readonly OrderEntryLimits _limits;
    private readonly OrderSessions _sessions;
    private readonly OpenOrders _open;
    private readonly OrderCounters _counters;
    private readonly OrderExecution _execution;
    private readonly RiskDesk _risk;
    private readonly int[] _line = new int[Limits.SessionCountMax];
    private readonly SessionSweep[] _sweeps = new SessionSweep[Limits.SessionCountMax];
    private int _first;
    private int _count;
    private bool _isExpiring;
    private bool _hasBegun;
    private long _dayEndedUpTo;
    private long _sliceDueNs;
    private long _expiredUntilNs;
    private long _instrumentExpiryNs = long.MaxValue;
    private int _instrumentCount;

    /// <summary>Creates sweeps that have nothing to do.</summary>
    public OrderSweeps(
        MarketTable markets, OrderEntryLimits limits, OrderSessions sessions, OpenOrders open, OrderCounters counters, OrderExecution execution, RiskDesk risk)
    {
        _markets = markets;
        _limits = limits;
        _sessions = sessions;
        _open = open;
        _counters = counters;
        _execution = execution;
        _risk = risk;
        Dates = new ExpiryHeap(limits.OpenOrdersMax + 1);
    }

    /// <summary>Good-till-date orders.</summary>
    public ExpiryHeap Dates { get; }

    /// <summary>Log time at which something is to be begun by itself: an order's or an instrument's expiry.</summary>
    public long StartsNs => Math.Min(_isExpiring ? long.MaxValue : Dates.NextNs, _instrumentExpiryNs);

    /// <summary>Log time at which there is something to do; <see cref="long.MaxValue"/> when there is nothing.</summary>
    public long NextNs => Math.Min(StartsNs, IsActive ? _sliceDueNs : long.MaxValue);

    /// <summary>Whether something is being worked on.</summary>
    public bool IsActive => _count != 0 || _isExpiring;

    /// <summary>Notes when instruments expire; to be called when one has been defined.</summary>
    public void NoteInstruments()
    {
        for (; _instrumentCount < _markets.Count; _instrumentCount++)
        {
            long expiryNs = _markets[_instrumentCount].Instrument.Definition.ExpiryNs;
            if (expiryNs > _expiredUntilNs)
            {
                _instrumentExpiryNs = Math.Min(_instrumentExpiryNs, expiryNs);
            }
        }
    }

    /// <summary>The trading day is over: what is open now and good for the day expires.</summary>
    public void EndDay(in CommandContext context)
    {
        _dayEndedUpTo = _counters.OrderId;
        BeginAll(in context);
    }

    /// <summary>A session stayed disconnected for its grace.</summary>
    public void Disconnect(int sessionId, in CommandContext context)
    {
        _sweeps[sessionId].DisconnectedUpTo = _counters.OrderId;
        Begin(sessionId, in context);
    }

    /// <summary>A kill switch stops a session.</summary>
    public void Kill(int sessionId, in CommandContext context)
    {
        _sweeps[sessionId].KilledUpTo = _counters.OrderId;
        Begin(sessionId, in context);
    }

    /// <summary>A kill switch stops an account; whose orders they are is known only when they are looked at.</summary>
    public void Kill(RiskAccount account, in CommandContext context)
    {
        account.KilledUpTo = _counters.OrderId;
        for (int id = 0; id < _sessions.Count; id++)
        {
            if (_risk.Register.SessionOf(id).Firm == account.Firm)
            {
                Begin(id, in context);
            }
        }
    }

    /// <summary>Begins what is due by itself at this time.</summary>
    public void StartDue(in CommandContext context)
    {
        if (!_isExpiring && Dates.NextNs <= context.LogTimeNs)
        {
            Wake(in context);
            _isExpiring = true;
        }

        if (_instrumentExpiryNs <= context.LogTimeNs)
        {
            _expiredUntilNs = context.LogTimeNs;
            _instrumentExpiryNs = long.MaxValue;
            _instrumentCount = 0;
            NoteInstruments();
            BeginAll(in context);
        }
    }

    /// <summary>Works the first slice of what this command has begun, if nothing else was being worked on.</summary>
    public void RunFirst(in CommandContext context)
    {
        if (_hasBegun)
        {
            _hasBegun = false;
            Work(in context);
        }
    }

    /// <summary>Works a further slice when it is due.</summary>
    public void RunSlice(in CommandContext context)
    {
        if (IsActive && !_hasBegun && context.LogTimeNs >= _sliceDueNs)
        {
            Work(in context);
        }
    }

    /// <summary>Writes what is under way.</summary>
    public void Save(SnapshotWriter writer)
    {
        Invariant.Require(!_hasBegun);
        writer.WriteInt64(_sliceDueNs);
        writer.WriteInt64(_dayEndedUpTo);
        writer.WriteInt64(_expiredUntilNs);
        writer.WriteInt64(_isExpiring ? 1 : 0);
        for (int id = 0; id < _sessions.Count; id++)
        {
            writer.WriteInt64(_sweeps[id].KilledUpTo);
            writer.WriteInt64(_sweeps[id].DisconnectedUpTo);
        }

        writer.WriteInt64(_count);
        for (int i = 0; i < _count; i++)
        {
            int sessionId = _line[(_first + i) % _line.Length];
            int cursor = _sessions[sessionId].SweepCursor;
            writer.WriteInt64(sessionId);
            writer.WriteInt64(_sweeps[sessionId].UpTo);
            writer.WriteInt64(cursor == 0 ? 0 : _open.OrderIdOf(cursor));
        }
    }

    /// <summary>Restores what <see cref="Save"/> wrote, after the orders have been restored.</summary>
    /// <exception cref="InvalidDataException">The snapshot contradicts itself.</exception>
    public void Load(SnapshotReader reader)
    {
        _sliceDueNs = reader.ReadInt64();
        _dayEndedUpTo = reader.ReadInt64();
        _expiredUntilNs = reader.ReadInt64();
        _isExpiring = reader.ReadCount(1, "whether orders expire") != 0;
        for (int id = 0; id < _sessions.Count; id++)
        {
            _sweeps[id].KilledUpTo = reader.ReadInt64();
            _sweeps[id].DisconnectedUpTo = reader.ReadInt64();
        }

        int count = reader.ReadCount(_sessions.Count, "number of sessions being swept");
        for (int i = 0; i < count; i++)
        {
            int sessionId = reader.ReadCount(_sessions.Count - 1, "session being swept");
            long upTo = reader.ReadInt64();
            long orderId = reader.ReadInt64();
            int slot = orderId == 0 ? 0 : _open.Pool.Find(orderId);
            if (upTo <= 0 || _sweeps[sessionId].UpTo != 0 || (orderId != 0 && (slot == 0 || _open[slot].SessionId != sessionId)))
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: the sweep of session {sessionId} up to order {upTo}, at {orderId}, is not possible");
            }

            _sweeps[sessionId].UpTo = upTo;
            _sessions[sessionId].SweepCursor = slot;
            Join(sessionId);
        }

        NoteInstruments();
    }

    /// <inheritdoc/>
    public void Dispose() => Dates.Dispose();

    private void BeginAll(in CommandContext context)
    {
        for (int id = 0; id < _sessions.Count; id++)
        {
            Begin(id, in context);
        }
    }

    // From the oldest order on, also when the session is being swept already: what it has passed may be concerned now.
    private void Begin(int sessionId, in CommandContext context)
    {
        OrderSession session = _sessions[sessionId];
        if (session.OpenHead == 0)
        {
            return;
        }

        Wake(in context);
        session.SweepCursor = session.OpenHead;
        if (_sweeps[sessionId].UpTo == 0)
        {
            Join(sessionId);
        }

        _sweeps[sessionId].UpTo = _counters.OrderId;
    }

    private void Wake(in CommandContext context)
    {
        if (!IsActive)
        {
            _hasBegun = true;
            _sliceDueNs = context.LogTimeNs;
        }
    }

    private void Join(int sessionId)
    {
        Invariant.Require(_count < _line.Length);
        _line[(_first + _count) % _line.Length] = sessionId;
        _count++;
    }

    private void Work(in CommandContext context)
    {
        SliceBudget budget = new() { Actions = _limits.SliceActionsMax, Visits = _limits.SliceVisitsMax };
        for (int turns = _count; turns > 0 && budget is { Actions: > 0, Visits: > 0 }; turns--)
        {
            int sessionId = _line[_first];
            _first = (_first + 1) % _line.Length;
            _count--;
            if (!Sweep(_sessions[sessionId], ref budget, in context))
            {
                Join(sessionId);
            }
        }

        if (_isExpiring && _count == 0)
        {
            Expire(ref budget, in context);
        }

        _sliceDueNs = IsActive ? DueAfter(in context) : 0;
    }

    private static long DueAfter(in CommandContext context) => context.LogTimeNs + SliceIntervalNs;

    // True when the session is done.
    private bool Sweep(OrderSession session, ref SliceBudget budget, in CommandContext context)
    {
        ref SessionSweep sweep = ref _sweeps[session.Id];
        while (session.SweepCursor is int slot and not 0 && _open.OrderIdOf(slot) <= sweep.UpTo)
        {
            ReasonCode reason = Judge(in sweep, slot);
            if (!budget.TryTake(isAction: reason != ReasonCode.None))
            {
                return false;
            }

            if (reason == ReasonCode.None)
            {
                session.SweepCursor = _open[slot].SessionNext;
            }
            else
            {
                // Moves the cursor on, as every closed order does.
                bool isExpiry = reason is ReasonCode.EndOfDay or ReasonCode.InstrumentExpired;
                _execution.TakeOut(slot, isExpiry ? ExecType.Expired : ExecType.Canceled, reason, in context);
            }
        }

        sweep.UpTo = 0;
        session.SweepCursor = 0;
        return true;
    }

    private ReasonCode Judge(in SessionSweep sweep, int slot)
    {
        ref OrderDetail order = ref _open[slot];
        long orderId = _open.OrderIdOf(slot);
        if (orderId <= sweep.KilledUpTo || orderId <= _risk.AccountOf(in order).KilledUpTo)
        {
            return ReasonCode.KillSwitch;
        }

        long expiryNs = _markets[order.InstrumentId].Instrument.Definition.ExpiryNs;
        if (expiryNs != 0 && expiryNs <= _expiredUntilNs)
        {
            return ReasonCode.InstrumentExpired;
        }

        if (order.TimeInForce is TimeInForce.GoodTillCancel or TimeInForce.GoodTillDate)
        {
            return ReasonCode.None;
        }

        return orderId <= _dayEndedUpTo ? ReasonCode.EndOfDay
            : orderId <= sweep.DisconnectedUpTo ? ReasonCode.CancelOnDisconnect
            : ReasonCode.None;
    }

    private void Expire(ref SliceBudget budget, in CommandContext context)
    {
        while (Dates.NextNs <= context.LogTimeNs)
        {
            int slot = Dates.NextSlot;
            if (!budget.TryTake(isAction: true))
            {
                return;
            }

            _execution.TakeOut(slot, ExecType.Expired, ReasonCode.GoodTillDateReached, in context);
        }

        _isExpiring = false;
    }
}
