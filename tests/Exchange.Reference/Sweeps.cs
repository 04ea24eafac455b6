using Exchange.Protocol;

namespace Exchange.Reference;

/// <summary>Rule 10.3: what the venue takes out, session by session, in slices.</summary>
internal sealed class Sweeps(ReferenceVenue venue, Matching matching)
{
    private const long IntervalNs = 1_000_000;

    // 10.3: where several reasons hold.
    private static readonly ReasonCode[] Precedence = [ReasonCode.KillSwitch, ReasonCode.InstrumentExpired, ReasonCode.EndOfDay, ReasonCode.CancelOnDisconnect];

    private readonly List<SweptSession> _line = [];
    private long _lastSliceNs = long.MinValue;
    private bool _hasBegun;

    /// <summary>Whether something is left for a later slice.</summary>
    public bool IsWorking { get; private set; }

    /// <summary>When an order that is good till a date ends; told by the calendar of the venue.</summary>
    public Func<ReferenceOrder, long> EndOf { get; set; } = order => order.ExpireNs;

    /// <summary>Puts the sessions concerned that have open orders on the line, in the order of their numbers, at their oldest order.</summary>
    public void Begin(ReasonCode reason, IEnumerable<ReferenceSession> sessions, Func<ReferenceOrder, bool> concerns)
    {
        foreach (ReferenceSession session in sessions.Where(session => session.Open.Count > 0).OrderBy(session => session.Id))
        {
            SweptSession? swept = _line.Find(other => other.Session == session);
            if (swept is null)
            {
                swept = new SweptSession(session);
                _line.Add(swept);
            }

            swept.Reasons.Add((reason, venue.LastOrderId, concerns));
            swept.DoneUpTo = 0;
            _hasBegun = true;
        }
    }

    /// <summary>If nothing was being worked on, the first slice is worked at once.</summary>
    public void WorkWhatBegan()
    {
        bool isDue = _hasBegun || DueGtd().Count > 0;
        _hasBegun = false;
        if (isDue && !IsWorking)
        {
            Slice();
        }
    }

    /// <summary>Each further slice is worked by a TimerDue at least 1 ms after the last.</summary>
    public void TimerDue()
    {
        if (IsWorking && venue.NowNs - _lastSliceNs >= IntervalNs)
        {
            Slice();
        }
    }

    private void Slice()
    {
        _lastSliceNs = venue.NowNs;
        int actions = venue.Limits.StepsMax;
        int looks = venue.Limits.LooksMax;
        List<SweptSession> turns = [.. _line];
        foreach (SweptSession swept in turns)
        {
            if (actions == 0 || looks == 0)
            {
                break;
            }

            _line.Remove(swept);
            if (!Work(swept, ref actions, ref looks))
            {
                _line.Add(swept);
            }
        }

        List<ReferenceOrder> due = _line.Count == 0 ? DueGtd() : [];
        foreach (ReferenceOrder order in due.Take(Math.Min(actions, looks)))
        {
            matching.End(order, ExecType.Expired, new Reason(ReasonCode.GoodTillDateReached));
        }

        IsWorking = _line.Count > 0 || DueGtd().Count > 0;
    }

    // True when the session is done.
    private bool Work(SweptSession swept, ref int actions, ref int looks)
    {
        foreach (ReferenceOrder order in swept.Session.Open.OrderBy(order => order.Id).ToList())
        {
            if (order.Id <= swept.DoneUpTo || order.Id > swept.Reasons.Max(reason => reason.Limit))
            {
                continue;
            }

            if (actions == 0 || looks == 0)
            {
                return false;
            }

            looks--;
            swept.DoneUpTo = order.Id;
            ReasonCode found = Precedence.FirstOrDefault(code => swept.Reasons.Any(reason => reason.Code == code && order.Id <= reason.Limit && reason.Concerns(order)));
            if (found != ReasonCode.None)
            {
                actions--;
                bool expires = found is ReasonCode.InstrumentExpired or ReasonCode.EndOfDay;
                matching.End(order, expires ? ExecType.Expired : ExecType.Canceled, new Reason(found));
            }
        }

        return true;
    }

    private List<ReferenceOrder> DueGtd() =>
        [.. venue.Sessions.SelectMany(session => session.Open)
            .Where(order => order.TimeInForce == TimeInForce.GoodTillDate && EndOf(order) <= venue.NowNs).OrderBy(EndOf).ThenBy(order => order.Id)];
}
