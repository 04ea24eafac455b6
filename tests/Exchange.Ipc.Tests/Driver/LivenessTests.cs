using Exchange.Ipc.Client;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;
using Exchange.Ipc.Driver;

namespace Exchange.Ipc.Tests.Driver;

public sealed class LivenessTests
{
    private const string Channel = "aeron:ipc";

    [Fact]
    public void A_silent_client_is_given_up_with_everything_it_had()
    {
        MediaDriverContext context = UnblockTests.Context(TestDriver.NewDirectory(), unblockMs: 1_100, livenessMs: 1_000);
        using TestDriver driver = new(context, context.AeronDirectory);
        Aeron living = driver.Connect();
        using Aeron silent = Aeron.Connect(new AeronContext
        {
            AeronDirectory = driver.Directory,
            DriverAgentInvoker = driver.Agent,
            LivenessCheckInterval = TimeSpan.Zero,
            KeepAliveInterval = TimeSpan.FromMinutes(1), // a client whose duty cycle stopped
        });
        int gone = 0;
        Subscription subscription = living.AddSubscription(Channel, 1, onUnavailableImage: _ => gone++);
        ExclusivePublication publication = silent.AddExclusivePublication(Channel, 1);
        _ = silent.AddSubscription(Channel, 2);
        driver.Until(() => subscription.ImageCount == 1, "the image");

        driver.Until(() => gone == 1, "the end of the silent client's image");
        Assert.Equal(1, driver.Driver.Conductor.ClientCount);
        Assert.Equal(1, living.Counters.GetValue(CounterTypes.SystemClientTimeouts));

        Assert.True(silent.IsDriverAlive);
        _ = silent.DoWork();
        Assert.False(silent.IsDriverAlive);
        Assert.Contains(silent.CloseReason, (CloseReason[])[CloseReason.ClientTimeout, CloseReason.ServiceInterval]);
        Assert.True(publication.IsClosed);
    }

