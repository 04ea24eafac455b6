using Exchange.Ipc.Client;
using Exchange.Ipc.Driver;

namespace Exchange.Ipc.Tests.Driver;

/// <summary>Which directories of shared memory are swept, and which are left alone.</summary>
public sealed class AbandonedDriversTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-sweep-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_a_killed_driver_left_is_deleted_and_a_running_one_keeps_everything()
    {
        string dead = Path.Combine(_folder, "exchange-1-member-1");
        string alive = Path.Combine(_folder, "exchange-2-member-1");
        string foreign = Path.Combine(_folder, "aeron-somebody");
        Kill(dead);
        Kill(foreign);
        using PeerProcess running = StartDriver(alive);
        Assert.Empty(Sweep(TimeSpan.FromHours(1)));
        Assert.Equal([dead], Sweep(TimeSpan.Zero));
        Assert.False(Directory.Exists(dead));
        Assert.True(Directory.Exists(foreign));
        using Aeron client = Aeron.Connect(new AeronContext { AeronDirectory = alive });
        Assert.True(client.IsDriverAlive);
    }

    [Fact]
    public void What_a_client_still_looks_at_is_left_alone()
    {
        string directory = Path.Combine(_folder, "exchange-3-member-1");
        using (PeerProcess driver = StartDriver(directory))
        {
            using Aeron client = Aeron.Connect(new AeronContext { AeronDirectory = directory });
            driver.Kill();
            Assert.Empty(Sweep(TimeSpan.Zero));
        }

        Assert.Equal([directory], Sweep(TimeSpan.Zero));
    }

    [Fact]
    public void Where_there_is_no_shared_memory_nothing_is_swept() =>
        Assert.Empty(AbandonedDrivers.Delete(Path.Combine(_folder, "none"), "*", TimeSpan.Zero));

    private static void Kill(string directory)
    {
        using PeerProcess driver = StartDriver(directory);
        driver.Kill();
    }

    private static PeerProcess StartDriver(string directory)
    {
        PeerProcess driver = PeerProcess.Start("driver", directory);
        driver.WaitReady(static () => { });
        return driver;
    }

    private IReadOnlyList<string> Sweep(TimeSpan silentFor) => AbandonedDrivers.Delete(_folder, "exchange-*-member-*", silentFor);
}
