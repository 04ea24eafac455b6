// Problem, idea and what must hold are those of ResetSchedule: the core reads no time zones, so the leader looks the next phase of a market group
// up and logs it. The next one is looked up from the last one that was logged, not from now: a leader that comes back late makes up for what was
// missed, in order, but for no more than a day.
using Exchange.Core;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Host.Processes;

/// <summary>Says which phase of a market group comes next, and when.</summary>
internal sealed class PhaseTimetable(Action<string> log)
{
    private const long DayNs = 86_400_000_000_000;

    private readonly HashSet<string> _unknownZones = [];

    /// <summary>The command that tells the core the next phase of a group that waits for it; null when none waits.</summary>
    public byte[]? Next(IStateMachine machine, long logTimeNs)
    {
        if (machine is not ExchangeCore core)
        {
            return null;
        }

        for (int id = 0; core.TryFindAwaitingPhase(ref id, out DefineMarketGroupCommand definition, out int version, out long lastNs); id++)
        {
            string zoneName = definition.Zone.IsEmpty ? "UTC" : definition.Zone.ToString();
            if (_unknownZones.Contains(zoneName))
            {
                continue;
            }

            if (TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out TimeZoneInfo? zone))
            {
                (long atNs, MarketPhase phase) = NextOf(in definition, zone, lastNs == 0 ? logTimeNs : Math.Max(lastNs, logTimeNs - DayNs));
                return Command(id, version, atNs, phase);
            }

            _unknownZones.Add(zoneName);
            log($"WARNING: this box does not know the time zone {zoneName} of market group {definition.GroupName}, so its schedule stands still; install tzdata and restart");
        }

        return null;
    }

    /// <summary>The first entry of a schedule behind an instant.</summary>
    public static (long AtNs, MarketPhase Phase) NextOf(in DefineMarketGroupCommand definition, TimeZoneInfo zone, long afterNs)
    {
        (long AtNs, MarketPhase Phase) next = (long.MaxValue, MarketPhase.Group);
        ReadOnlySpan<PhaseEntry> entries = definition.Entries;
        foreach (PhaseEntry entry in entries[..definition.EntryCount])
        {
            long atNs = ResetSchedule.NextNs(zone, entry.Days, entry.TimeOfDaySec, afterNs);
            next = atNs < next.AtNs ? (atNs, entry.Phase) : next;
        }

        return next;
    }

    /// <summary>The phase that a schedule has at an instant: that of the last entry before it.</summary>
    public static MarketPhase PhaseAt(in DefineMarketGroupCommand definition, long nowNs)
    {
        const int DaysOfWeek = 7;
        TimeZoneInfo zone = TimeZoneInfo.TryFindSystemTimeZoneById(definition.Zone.IsEmpty ? "UTC" : definition.Zone.ToString(), out TimeZoneInfo? known) ? known : TimeZoneInfo.Utc;
        MarketPhase phase = MarketPhase.Continuous;
        (long AtNs, MarketPhase Phase) next = NextOf(in definition, zone, nowNs - ((DaysOfWeek + 1) * DayNs));
        while (next.AtNs <= nowNs)
        {
            phase = next.Phase;
            next = NextOf(in definition, zone, next.AtNs);
        }

        return phase;
    }

    private static byte[] Command(int groupId, int version, long atNs, MarketPhase phase)
    {
        SchedulePhaseCommand command = default;
        command.Header.Type = CommandType.SchedulePhase;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = SchedulePhaseCommand.SizeBytes;
        command.Header.SessionId = -1;
        command.GroupId = groupId;
        command.Version = version;
        command.AtNs = atNs;
        command.Phase = phase;
        return Configuration.SeedFiles.Bytes(command);
    }
}
