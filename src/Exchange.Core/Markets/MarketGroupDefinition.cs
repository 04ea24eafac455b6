using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Markets;

/// <summary>What is wrong with the definition of a market group.</summary>
public static class MarketGroupDefinition
{
    private const int DaySec = 86_400;
    private const int AllDays = 127;

    /// <summary>What is wrong, with field and value, in words for an operator; null when nothing is.</summary>
    public static string? Check(in DefineMarketGroupCommand definition)
    {
        if (definition.GroupName.IsEmpty)
        {
            return "the name is empty";
        }

        if (definition.InitialPhase > MarketPhase.CancelOnly)
        {
            return $"phase is {(int)definition.InitialPhase}, no group can begin with that";
        }

        if (definition.FailoverAuction > 1 || definition.FailoverCancelOnlyNs < 0 || definition.FailoverAuctionNs < 0)
        {
            return "the durations after a failover must not be negative";
        }

        if (definition.FailoverAuction == 1 ? definition.FailoverCancelOnlyNs == 0 || definition.FailoverAuctionNs == 0 : definition.FailoverAuctionNs != 0)
        {
            return "an auction after a failover has a duration and comes behind a time of cancels only";
        }

        return CheckSchedule(in definition);
    }

    /// <summary>Whether an operator or a schedule may ask for the phase.</summary>
    public static bool IsPhase(MarketPhase phase) => phase is >= MarketPhase.Closed and <= MarketPhase.CancelOnly;

    private static string? CheckSchedule(in DefineMarketGroupCommand definition)
    {
        ReadOnlySpan<PhaseEntry> entries = definition.Entries;
        if (definition.EntryCount < 0 || definition.EntryCount > entries.Length)
        {
            return $"the schedule has {definition.EntryCount} entries, the most are {entries.Length}";
        }

        int before = -1;
        int daysBefore = 0;
        foreach (PhaseEntry entry in entries[..definition.EntryCount])
        {
            daysBefore = entry.TimeOfDaySec == before ? daysBefore : 0;
            if ((daysBefore & entry.Days) != 0)
            {
                return $"schedule: two phases begin {entry.TimeOfDaySec} s after midnight of the same day";
            }

            if (entry.TimeOfDaySec < before || entry.TimeOfDaySec >= DaySec)
            {
                return $"schedule: {entry.TimeOfDaySec} s after midnight; times of day ascend, below {DaySec}";
            }

            if (entry.Days is 0 or > AllDays || !IsPhase(entry.Phase))
            {
                return $"schedule: days {entry.Days} and phase {(int)entry.Phase} at {entry.TimeOfDaySec} s after midnight; there must be a day and a phase";
            }

            before = entry.TimeOfDaySec;
            daysBefore |= entry.Days;
        }

        return null;
    }
}
