using Exchange.Ipc.Client;
using Exchange.Ipc.Control;
using Exchange.Ipc.Driver;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Tests.Driver;

/// <summary>A publisher stops in the middle of a claim. What was committed before arrives; the hole becomes padding; the image ends or goes on.</summary>
public sealed unsafe class UnblockTests
{
    private const string Channel = "aeron:ipc";

    [Fact]
    public void A_closed_exclusive_publication_with_an_uncommitted_claim_is_drained_over_it()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        List<long> ends = [];
        using Subscription subscription = client.AddSubscription(Channel, 1, onUnavailableImage: image => ends.Add(image.Position));
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        Assert.True(publication.Offer([1]) > 0);
        Assert.True(publication.TryClaim(100, out _) > 0);
        publication.Dispose();

        CollectingHandler handler = new();
        driver.Until(() => Poll(subscription, ref handler) && subscription.ImageCount == 0, "the end of the image");
        Assert.Equal([1], Assert.Single(handler.Fragments).Payload);
        Assert.Equal([64 + 160L], ends);
        Assert.Equal(1, client.Counters.GetValue(CounterTypes.SystemUnblockedPublications));
    }

    [Fact]
    public void A_publisher_that_died_before_it_marked_its_claim_is_unblocked_up_to_its_tail()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        Assert.True(publication.Offer([1]) > 0);

        // The tail was moved by 256 bytes and nothing was written.
        publication.Mapped.Log.Tail(0) += 256;
        publication.Dispose();
        CollectingHandler handler = new();
        driver.Until(() => Poll(subscription, ref handler) && subscription.ImageCount == 0, "the end of the image");
        Assert.Single(handler.Fragments);
    }

    [Fact]
    public void A_publisher_that_died_when_it_ran_over_the_end_of_a_term_is_unblocked_to_the_end()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        Assert.True(publication.Offer([1]) > 0);
        publication.Mapped.Log.Tail(0) += 64 * 1024;
        publication.Dispose();
        CollectingHandler handler = new();
        long end = 0;
        driver.Until(
            () =>
            {
                _ = subscription.Poll(ref handler, 10);
                end = subscription.ImageCount == 0 ? end : subscription.ImageAtIndex(0).Position;
                return subscription.ImageCount == 0;
            },
            "the end of the image");
        Assert.Equal(64 * 1024, end);
        Assert.Single(handler.Fragments);
    }

    [Fact]
    public void The_other_publishers_of_a_shared_publication_go_on_after_one_died_in_a_claim()
    {
        MediaDriverContext context = Context(TestDriver.NewDirectory(), unblockMs: 1_100);
        using TestDriver driver = new(context, context.AeronDirectory);
        Aeron first = driver.Connect();
        Aeron second = driver.Connect();
        Publication dying = first.AddPublication(Channel, 1);
        using Publication living = second.AddPublication(Channel, 1);
        Assert.Equal(dying.SessionId, living.SessionId);
        using Subscription subscription = second.AddSubscription(Channel, 1);
        driver.Until(() => living.PositionLimit > 0 && subscription.ImageCount == 1, "the image");

        Assert.True(dying.Offer([1]) > 0);
        Assert.True(dying.TryClaim(100, out _) > 0);
        Assert.True(living.Offer([2]) > 0);
        CollectingHandler handler = new();
        driver.Until(() => Poll(subscription, ref handler) && handler.Fragments.Count == 2, "the message behind the hole");
        Assert.Equal([1, 2], handler.Fragments.Select(f => (int)f.Payload[0]));
        Assert.Equal(1, second.Counters.GetValue(CounterTypes.SystemUnblockedPublications));
    }

    [Fact]
    public void A_hole_without_mark_in_a_shared_publication_ends_where_the_next_frame_begins()
    {
        MediaDriverContext context = Context(TestDriver.NewDirectory(), unblockMs: 1_100);
        using TestDriver driver = new(context, context.AeronDirectory);
        Aeron client = driver.Connect();
        using Publication publication = client.AddPublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        publication.Mapped.Log.Tail(0) += 320;
        Assert.True(publication.Offer([2]) > 0);
        CollectingHandler handler = new();
        driver.Until(() => Poll(subscription, ref handler) && handler.Fragments.Count == 1, "the message behind the hole");
        byte* padding = publication.Mapped.Log.Terms;
        Assert.Equal(320, *(int*)padding);
        Assert.Equal(DataHeaderDescriptor.TypePadding, *(ushort*)(padding + DataHeaderDescriptor.TypeOffset));
    }

    [Fact]
    public void A_shared_publication_filled_to_the_end_by_a_dead_publisher_is_rotated()
    {
        MediaDriverContext context = Context(TestDriver.NewDirectory(), unblockMs: 1_100);
        using TestDriver driver = new(context, context.AeronDirectory);
        Aeron client = driver.Connect();
        int offset = (64 * 1024) - 128;
        using Publication publication = client.AddPublication($"{Channel}?init-term-id=5|term-id=5|term-offset={offset}", 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > publication.Position && subscription.ImageCount == 1, "the image");
        publication.Mapped.Log.Tail(0) += 512;
        CollectingHandler handler = new();
        driver.Until(
            () => Poll(subscription, ref handler) && publication.Mapped.Log.ActiveTermCount == 1, "the rotation");
        driver.Until(() => publication.Offer([9]) > 0, "a message in the next term");
        driver.Until(() => Poll(subscription, ref handler) && handler.Fragments.Count == 1, "the message");
    }

    [Fact]
    public void A_live_publisher_that_is_slow_to_commit_is_not_unblocked()
    {
        MediaDriverContext context = Context(TestDriver.NewDirectory(), unblockMs: 60_000);
        using TestDriver driver = new(context, context.AeronDirectory);
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        Assert.True(publication.TryClaim(1, out BufferClaim claim) > 0);
        CollectingHandler handler = new();
        for (int i = 0; i < 2_000; i++)
        {
            driver.Work();
            Assert.Equal(0, subscription.Poll(ref handler, 10));
        }

        claim.Buffer[0] = 7;
        claim.Commit();
        Assert.Equal(1, subscription.Poll(ref handler, 10));
        Assert.Equal(0, client.Counters.GetValue(CounterTypes.SystemUnblockedPublications));
    }

    internal static MediaDriverContext Context(string directory, int unblockMs, int livenessMs = 1_000) => new()
    {
        AeronDirectory = directory,
        IpcTermLength = 64 * 1024,
        CounterCount = 256,
        ToDriverBufferCapacity = 64 * 1024,
        ToClientsBufferCapacity = 64 * 1024,
        ErrorLogLength = 64 * 1024,
        TimerInterval = TimeSpan.FromMilliseconds(1),
        ClientLivenessTimeout = TimeSpan.FromMilliseconds(livenessMs),
        PublicationUnblockTimeout = TimeSpan.FromMilliseconds(unblockMs),
        PublicationLingerTimeout = TimeSpan.Zero,
    };

    private static bool Poll(Subscription subscription, ref CollectingHandler handler)
    {
        _ = subscription.Poll(ref handler, 10);
        return true;
    }
}
