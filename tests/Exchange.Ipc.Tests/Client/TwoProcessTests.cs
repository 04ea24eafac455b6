using System.Diagnostics;
using Exchange.Ipc.Client;
using Exchange.Ipc.Driver;

namespace Exchange.Ipc.Tests.Client;

public sealed class TwoProcessTests
{
    [Fact]
    public void A_process_echoes_messages_of_another()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication requests = client.AddExclusivePublication(PeerProgram.Channel, PeerProgram.RequestStream);
        using Subscription replies = client.AddSubscription(PeerProgram.Channel, PeerProgram.ReplyStream);
        using PeerProcess peer = PeerProcess.Start("echo", driver.Directory);
        peer.WaitReady(driver.Work);

        const int Count = 5_000;
        CollectingHandler handler = new();
        int sent = 0;
        driver.Until(
            () =>
            {
                if (sent < Count && requests.Offer(BitConverter.GetBytes(sent)) > 0)
                {
                    sent++;
                }

                _ = replies.Poll(ref handler, 100);
                return handler.Fragments.Count == Count;
            },
            "all echoes");
        Assert.Equal(Enumerable.Range(0, Count), handler.Fragments.Select(f => BitConverter.ToInt32(f.Payload)));
    }

    [Fact]
    public void A_process_killed_in_the_middle_of_a_claim_is_drained_and_cleaned_up_long_before_its_heartbeat_is_old()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        List<long> ends = [];
        using Subscription subscription = client.AddSubscription(
            PeerProgram.Channel, PeerProgram.RequestStream, onUnavailableImage: image => ends.Add(image.Position));
        using PeerProcess peer = PeerProcess.Start("claim", driver.Directory);
        peer.WaitReady(driver.Work);
        CollectingHandler handler = new();
        driver.Until(() => subscription.Poll(ref handler, 10) > 0, "the committed message");
        Assert.Equal(64, subscription.ImageAtIndex(0).Position);
        Assert.Equal(2, driver.Driver.Conductor.ClientCount);

        peer.Kill();
        Stopwatch time = Stopwatch.StartNew();
        driver.Until(
            () =>
            {
                _ = subscription.Poll(ref handler, 10);
                return subscription.ImageCount == 0;
            },
            "the end of the image");
        Assert.True(time.Elapsed < driver.Context.ClientLivenessTimeout, $"took {time.Elapsed}");
        Assert.Equal([1, 2, 3], Assert.Single(handler.Fragments).Payload);
        Assert.Equal(64 + 160, Assert.Single(ends));
        driver.Until(() => driver.Driver.Conductor is { ClientCount: 1, PublicationCount: 0 }, "no trace of the dead client");
        Assert.Empty(Directory.GetFiles(Path.Combine(driver.Directory, "publications")));
    }

    [Fact]
    public void A_killed_driver_is_noticed_at_once_and_a_new_one_takes_its_directory_over()
    {
        string directory = TestDriver.NewDirectory();
        try
        {
            using PeerProcess first = PeerProcess.Start("driver", directory);
            first.WaitReady(() => { });
            AeronContext context = new() { AeronDirectory = directory, LivenessCheckInterval = TimeSpan.Zero };
            using Aeron client = Aeron.Connect(context);
            ExclusivePublication publication = client.AddExclusivePublication(PeerProgram.Channel, 1);
            int ended = 0;
            Subscription subscription = client.AddSubscription(PeerProgram.Channel, 1, onUnavailableImage: _ => ended++);
            Wait(() => subscription.ImageCount == 1 && publication.Offer([1]) > 0, () => client.DoWork());
            Assert.Throws<ActiveDriverException>(() => MediaDriver.Create(TestDriver.NewContext(directory)));

            first.Kill();
            Stopwatch time = Stopwatch.StartNew();
            Wait(() => !client.IsDriverAlive, () => client.DoWork());
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(5), $"took {time.Elapsed}");
            Assert.Equal(CloseReason.DriverGone, client.CloseReason);
            Assert.Equal(ExclusivePublication.Closed, publication.Offer([1]));
            Assert.Equal(ExclusivePublication.Closed, publication.TryClaim(1, out _));
            Assert.Equal(1, ended);
            Assert.True(subscription.IsClosed);
            Assert.Null(Aeron.TryConnect(context));

            using PeerProcess second = PeerProcess.Start("driver", directory);
            second.WaitReady(() => { });
            using Aeron again = Aeron.Connect(context);
            Assert.NotNull(again.AddExclusivePublication(PeerProgram.Channel, 1));
            Assert.Equal(0, client.DoWork());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Wait(Func<bool> condition, Action work)
    {
        Stopwatch time = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(time.Elapsed < TestDriver.Patience, "waited in vain");
            work();
            _ = Thread.Yield();
        }
    }
}
