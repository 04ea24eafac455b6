using System.CommandLine;
using Exchange.Cluster;

namespace Exchange.Host.Commands;

/// <summary>Options that `local` and `member` share.</summary>
internal sealed class MemberSwitches
{
    /// <summary>Creates the options.</summary>
    public MemberSwitches()
    {
        CliChecks.OneOf(Durability, "fsync", "replicated");
        CliChecks.OneOf(Idle, "backoff", "yield", "spin");
        CliChecks.InRange(SnapshotEvery, 1, 1 << 20);
        CliChecks.TimeOfDay(DayEnd);
    }

    /// <summary>The durability asked for; null leaves it to the cluster file, and to the number of members.</summary>
    public Durability? ReadDurability(ParseResult parsed) => parsed.GetValue(Durability) switch
    {
        null => null,
        "fsync" => Cluster.Durability.Fsync,
        _ => Cluster.Durability.Replicated,
    };

    /// <summary>When a command counts as committed.</summary>
    public Option<string?> Durability { get; } = new("--durability")
    {
        Description = "fsync: acknowledge after the log is on the device; replicated: after it is in the memory of a majority, flushed behind "
            + "(default: fsync for a single member, replicated for several).",
    };

    /// <summary>What a thread does when it has nothing to do.</summary>
    public Option<string> Idle { get; } = new("--idle")
    {
        Description = "What an idle thread does: backoff (sleep up to 1 ms), yield, or spin (burns a core).",
        DefaultValueFactory = static _ => "backoff",
    };

    /// <summary>Log growth between snapshots.</summary>
    public Option<int> SnapshotEvery { get; } = new("--snapshot-every") { Description = "MiB of log between snapshots.", DefaultValueFactory = static _ => 1024 };

    /// <summary>End of the trading day.</summary>
    public Option<string> DayEnd { get; } = new("--day-end") { Description = "End of the trading day, HH:MM in UTC; Day orders expire then.", DefaultValueFactory = static _ => "00:00" };
}
