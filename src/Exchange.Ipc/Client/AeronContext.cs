using Exchange.Ipc.Agents;
using Exchange.Ipc.Driver;

namespace Exchange.Ipc.Client;

/// <summary>Settings of an <see cref="Aeron"/> client.</summary>
public sealed class AeronContext
{
    /// <summary>Directory of the driver to use: an embedded one's or an external aeronmd's.</summary>
    public string AeronDirectory { get; init; } = MediaDriverContext.DefaultDirectory;

    /// <summary>Name that the driver's tools show.</summary>
    public string ClientName { get; init; } = "";

    /// <summary>How often the client shows that it is alive.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A driver whose heartbeat is older is dead; also how long connecting and blocking calls wait.</summary>
    public TimeSpan DriverTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the driver's process and heartbeat are looked at.</summary>
    public TimeSpan LivenessCheckInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long memory of closed resources stays mapped, for threads that still look at it.</summary>
    public TimeSpan ResourceLinger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Maps all pages of a log buffer at once.</summary>
    public bool PreTouchMappedMemory { get; init; }

    /// <summary>An embedded driver without a thread of its own, worked while a blocking call waits for it.</summary>
    public IAgent? DriverAgentInvoker { get; init; }

    /// <summary>
    /// Attaches only where the directory belongs to the user of this process and is closed to others: for one whose driver is ours, and whose
    /// name others could take first.
    /// </summary>
    public bool DemandsPrivateDirectory { get; init; }

    internal void Validate()
    {
        Require(!string.IsNullOrEmpty(AeronDirectory), nameof(AeronDirectory), "a path");
        Require(KeepAliveInterval > TimeSpan.Zero, nameof(KeepAliveInterval), "positive");
        Require(DriverTimeout > TimeSpan.Zero, nameof(DriverTimeout), "positive");
        Require(LivenessCheckInterval >= TimeSpan.Zero, nameof(LivenessCheckInterval), "not negative");
        Require(ResourceLinger >= TimeSpan.Zero, nameof(ResourceLinger), "not negative");
        Require(ClientName != null && ClientName.Length <= 100 && !ClientName.Contains('=', StringComparison.Ordinal), nameof(ClientName), "at most 100 characters without '='");
    }

    private static void Require(bool condition, string name, string allowed)
    {
        if (!condition)
        {
            throw new ArgumentException($"Aeron client: {name} must be {allowed}");
        }
    }
}
