using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Requests;

// A session may have a million open orders, and one short message can ask for all of them to be cancelled. No other session shall wait for
// that, so such a request is worked on in slices: the first in the command that brings it, which is all that nearly every request needs;
// each further one in a TimerDue, four milliseconds of log time after the last, so that a client's connection can take what is said. What others send meanwhile comes in between.
//
//      request ──▶ first slice ──done──▶ answered
//                      │
//                      └──▶ the session joins the line; each TimerDue takes the first in line, works a slice for it, and puts it back at the end
//
// What must hold: a slice cancels, reports or sends at most SliceActionsMax times and looks at no more than SliceVisitsMax orders; a session's
// requests are answered in the order in which they came; no order that was entered after the request is touched or reported; each order
// that a mass status has counted is reported exactly once, if it closes meanwhile then with its end. Everything here is state: two members
// that agree on it cut the same slices.

/// <summary>Works on requests with long answers, a bounded piece per command.</summary>
internal sealed class LongRequests
{
    /// <summary>Log time between two slices: a client has time to read, and the venue to trade.</summary>
    public const long SliceIntervalNs = 4_000_000;

    private readonly OrderEntry _orders;
    private readonly OrderEntryLimits _limits;
    private readonly OpenOrders _open;
    private readonly OrderReports _reports;
    private readonly SecurityReports _securities;
    private readonly InstrumentTable _instruments;
    private readonly int[] _line = new int[Limits.SessionCountMax];
    private int _first;
    private int _count;
    private long _sliceDueNs;

    /// <summary>Creates the desk of an empty order management.</summary>
    public LongRequests(OrderEntry orders, OrderEntryLimits limits, OpenOrders open, OrderReports reports, SecurityReports securities, InstrumentTable instruments)
    {
        _orders = orders;
        _limits = limits;
        _open = open;
        _reports = reports;
        _securities = securities;
        _instruments = instruments;
    }

    /// <summary>Log time at which the next slice is due; <see cref="long.MaxValue"/> when nothing is being worked on.</summary>
    public long NextNs => _count == 0 ? long.MaxValue : _sliceDueNs;

    /// <summary>Takes a request and works the first slice, unless an earlier request of the session is still being worked on.</summary>
    public void Start(OrderSession session, in LongRequest request, in CommandContext context)
    {
        session.Requests.Add(in request);
        if (session.Requests.Count > 1)
        {
            return;
        }

        Begin(session);
        if (!Work(session, in context))
        {
            if (_count == 0)
            {
                _sliceDueNs = context.LogTimeNs + SliceIntervalNs;
            }

            Join(session.Id);
        }
    }

    /// <summary>Works a slice for the session that is first in line, when it is due.</summary>
    public void RunSlice(in CommandContext context)
    {
        if (context.LogTimeNs < NextNs)
        {
            return;
        }

        OrderSession session = _orders.SessionOf(_line[_first]);
        _first = (_first + 1) % _line.Length;
        _count--;
        if (!Work(session, in context))
        {
            Join(session.Id);
        }

        _sliceDueNs = _count == 0 ? 0 : context.LogTimeNs + SliceIntervalNs;
    }

    /// <summary>
    /// An order of the session closes; its end is kept already, its slot still linked. If a mass status has counted it and not yet
    /// reported it, it is reported now.
    /// </summary>
    public void OnClosing(OrderSession session, int slot, in ClosedOrder closed, in CommandContext context)
    {
        ref LongRequest request = ref session.Requests.First;
        if (request.Kind != LongRequestKind.MassStatus || closed.OrderId > request.Number || !IsAskedFor(in request, in _open[slot]))
        {
            return;
        }

        int cursor = session.RequestCursor;
        bool isPassed = cursor == 0 || closed.OrderId < _open.OrderIdOf(cursor);
        if (request.Phase == LongRequestPhase.Count)
        {
            request.Total -= isPassed ? 1 : 0;
        }
        else if (!isPassed)
        {
            request.Done++;
            _reports.MassStatus(session.Id, in closed, in request, in context);
        }
    }

