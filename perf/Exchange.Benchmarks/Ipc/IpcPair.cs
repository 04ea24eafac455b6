using Exchange.Ipc.Agents;
using Exchange.Ipc.Client;
using Exchange.Ipc.Driver;

namespace Exchange.Benchmarks.Ipc;

/// <summary>A driver on a thread of its own and a client with publications and subscriptions of two streams, "ping" and "pong".</summary>
internal sealed class IpcPair : IDisposable
{
    private const int PingStream = 1;
    private const int PongStream = 2;
    private readonly MediaDriver _driver;
    private readonly Aeron _client;

    internal IpcPair(int termLength = 64 * 1024 * 1024)
    {
        string directory = Path.Combine("/dev/shm", $"exchange-bench-{Environment.ProcessId}-{Guid.NewGuid():N}");
        _driver = MediaDriver.Launch(new MediaDriverContext
        {
            AeronDirectory = directory,
            IpcTermLength = termLength,
            PreTouchMappedMemory = true,
            Runner = new AgentRunnerOptions { IdleStrategy = IdleStrategyKind.Backoff },
        });
        _client = Aeron.Connect(new AeronContext { AeronDirectory = directory, PreTouchMappedMemory = true });
        PingSubscription = _client.AddSubscription("aeron:ipc", PingStream);
        PongSubscription = _client.AddSubscription("aeron:ipc", PongStream);
        Ping = _client.AddExclusivePublication("aeron:ipc", PingStream);
        Pong = _client.AddExclusivePublication("aeron:ipc", PongStream);
        while (PingSubscription.ImageCount == 0 || PongSubscription.ImageCount == 0 || Ping.PositionLimit == 0 || Pong.PositionLimit == 0)
        {
            _ = _client.DoWork();
            _ = Thread.Yield();
        }
    }

    internal ExclusivePublication Ping { get; }

    internal ExclusivePublication Pong { get; }

    internal Subscription PingSubscription { get; }

    internal Subscription PongSubscription { get; }

    /// <summary>The client's duty; call it now and then during a long run.</summary>
    internal void DoWork() => _client.DoWork();

    public void Dispose()
    {
        _client.Dispose();
        _driver.Dispose();
    }
}
