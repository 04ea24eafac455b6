using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Tests.Client;

public sealed class FlowControlTests
{
    private const string Channel = "aeron:ipc";

    [Fact]
    public void A_publisher_stops_a_window_ahead_of_the_subscriber_and_goes_on_when_it_catches_up()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");

        byte[] message = new byte[96];
        int sent = FillWindow(driver, publication, message);
        Assert.Equal(publication.TermLength / 2 / 128, sent);
        Assert.Equal(ExclusivePublication.BackPressured, publication.TryClaim(1, out BufferClaim none));
        Assert.Equal(0, none.Length);

        CollectingHandler handler = new();
        int received = subscription.Poll(ref handler, sent / 2);
        Assert.Equal(sent / 2, received);
        driver.Work();
        int more = FillWindow(driver, publication, message);
        Assert.Equal(received, more);
        while (subscription.Poll(ref handler, 1000) > 0)
        {
        }

        Assert.Equal(sent + more, handler.Fragments.Count);
        Assert.Equal(publication.Position, subscription.ImageAtIndex(0).Position);
    }

    [Fact]
    public void The_slowest_of_two_subscribers_decides_until_it_leaves()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        using Subscription fast = client.AddSubscription(Channel, 1);
        Subscription slow = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && fast.ImageCount == 1 && slow.ImageCount == 1, "the images");
        _ = FillWindow(driver, publication, new byte[96]);
        CollectingHandler handler = new();
        Assert.True(fast.Poll(ref handler, 1000) > 0);
        driver.Work();
        Assert.Equal(ExclusivePublication.BackPressured, publication.Offer([1]));

        slow.Dispose();
        driver.Until(() => publication.Offer([1]) > 0, "the limit to move with the fast one");
    }

    [Fact]
    public void Without_subscribers_nothing_is_published_and_a_late_one_starts_where_the_last_one_ended()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        Subscription first = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && first.ImageCount == 1, "the image");
        Assert.True(publication.Offer([1]) > 0);
        CollectingHandler handler = new();
        Assert.Equal(1, first.Poll(ref handler, 10));
        driver.Work();
        first.Dispose();
        driver.Until(() => !publication.IsConnected && publication.Offer([2]) == ExclusivePublication.NotConnected, "the disconnection");

        using Subscription second = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.IsConnected && second.ImageCount == 1, "the second image");
        Assert.Equal(64, second.ImageAtIndex(0).JoinPosition);
        driver.Until(() => publication.Offer([3]) > 0, "the limit");
        Assert.Equal(1, second.Poll(ref handler, 10));
        Assert.Equal([1, 3], handler.Fragments.Select(f => (int)f.Payload[0]));
    }

    [Theory]
    [InlineData(int.MaxValue - 1)]
    [InlineData(-2)]
    [InlineData(0)]
    public void Many_rotations_with_padding_keep_order_and_content_even_when_term_ids_wrap(int initialTermId)
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication =
            client.AddExclusivePublication($"{Channel}?init-term-id={initialTermId}|term-id={initialTermId}|term-offset=0", 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");

        // 416 bytes a frame do not divide a term of 64 KiB, so each term ends in padding.
        byte[] message = new byte[380];
        CheckingHandler handler = default;
        int adminActions = 0;
        for (int i = 0; i < 3_000; i++)
        {
            BitConverter.TryWriteBytes(message, i);
            long result;
            while ((result = publication.Offer(message)) < 0)
            {
                Assert.True(result is ExclusivePublication.AdminAction or ExclusivePublication.BackPressured, $"result {result}");
                adminActions += result == ExclusivePublication.AdminAction ? 1 : 0;
                _ = subscription.Poll(ref handler, 50);
                driver.Work();
            }

            Assert.Equal(publication.Position, result);
        }

        while (subscription.Poll(ref handler, 100) > 0)
        {
        }

        Assert.Equal(3_000, handler.Count);
        Assert.Equal(0, handler.Wrong);
        Assert.Equal(3_000 * 416 / (64 * 1024), adminActions);
    }

    [Fact]
    public void A_stream_ends_at_its_last_position()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        int lastTermId = int.MaxValue; // the term with the count 2^31 - 1
        using ExclusivePublication exclusive =
            client.AddExclusivePublication($"{Channel}?init-term-id=0|term-id={lastTermId}|term-offset={(64 * 1024) - 64}", 1);
        using Publication shared = client.AddPublication($"{Channel}?init-term-id=0|term-id={lastTermId}|term-offset={(64 * 1024) - 64}", 2);
        using Subscription first = client.AddSubscription(Channel, 1);
        using Subscription second = client.AddSubscription(Channel, 2);
        driver.Until(() => first.ImageCount == 1 && second.ImageCount == 1 && exclusive.PositionLimit > exclusive.Position && shared.PositionLimit > shared.Position, "limits");

        Assert.Equal(1L << 47, exclusive.Offer([1]));
        Assert.Equal(1L << 47, shared.Offer([1]));
        Assert.Equal(ExclusivePublication.MaxPositionExceeded, exclusive.Offer([2]));
        Assert.Equal(ExclusivePublication.MaxPositionExceeded, exclusive.TryClaim(1, out _));
        Assert.Equal(Publication.MaxPositionExceeded, shared.Offer([2]));
        CollectingHandler handler = new();
        Assert.Equal(1, first.Poll(ref handler, 10));
        driver.Work();
        Assert.Equal(ExclusivePublication.MaxPositionExceeded, exclusive.Offer([2]));
        Assert.Equal(0, first.Poll(ref handler, 10));
    }

    [Fact]
    public void Lengths_beyond_the_limits_are_refused_before_anything_is_claimed()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication exclusive = client.AddExclusivePublication(Channel, 1);
        using Publication shared = client.AddPublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => exclusive.PositionLimit > 0 && shared.PositionLimit > 0, "limits");
        Assert.Equal(1376, exclusive.MaxPayloadLength);
        Assert.Equal(8192, exclusive.MaxMessageLength);
        Assert.Throws<ArgumentOutOfRangeException>(() => exclusive.TryClaim(1377, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => exclusive.TryClaim(-1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => exclusive.Offer(new byte[8193]));
        Assert.Throws<ArgumentOutOfRangeException>(() => shared.TryClaim(1377, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => shared.Offer(new byte[8193]));
        Assert.Equal(0, exclusive.Position);
        Assert.Equal(0, shared.Position);
    }

    [Fact]
    public void A_handler_that_throws_has_consumed_its_fragment()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        Assert.True(publication.Offer([1]) > 0);
        Assert.True(publication.Offer([2]) > 0);
        ThrowingHandler bad = default;
        Assert.Throws<InvalidOperationException>(() => subscription.Poll(ref bad, 10));
        CollectingHandler handler = new();
        Assert.Equal(1, subscription.Poll(ref handler, 10));
        Assert.Equal([2], Assert.Single(handler.Fragments).Payload);
    }

    [Fact]
    public void A_client_may_be_disposed_by_its_own_fragment_handler()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        Assert.True(publication.Offer([1]) > 0);
        Assert.True(publication.Offer([2]) > 0);
        DisposingHandler handler = new(client);
        Assert.Equal(1, subscription.Poll(ref handler, 10));
        Assert.Equal(0, subscription.Poll(ref handler, 10));
        Assert.Equal(ExclusivePublication.Closed, publication.Offer([3]));
        Assert.Equal(ExclusivePublication.Closed, publication.Position);
        Assert.Equal(0, client.DoWork());
        Assert.Throws<ObjectDisposedException>(() => client.AddSubscription(Channel, 1));
    }

    private static int FillWindow(TestDriver driver, ExclusivePublication publication, byte[] message)
    {
        int sent = 0;
        long result;
        while ((result = publication.Offer(message)) != ExclusivePublication.BackPressured)
        {
            sent += result > 0 ? 1 : 0;
            driver.Work();
        }

        return sent;
    }

    private struct CheckingHandler : IFragmentHandler
    {
        internal int Count;
        internal int Wrong;

        public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header)
        {
            Wrong += fragment.Length == 380 && BitConverter.ToInt32(fragment) == Count ? 0 : 1;
            Count++;
        }
    }

    private struct ThrowingHandler : IFragmentHandler
    {
        public readonly void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header) => throw new InvalidOperationException("poison");
    }

    private readonly struct DisposingHandler(Aeron client) : IFragmentHandler
    {
        public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header) => client.Dispose();
    }
}