    [Fact]
    public void An_orderly_end_of_the_driver_closes_its_clients_at_once()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        int gone = 0;
        using Subscription subscription = client.AddSubscription(Channel, 1, onUnavailableImage: _ => gone++);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        Assert.True(publication.Offer([1]) > 0);
        Image image = subscription.ImageAtIndex(0);
        driver.Driver.Dispose();
        _ = client.DoWork();
        Assert.Equal(CloseReason.DriverClosed, client.CloseReason);
        Assert.Equal(1, gone);
        Assert.True(image.IsClosed);
        Assert.Equal(0, image.Position);
        CollectingHandler handler = new();
        Assert.Equal(0, image.Poll(ref handler, 1));
        Assert.Equal(ExclusivePublication.Closed, publication.Offer([1]));
        Assert.False(Directory.Exists(driver.Directory));
    }

    [Fact]
    public void A_driver_that_stops_working_is_noticed_by_its_heartbeat()
    {
        using TestDriver driver = new();
        using Aeron client = Aeron.Connect(new AeronContext
        {
            AeronDirectory = driver.Directory,
            DriverTimeout = TimeSpan.FromMilliseconds(100),
            LivenessCheckInterval = TimeSpan.Zero,
        });
        System.Diagnostics.Stopwatch time = System.Diagnostics.Stopwatch.StartNew();
        while (client.IsDriverAlive)
        {
            Assert.True(time.Elapsed < TestDriver.Patience);
            _ = client.DoWork();
            _ = Thread.Yield();
        }

        Assert.Equal(CloseReason.DriverTimeout, client.CloseReason);
        Assert.Throws<ObjectDisposedException>(() => client.AddPublication(Channel, 1));
    }

    [Fact]
    public void A_client_that_was_not_worked_for_too_long_closes_itself()
    {
        MediaDriverContext context = UnblockTests.Context(TestDriver.NewDirectory(), unblockMs: 1_000, livenessMs: 50);
        using TestDriver driver = new(context, context.AeronDirectory);
        using Aeron client = Aeron.Connect(new AeronContext { AeronDirectory = driver.Directory, DriverAgentInvoker = driver.Agent });
        System.Diagnostics.Stopwatch time = System.Diagnostics.Stopwatch.StartNew();
        while (time.ElapsedMilliseconds < 100)
        {
            _ = Thread.Yield();
        }

        _ = client.DoWork();
        Assert.Equal(CloseReason.ServiceInterval, client.CloseReason);
    }

    [Fact]
    public void Connecting_without_a_driver_says_where_none_was_found()
    {
        string directory = TestDriver.NewDirectory();
        AeronContext context = new() { AeronDirectory = directory, DriverTimeout = TimeSpan.FromMilliseconds(20) };
        Assert.Null(Aeron.TryConnect(context));
        DriverTimeoutException e = Assert.Throws<DriverTimeoutException>(() => Aeron.Connect(context));
        Assert.Contains(directory, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_does_not_answer_ends_a_blocking_call_in_time()
    {
        using TestDriver driver = new();
        using Aeron client = Aeron.Connect(new AeronContext { AeronDirectory = driver.Directory, DriverTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.Throws<DriverTimeoutException>(() => client.AddPublication(Channel, 1));
    }

    [Fact]
    public void Two_drivers_in_one_directory_are_refused_and_files_of_a_dead_one_are_replaced()
    {
        string directory = TestDriver.NewDirectory();
        MediaDriverContext context = TestDriver.NewContext(directory);
        using (TestDriver first = new(context, directory))
        {
            ActiveDriverException e = Assert.Throws<ActiveDriverException>(() => MediaDriver.Create(context));
            Assert.Contains(directory, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }

        // What a killed driver leaves: a CnC file with a fresh heartbeat, and logs.
        PrivateDirectory.Create(directory);
        PrivateDirectory.Create(Path.Combine(directory, "publications"));
        using (CncFile stale = CncFile.Create(directory, CncSizes.For(4096, 4096, 64, 4096), 1, 4096))
        {
            stale.CreateToDriverRing().ConsumerHeartbeatMs = Clock.EpochMs;
            stale.SignalReady();
        }

        string orphan = Path.Combine(directory, "publications", "1.logbuffer");
        File.WriteAllText(orphan, "old");
        using TestDriver second = new(context, directory);
        Assert.False(File.Exists(orphan));
        _ = second.Connect();
    }

    [Fact]
    public void An_active_Aeron_driver_is_respected_until_its_heartbeat_is_old()
    {
        string directory = TestDriver.NewDirectory();
        PrivateDirectory.Create(directory);
        try
        {
            using (CncFile foreign = CncFile.Create(directory, CncSizes.For(4096, 4096, 64, 4096), 1, 4096))
            {
                unsafe
                {
                    using MappedFile raw = MappedFile.OpenExisting(CncFile.PathIn(directory));
                    *(long*)(raw.Address + CncFileDescriptor.PidNamespaceOffset) = 0;
                }

                foreign.CreateToDriverRing().ConsumerHeartbeatMs = Clock.EpochMs;
                foreign.SignalReady();
                Assert.Throws<ActiveDriverException>(() => MediaDriver.Create(TestDriver.NewContext(directory)));
                foreign.CreateToDriverRing().ConsumerHeartbeatMs = Clock.EpochMs - 60_000;
            }

            using MediaDriver driver = MediaDriver.Create(TestDriver.NewContext(directory));
        }
        finally
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    [Fact]
    public void Closing_everything_leaves_no_publication_counter_or_file_behind()
    {
        using TestDriver driver = new();
        Aeron observer = driver.Connect();
        driver.Until(() => driver.Driver.Conductor.ClientCount == 1, "the observer's registration");
        int before = CountAllocated(observer.Counters);
        for (int round = 0; round < 3; round++)
        {
            using Aeron client = Aeron.Connect(new AeronContext { AeronDirectory = driver.Directory, DriverAgentInvoker = driver.Agent });
            ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
            Subscription subscription = client.AddSubscription(Channel, 1);
            driver.Until(() => client.DoWork() >= 0 && subscription.ImageCount == 1, "the image");
            subscription.Dispose();
            publication.Dispose();
            publication.Dispose();
        }

        driver.Until(() => driver.Driver.Conductor is { ClientCount: 1, PublicationCount: 0 }, "an empty driver");
        Assert.Equal(before, CountAllocated(observer.Counters));
        Assert.Empty(Directory.GetFiles(Path.Combine(driver.Directory, "publications")));
    }

    private static int CountAllocated(CountersReader counters)
    {
        int count = 0;
        for (int id = 0; id < counters.CountMax; id++)
        {
            count += counters.GetState(id) == CountersDescriptor.RecordAllocated ? 1 : 0;
        }

        return count;
    }
}
