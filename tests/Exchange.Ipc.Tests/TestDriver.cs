using System.Diagnostics;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Client;
using Exchange.Ipc.Driver;

namespace Exchange.Ipc.Tests;

/// <summary>A driver in a directory of its own in shared memory, worked by the test's thread, so that each test is deterministic and leaves nothing.</summary>
internal sealed class TestDriver : IDisposable
{
    private readonly List<Aeron> _clients = [];

    internal TestDriver(MediaDriverContext? context = null, string? directory = null)
    {
        Directory = directory ?? NewDirectory();
        Context = context ?? NewContext(Directory);
        Driver = MediaDriver.Create(Context);
    }

    internal string Directory { get; }

    internal MediaDriverContext Context { get; }

    internal MediaDriver Driver { get; }

    internal IAgent Agent => Driver.ConductorAgent;

    /// <summary>Deadline of everything that a test waits for.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Small terms and buffers, so that tests wrap often and start fast.</summary>
    internal static MediaDriverContext NewContext(string directory) => new()
    {
        AeronDirectory = directory,
        IpcTermLength = 64 * 1024,
        CounterCount = 256,
        ToDriverBufferCapacity = 64 * 1024,
        ToClientsBufferCapacity = 64 * 1024,
        ErrorLogLength = 64 * 1024,
        TimerInterval = TimeSpan.FromMilliseconds(1),
        PublicationLingerTimeout = TimeSpan.Zero,
    };

    internal static string NewDirectory() => Path.Combine(Path.GetTempPath(), $"exchange-ipc-{Guid.NewGuid():N}");

    internal Aeron Connect(TimeSpan? driverTimeout = null)
    {
        Aeron client = Aeron.Connect(new AeronContext
        {
            AeronDirectory = Directory,
            DriverAgentInvoker = Agent,
            LivenessCheckInterval = TimeSpan.Zero,
            KeepAliveInterval = TimeSpan.FromMilliseconds(10),
            ResourceLinger = TimeSpan.Zero,
            DriverTimeout = driverTimeout ?? Patience,
        });
        _clients.Add(client);
        return client;
    }

    /// <summary>Works driver and clients until the condition holds; fails after the deadline.</summary>
    internal void Until(Func<bool> condition, string what)
    {
        Stopwatch time = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(time.Elapsed < Patience, $"waited in vain for: {what}");
            Work();
            _ = Thread.Yield();
        }
    }

    /// <summary>One duty cycle of driver and clients.</summary>
    internal void Work()
    {
        _ = Agent.DoWork();
        foreach (Aeron client in _clients)
        {
            _ = client.DoWork();
        }
    }

    public void Dispose()
    {
        foreach (Aeron client in _clients)
        {
            client.Dispose();
        }

        Driver.Dispose();
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
