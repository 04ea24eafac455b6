using Exchange.Ipc.Agents;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Driver;

/// <summary>Settings of an embedded <see cref="MediaDriver"/>. Defaults are Aeron's unless a reason is given.</summary>
public sealed class MediaDriverContext
{
    /// <summary>Directory of CnC file and log buffers; memory-backed, or the page cache will write it back to disk again and again.</summary>
    public string AeronDirectory { get; init; } = DefaultDirectory;

    /// <summary>Where Aeron looks when nothing is said: a directory of this user in shared memory.</summary>
    public static string DefaultDirectory => Path.Combine("/dev/shm", $"aeron-{Environment.UserName}");

    /// <summary>Bytes of a term; <c>term-length</c> of a channel overrides it. 16 MiB instead of Aeron's 64: a quarter of the memory to touch.</summary>
    public int IpcTermLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>Longest frame; <c>mtu</c> of a channel overrides it.</summary>
    public int IpcMtuLength { get; init; } = 1408;

    /// <summary>How far a publisher may be ahead of the slowest subscriber; 0 for half a term.</summary>
    public int PublicationWindowLength { get; init; }

    /// <summary>Maps all pages of a log buffer when it is created.</summary>
    public bool PreTouchMappedMemory { get; init; }

    /// <summary>A client silent for longer is given up. A client whose process is gone is given up at once.</summary>
    public TimeSpan ClientLivenessTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A publication with an uncommitted claim is unblocked when it stood still for so long; must be above the liveness timeout.</summary>
    public TimeSpan PublicationUnblockTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the log file of a closed publication stays after its last subscriber drained it.</summary>
    public TimeSpan PublicationLingerTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A driver's heartbeat older than this is a dead driver's.</summary>
    public TimeSpan DriverTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often clients, linger times and blocked publications are checked. Aeron says 1 s; here gone processes must be seen fast.</summary>
    public TimeSpan TimerInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Counters that fit; each costs 640 bytes.</summary>
    public int CounterCount { get; init; } = 8192;

    /// <summary>Bytes for commands, a power of two.</summary>
    public int ToDriverBufferCapacity { get; init; } = 1024 * 1024;

    /// <summary>Bytes for answers, a power of two.</summary>
    public int ToClientsBufferCapacity { get; init; } = 1024 * 1024;

    /// <summary>Bytes for distinct errors.</summary>
    public int ErrorLogLength { get; init; } = 1024 * 1024;

    /// <summary>Removes the directory at an orderly end.</summary>
    public bool DeleteDirectoryOnClose { get; init; } = true;

    /// <summary>How the driver's own thread idles; used by <see cref="MediaDriver.Launch"/> only.</summary>
    public AgentRunnerOptions Runner { get; init; } = new();

    /// <summary>Called with what went wrong inside the driver, besides its error log.</summary>
    public Action<Exception>? OnError { get; init; }

    /// <summary>A client may ask the driver to end (Aeron's control command); called when one does.</summary>
    public Action? OnTerminationRequested { get; init; }

    internal const int PageSize = 4096;

    /// <summary>Checks what the formats require.</summary>
    /// <exception cref="ArgumentException">A value is outside; the message names it and what is allowed.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrEmpty(AeronDirectory), nameof(AeronDirectory), "a path");
        Require(LogBuffer.IsValidTermLength(IpcTermLength), nameof(IpcTermLength), "a power of two from 64 KiB to 1 GiB");
        Require(IpcMtuLength is >= 64 and <= 65504 && IpcMtuLength % DataHeaderDescriptor.FrameAlignment == 0, nameof(IpcMtuLength), "a multiple of 32 from 64 to 65504");
        Require(PublicationWindowLength >= 0 && PublicationWindowLength <= IpcTermLength / 2, nameof(PublicationWindowLength), "at most half a term");
        Require(ClientLivenessTimeout > TimeSpan.Zero, nameof(ClientLivenessTimeout), "positive");
        Require(PublicationUnblockTimeout > ClientLivenessTimeout, nameof(PublicationUnblockTimeout), $"above {nameof(ClientLivenessTimeout)}");
        Require(TimerInterval > TimeSpan.Zero && TimerInterval < ClientLivenessTimeout, nameof(TimerInterval), $"positive and below {nameof(ClientLivenessTimeout)}");
        Require(DriverTimeout > TimerInterval, nameof(DriverTimeout), $"above {nameof(TimerInterval)}");
        Require(PublicationLingerTimeout >= TimeSpan.Zero, nameof(PublicationLingerTimeout), "not negative");
        Require(CounterCount is >= 64 and <= 1 << 20, nameof(CounterCount), "from 64 to 1048576");
        Require(IsRing(ToDriverBufferCapacity), nameof(ToDriverBufferCapacity), "a power of two from 4096 bytes");
        Require(IsRing(ToClientsBufferCapacity), nameof(ToClientsBufferCapacity), "a power of two from 4096 bytes");
        Require(ErrorLogLength is >= 4096 and <= 1 << 26, nameof(ErrorLogLength), "from 4096 bytes to 64 MiB");
    }

    private static bool IsRing(int capacity) => capacity is >= 4096 and <= 1 << 28 && Concurrent.Alignment.IsPowerOfTwo(capacity);

    private static void Require(bool condition, string name, string allowed)
    {
        if (!condition)
        {
            throw new ArgumentException($"media driver: {name} must be {allowed}");
        }
    }
}
