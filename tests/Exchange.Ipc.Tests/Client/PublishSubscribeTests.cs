using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Tests.Client;

public sealed class PublishSubscribeTests
{
    private const string Channel = "aeron:ipc";

    [Fact]
    public void A_claimed_message_travels_between_two_clients_of_one_driver()
    {
        using TestDriver driver = new();
        Aeron publisher = driver.Connect();
        Aeron subscriber = driver.Connect();
        using ExclusivePublication publication = publisher.AddExclusivePublication(Channel, 10);
        Assert.Equal(ExclusivePublication.NotConnected, publication.Offer([1]));

        using Subscription subscription = subscriber.AddSubscription(Channel, 10);
        driver.Until(() => publication.IsConnected && subscription.ImageCount == 1 && publication.PositionLimit > 0, "the image");

        Assert.Equal(64, publication.TryClaim(5, out BufferClaim claim));
        "hello"u8.CopyTo(claim.Buffer);
        claim.ReservedValue = 42;
        CollectingHandler handler = new();
        Assert.Equal(0, subscription.Poll(ref handler, 10));
        claim.Commit();
        Assert.Equal(1, subscription.Poll(ref handler, 10));
        Assert.Equal("hello"u8.ToArray(), handler.Fragments[0].Payload);
        Assert.Equal(publication.SessionId, handler.Fragments[0].SessionId);
        Assert.Equal(64, handler.Fragments[0].Position);
        Assert.Equal(42, handler.Fragments[0].ReservedValue);
        Assert.Equal(64, publication.Position);
        Assert.Equal(64, subscription.ImageAtIndex(0).Position);
    }

    [Fact]
    public void An_aborted_claim_is_skipped()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");

        Assert.True(publication.TryClaim(100, out BufferClaim aborted) > 0);
        aborted.Abort();
        Assert.True(publication.Offer([7]) > 0);
        CollectingHandler handler = new();
        Assert.Equal(1, subscription.Poll(ref handler, 10));
        Assert.Equal([7], Assert.Single(handler.Fragments).Payload);
    }

    [Fact]
    public void A_message_longer_than_a_frame_is_fragmented_and_assembled()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");

        byte[] message = new byte[publication.MaxMessageLength];
        new Random(1).NextBytes(message);
        FragmentAssembler<CollectingHandler> assembler = new(new CollectingHandler());
        Assert.True(publication.Offer(message) > 0);
        int expected = (message.Length + publication.MaxPayloadLength - 1) / publication.MaxPayloadLength;
        Assert.Equal(expected, subscription.Poll(ref assembler, 100));
        Assert.Equal(message, Assert.Single(assembler.Handler.Fragments).Payload);
        Assert.Equal(DataHeaderDescriptor.UnfragmentedFlags, assembler.Handler.Fragments[0].Flags);
    }

    [Fact]
    public void Two_publications_of_a_stream_appear_as_two_images_of_a_subscription()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        List<int> available = [];
        List<int> unavailable = [];
        using Subscription subscription = client.AddSubscription(
            Channel, 1, image => available.Add(image.SessionId), image => unavailable.Add(image.SessionId));
        using ExclusivePublication first = client.AddExclusivePublication(Channel, 1);
        using ExclusivePublication second = client.AddExclusivePublication(Channel, 1);
        using ExclusivePublication other = client.AddExclusivePublication(Channel, 2);
        driver.Until(() => subscription.ImageCount == 2 && first.PositionLimit > 0 && second.PositionLimit > 0, "two images");
        Assert.Equal([first.SessionId, second.SessionId], available);

        Assert.True(first.Offer([1]) > 0);
        Assert.True(second.Offer([2]) > 0);
        CollectingHandler handler = new();
        Assert.Equal(2, subscription.Poll(ref handler, 10));
        Assert.Equal([(first.SessionId, (byte)1), (second.SessionId, (byte)2)], handler.Fragments.Select(f => (f.SessionId, f.Payload[0])).Order());

        first.Dispose();
        driver.Until(() => subscription.ImageCount == 1, "the end of the first image");
        Assert.Equal([first.SessionId], unavailable);
        Assert.Equal(second.SessionId, subscription.ImageAtIndex(0).SessionId);
    }
}