    /// <summary>Writes the requests of all sessions in the order of the line.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(_sliceDueNs);
        writer.WriteInt64(_count);
        for (int i = 0; i < _count; i++)
        {
            OrderSession session = _orders.SessionOf(_line[(_first + i) % _line.Length]);
            RequestQueue requests = session.Requests;
            writer.WriteInt64(session.Id);
            writer.WriteInt64(requests.Count);
            for (int place = 0; place < requests.Count; place++)
            {
                LongRequest request = requests[place];
                request.NextOrderId = place == 0 && session.RequestCursor != 0 ? _open.OrderIdOf(session.RequestCursor) : 0;
                writer.Write(in request);
            }
        }
    }

    /// <summary>Restores what <see cref="Save"/> wrote, after the orders have been restored.</summary>
    /// <exception cref="InvalidDataException">A request is not one that can be worked on.</exception>
    public void Load(SnapshotReader reader, int sessionCount, int instrumentCount)
    {
        _sliceDueNs = reader.ReadInt64();
        int count = reader.ReadCount(sessionCount, "number of sessions with long requests");
        for (int i = 0; i < count; i++)
        {
            OrderSession session = _orders.SessionOf(reader.ReadCount(sessionCount - 1, "session with long requests"));
            int requests = reader.ReadCount(RequestQueue.CountMax, "number of long requests");
            if (session.Requests.Count != 0 || requests == 0)
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: session {session.Id} stands twice in line, or without a request");
            }

            for (int place = 0; place < requests; place++)
            {
                LongRequest request = reader.Read<LongRequest>();
                LoadRequest(reader, session, ref request, instrumentCount);
            }

            Join(session.Id);
        }
    }

    /// <summary>Whether a request about orders asks for this one; quotes have requests of their own.</summary>
    private bool IsAskedFor(in LongRequest request, in OrderDetail order) =>
        !order.IsQuote && (request.InstrumentId < 0 || request.InstrumentId == order.InstrumentId) && (request.Side == Side.None || request.Side == order.Side)
        && (request.Account.IsEmpty || request.Account == order.Account)
        && (request.GroupName.IsEmpty || IsInGroup(order.InstrumentId, in request.GroupName));

    private bool IsInGroup(int instrumentId, in Text16 groupName) => MassRequests.GroupOf(_instruments[instrumentId]) == groupName;

    private void LoadRequest(SnapshotReader reader, OrderSession session, ref LongRequest request, int instrumentCount)
    {
        int slot = request.NextOrderId == 0 ? 0 : _open.Pool.Find(request.NextOrderId);
        bool isSound = request.Kind is >= LongRequestKind.MassStatus and <= LongRequestKind.MassAction
            && request.InstrumentId >= -1 && request.InstrumentId < instrumentCount
            && request.Total >= 0 && request.Done >= 0
            && (request.IsAboutOrders || (request.Total <= instrumentCount && request.Done <= request.Total))
            && (request.NextOrderId == 0 || (slot != 0 && _open[slot].SessionId == session.Id && session.Requests.Count == 0));
        if (!isSound)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: request {request.RequestId} of session {session.Id} is not possible");
        }

        request.NextOrderId = 0;
        session.Requests.Add(in request);
        if (session.Requests.Count == 1)
        {
            session.RequestCursor = slot;
        }
    }

    private void Join(int sessionId)
    {
        Invariant.Require(_count < _line.Length);
        _line[(_first + _count) % _line.Length] = sessionId;
        _count++;
    }

    private static void Begin(OrderSession session) => session.RequestCursor = session.Requests.First.IsAboutOrders ? session.OpenHead : 0;

    /// <summary>Works a slice for a session; true when all its requests are done.</summary>
    private bool Work(OrderSession session, in CommandContext context)
    {
        SliceBudget budget = new() { Actions = _limits.SliceActionsMax, Visits = _limits.SliceVisitsMax };
        while (session.Requests.Count > 0)
        {
            ref LongRequest request = ref session.Requests.First;
            bool isDone = request.Kind switch
            {
                LongRequestKind.MassStatus => ReportStatus(session, ref request, ref budget, in context),
                LongRequestKind.MassCancel or LongRequestKind.MassAction => CancelAll(session, ref request, ref budget, in context),
                LongRequestKind.SecurityList => ListSecurities(session.Id, ref request, ref budget),
                _ => DefineSecurities(session.Id, ref request, ref budget),
            };
            if (!isDone)
            {
                return false;
            }

            session.Requests.RemoveFirst();
            if (session.Requests.Count > 0)
            {
                Begin(session);
            }
        }

        session.RequestCursor = OrderSession.NoRequest;
        return true;
    }

    private bool CancelAll(OrderSession session, ref LongRequest request, ref SliceBudget budget, in CommandContext context)
    {
        while (session.RequestCursor is int slot and not 0 && _open.OrderIdOf(slot) <= request.Number)
        {
            bool isAskedFor = IsAskedFor(in request, in _open[slot]);
            if (!budget.TryTake(isAskedFor))
            {
                return false;
            }

            if (isAskedFor)
            {
                // Moves the cursor on, as every closed order does.
                request.Done++;
                _orders.Execution.TakeOut(slot, ExecType.Canceled, ReasonCode.MassCancelled, in context);
            }
            else
            {
                session.RequestCursor = _open[slot].SessionNext;
            }
        }

        if (request.Kind == LongRequestKind.MassAction)
        {
            _reports.MassActionDone(session.Id, in request, in context);
        }
        else
        {
            _reports.MassCancelDone(session.Id, in request, in context);
        }

        return true;
    }

    private bool ReportStatus(OrderSession session, ref LongRequest request, ref SliceBudget budget, in CommandContext context)
    {
        if (request.Phase == LongRequestPhase.Count && !Count(session, ref request, ref budget))
        {
            return false;
        }

        if (request.Total == 0)
        {
            _reports.MassStatusEmpty(session.Id, in request, in context);
            return true;
        }

        while (request.Done < request.Total)
        {
            int slot = session.RequestCursor;
            Invariant.Require(slot != 0);
            bool isAskedFor = IsAskedFor(in request, in _open[slot]);
            if (!budget.TryTake(isAskedFor))
            {
                return false;
            }

            session.RequestCursor = _open[slot].SessionNext;
            if (isAskedFor)
            {
                request.Done++;
                _reports.MassStatus(slot, in request, in context);
            }
        }

        return true;
    }

    private bool Count(OrderSession session, ref LongRequest request, ref SliceBudget budget)
    {
        while (session.RequestCursor is int slot and not 0 && _open.OrderIdOf(slot) <= request.Number)
        {
            if (!budget.TryTake(isAction: false))
            {
                return false;
            }

            request.Total += IsAskedFor(in request, in _open[slot]) ? 1 : 0;
            session.RequestCursor = _open[slot].SessionNext;
        }

        request.Phase = LongRequestPhase.Act;
        session.RequestCursor = session.OpenHead;
        return true;
    }

    private bool ListSecurities(int sessionId, ref LongRequest request, ref SliceBudget budget)
    {
        do
        {
            if (!budget.TryTake(isAction: true))
            {
                return false;
            }

            request.Done += _securities.ListFragment(sessionId, in request);
        }
        while (request.Done < request.Total);
        return true;
    }

    private bool DefineSecurities(int sessionId, ref LongRequest request, ref SliceBudget budget)
    {
        while (request.Done < request.Total)
        {
            if (!budget.TryTake(isAction: true))
            {
                return false;
            }

            _securities.DefineOne(sessionId, in request);
            request.Done++;
        }

        return true;
    }
}
