using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

/// <summary>
/// When the core next has something to do by itself: the earliest of all sessions' deadlines and the end of the trading day, in log
/// time. It is exact at any moment, so that a member that started from a snapshot names the same deadline as one that never stopped.
/// </summary>
internal sealed class DeadlineCalendar
{
    private const long DayNs = 86_400_000_000_000;

    private readonly SessionTable _sessions;

    /// <summary>Creates the calendar of the sessions in <paramref name="sessions"/>.</summary>
    public DeadlineCalendar(SessionTable sessions) => _sessions = sessions;

    /// <summary>The earliest deadline; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextNs { get; private set; } = long.MaxValue;

    /// <summary>End of the trading day as nanoseconds after midnight UTC; -1 while the venue is not defined.</summary>
    public long DayEndTimeOfDayNs { get; private set; } = -1;

    /// <summary>Log time at which the current trading day ends; <see cref="long.MaxValue"/> while the venue is not defined.</summary>
    public long DayEndNs { get; private set; } = long.MaxValue;

    /// <summary>The log time that lies <paramref name="delayNs"/> after the command, or the end of time.</summary>
    public static long After(in CommandContext context, long delayNs) =>
        delayNs <= 0 ? context.LogTimeNs : delayNs < long.MaxValue - context.LogTimeNs ? context.LogTimeNs + delayNs : long.MaxValue - 1;

    /// <summary>Whether the time of day is one that a day can end at.</summary>
    public static bool IsTimeOfDay(long timeOfDayNs) => timeOfDayNs is >= 0 and < DayNs;

    /// <summary>Takes note of a new deadline.</summary>
    public void Add(long deadlineNs) => NextNs = Math.Min(NextNs, deadlineNs);

    /// <summary>Sets the time of day at which the trading day ends; the current one ends when that time next comes.</summary>
    public void SetDayEnd(long timeOfDayNs, in CommandContext context)
    {
        DayEndTimeOfDayNs = timeOfDayNs;
        StartDay(in context);
    }

    /// <summary>Starts a trading day: it ends when the time of day next comes, strictly later than now.</summary>
    public void StartDay(in CommandContext context)
    {
        long midnightNs = context.LogTimeNs - (context.LogTimeNs % DayNs);
        DayEndNs = midnightNs + DayEndTimeOfDayNs;
        if (DayEndNs <= context.LogTimeNs)
        {
            DayEndNs += DayNs;
        }

        Refresh();
    }

    /// <summary>Looks at all deadlines again, after one has been removed.</summary>
    public void Refresh()
    {
        NextNs = DayEndNs;
        for (int id = 0; id < _sessions.Count; id++)
        {
            Session session = _sessions[id];
            NextNs = Math.Min(NextNs, Math.Min(session.ResetAtNs, Math.Min(session.CancelDeadlineNs, session.LogoutDeadlineNs)));
        }
    }

    /// <summary>Writes the trading day; the other deadlines are written with their sessions.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(DayEndTimeOfDayNs);
        writer.WriteInt64(DayEndNs);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, after the sessions have been loaded.</summary>
    public void Load(SnapshotReader reader)
    {
        DayEndTimeOfDayNs = reader.ReadInt64();
        DayEndNs = reader.ReadInt64();
        bool isDefined = IsTimeOfDay(DayEndTimeOfDayNs) && DayEndNs >= 0 && DayEndNs % DayNs == DayEndTimeOfDayNs;
        bool isUndefined = DayEndTimeOfDayNs == -1 && DayEndNs == long.MaxValue;
        if (!isDefined && !isUndefined)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: trading day ends at {DayEndTimeOfDayNs} ns, next at {DayEndNs}");
        }

        Refresh();
    }
}
