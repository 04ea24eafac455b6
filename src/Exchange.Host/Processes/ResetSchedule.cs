// Problem: a session is reset at five in the afternoon in New York, and what that is in log time changes twice a year and whenever a
//          parliament says so. The core must not read such rules: two members with different ones would part.
// Idea:    the leader looks the next instant up and logs it; from then on it is a deadline of the core like any other, and comes at the same
//          log time on every member, also when the leader changes in between. After each reset the next instant is asked for again.
// Must hold: a reset whose instant was logged is never forgotten: it is made up for when a leader is back. One is never logged twice.
using Exchange.Core;
using Exchange.Host.Configuration;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Host.Processes;

/// <summary>Says when sessions are reset next.</summary>
internal sealed class ResetSchedule(Action<string> log)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private readonly HashSet<string> _unknownZones = [];

    /// <summary>The command that tells the core the next reset of a session that waits for it; null when none waits.</summary>
    public byte[]? Next(IStateMachine machine, long logTimeNs)
    {
        if (machine is not ExchangeCore core)
        {
            return null;
        }

        for (int id = 0; core.TryFindAwaitingSchedule(ref id, out DefineParticipantCommand definition); id++)
        {
            string zoneName = definition.ResetZone.ToString();
            if (_unknownZones.Contains(zoneName))
            {
                continue;
            }

            if (TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out TimeZoneInfo? zone))
            {
                return Command(id, definition.ScheduleStamp(), NextNs(zone, definition.ResetDays, definition.ResetTimeOfDaySec, logTimeNs));
            }

            _unknownZones.Add(zoneName);
            log($"WARNING: this box does not know the time zone {zoneName} of {definition.SenderCompId}, so its session is not reset; install tzdata and restart");
        }

        return null;
    }

    /// <summary>The first instant behind <paramref name="afterNs"/> at which the clocks of the zone show the time on one of the days.</summary>
    /// <param name="zone">The time zone.</param>
    /// <param name="days">Bit 0 for Sunday to bit 6 for Saturday, at least one.</param>
    /// <param name="timeOfDaySec">Seconds after midnight. A time that a change of the clocks leaves out counts as the moment of the change; of one that comes twice the first counts.</param>
    /// <param name="afterNs">Nanoseconds since 1970.</param>
    public static long NextNs(TimeZoneInfo zone, int days, int timeOfDaySec, long afterNs)
    {
        DateTime after = DateTime.UnixEpoch.AddTicks(afterNs / TimeSpan.NanosecondsPerTick);
        DateTime date = TimeZoneInfo.ConvertTimeFromUtc(after, zone).Date.AddDays(-1);
        while (true)
        {
            if ((days & (1 << (int)date.DayOfWeek)) != 0)
            {
                DateTime instant = ToUtc(zone, date.AddSeconds(timeOfDaySec));
                if (instant > after)
                {
                    return (instant - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
                }
            }

            date = date.AddDays(1);
        }
    }

    private static DateTime ToUtc(TimeZoneInfo zone, DateTime local)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddTicks(s_minute.Ticks - (local.Ticks % s_minute.Ticks));
        }

        TimeSpan offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }

    private static byte[] Command(int sessionId, ulong stamp, long atNs)
    {
        ScheduleResetCommand command = default;
        command.Header.Type = CommandType.ScheduleReset;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = ScheduleResetCommand.SizeBytes;
        command.Header.SessionId = sessionId;
        command.ResetAtNs = atNs;
        command.ScheduleStamp = stamp;
        return SeedFiles.Bytes(command);
    }
}
