namespace Exchange.Host.Local;

/// <summary>What `exchange local` was asked to run.</summary>
internal sealed record LocalOptions
{
    /// <summary>Directory of all state.</summary>
    public required string Directory { get; init; }

    /// <summary>FIX port of the first gateway; 0 takes a free one.</summary>
    public required int FixPort { get; init; }

    /// <summary>Number of members.</summary>
    public required int Members { get; init; }

    /// <summary>Instruments file; null for the development defaults.</summary>
    public string? InstrumentsFile { get; init; }

    /// <summary>Participants file; null for the development defaults.</summary>
    public string? ParticipantsFile { get; init; }

    /// <summary>fsync or replicated.</summary>
    public required string Durability { get; init; }

    /// <summary>separate or composed.</summary>
    public required string Threading { get; init; }

    /// <summary>backoff, yield or spin.</summary>
    public required string Idle { get; init; }

    /// <summary>CPU for the member's thread; -1 for none.</summary>
    public required int MemberCpu { get; init; }

    /// <summary>CPU for the gateway's thread; -1 for none.</summary>
    public required int GatewayCpu { get; init; }

    /// <summary>Log growth between snapshots, MiB.</summary>
    public required int SnapshotEveryMib { get; init; }

    /// <summary>End of the trading day, HH:MM in UTC.</summary>
    public required string DayEnd { get; init; }
}
