using Exchange.Host.Configuration;

namespace Exchange.Host.Local;

/// <summary>What `exchange local` was asked to run.</summary>
internal sealed record LocalOptions
{
    /// <summary>Directory of all state.</summary>
    public required string Directory { get; init; }

    /// <summary>FIX port of the first gateway, the others' follow; 0 takes free ones; null keeps those of the directory, or 9880.</summary>
    public int? FixPort { get; init; }

    /// <summary>Number of members; null keeps that of the directory, or three.</summary>
    public int? Members { get; init; }

    /// <summary>Whether the last member is a witness; null: with three members.</summary>
    public bool? Witness { get; init; }

    /// <summary>A process that ends stays down.</summary>
    public bool NoRestart { get; init; }

    /// <summary>Instruments file; null for the development defaults.</summary>
    public string? InstrumentsFile { get; init; }

    /// <summary>Participants file; null for the development defaults.</summary>
    public string? ParticipantsFile { get; init; }

    /// <summary>Markets file; null for one market group that trades all day.</summary>
    public string? MarketsFile { get; init; }

    /// <summary>fsync or replicated; null for the default.</summary>
    public string? Durability { get; init; }

    /// <summary>separate or composed.</summary>
    public string Threading { get; init; } = "separate";

    /// <summary>backoff, yield or spin.</summary>
    public string Idle { get; init; } = "backoff";

    /// <summary>CPU for the member's thread; -1 for none.</summary>
    public int MemberCpu { get; init; } = -1;

    /// <summary>CPU for the gateway's thread; -1 for none.</summary>
    public int GatewayCpu { get; init; } = -1;

    /// <summary>Log growth between snapshots, MiB.</summary>
    public int SnapshotEveryMib { get; init; } = 1024;

    /// <summary>End of the trading day, HH:MM in UTC.</summary>
    public string DayEnd { get; init; } = "00:00";

    /// <summary>The TLS port of the first gateway, the others' follow; null for none.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Whether the processes of a cluster play a failover in small after their start.</summary>
    public bool Rehearses { get; init; } = true;
}
