namespace Exchange.Simulation.Clients;

/// <summary>What kind of client it is; drawn from the seed.</summary>
internal sealed record ClientProfile
{
    /// <summary>Session id, from 0.</summary>
    public required int SessionId { get; init; }

    public required string CompId { get; init; }

    public required int HeartBtIntSec { get; init; }

    /// <summary>Sends 789 in its Logon.</summary>
    public bool UsesNextExpected { get; init; }

    /// <summary>So many times in a thousand it resets its numbers when it reconnects.</summary>
    public int ResetPerMille { get; init; }

    /// <summary>Keeps what comes behind a gap; otherwise it is dropped and comes again.</summary>
    public bool KeepsBehindGap { get; init; }

    /// <summary>Answers a ResendRequest for orders by gap fills instead of old orders.</summary>
    public bool DropsStaleOrders { get; init; }

    /// <summary>Sends orders of all kinds.</summary>
    public bool UsesRules { get; init; }

    /// <summary>Orders it lets be unanswered at once.</summary>
    public int WindowMax { get; init; } = 8;

    /// <summary>Mean time between two of its actions.</summary>
    public long ThinkNs { get; init; } = 1_500_000;

    /// <summary>Without an answer for this long it tries the other address.</summary>
    public long PatienceNs { get; init; } = 500_000_000;
}
