using System.Net;

namespace Exchange.Host.Client.Terminal;

/// <summary>How a terminal is started.</summary>
internal sealed record TerminalOptions
{
    /// <summary>Where the exchange listens; tried in turn, so that a client finds the secondary after a failover.</summary>
    public required IReadOnlyList<EndPoint> Addresses { get; init; }

    /// <summary>The session.</summary>
    public required FixClientOptions Session { get; init; }

    /// <summary>Folder of this session's numbers and reports.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Begins with 141=Y.</summary>
    public bool Reset { get; init; }

    /// <summary>Logs on with 141=Y after each lost connection, too.</summary>
    public bool ResetOnFailover { get; init; }

    /// <summary>Overrides the stored inbound number; 0 keeps it.</summary>
    public long NextIn { get; init; }

    /// <summary>Overrides the stored outbound number; 0 keeps it.</summary>
    public long NextOut { get; init; }

    /// <summary>Shows every message.</summary>
    public bool Trace { get; init; }

    /// <summary>How long a script waits for a logon or an answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
