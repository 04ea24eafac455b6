using System.Runtime.InteropServices;
using Exchange.Ipc.Client;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Tests.LogBuffers;

/// <summary>
/// The formats are a contract with programs that we did not build. Sizes and offsets here were taken from the published descriptors of
/// Aeron 1.53 (C structs with 4-byte packing), not from our own constants.
/// </summary>
public sealed unsafe class LayoutTests
{
    [Theory]
    [InlineData(typeof(PublicationCommand), 24)]
    [InlineData(typeof(SubscriptionCommand), 32)]
    [InlineData(typeof(RemoveCommand), 32)]
    [InlineData(typeof(CorrelatedCommand), 16)]
    [InlineData(typeof(PublicationReady), 36)]
    [InlineData(typeof(SubscriptionReady), 12)]
    [InlineData(typeof(ImageReady), 28)]
    [InlineData(typeof(ImageUnavailable), 24)]
    [InlineData(typeof(ErrorResponse), 16)]
    [InlineData(typeof(CounterUpdate), 12)]
    [InlineData(typeof(CounterCommand), 20)]
    [InlineData(typeof(StaticCounterCommand), 28)]
    [InlineData(typeof(NextSessionIdCommand), 20)]
    public void Control_messages_have_the_published_size(Type record, int size) => Assert.Equal(size, Marshal.SizeOf(record));

    [Fact]
    public void Control_messages_have_the_published_offsets()
    {
        Assert.Equal(16, Offset<PublicationCommand>(nameof(PublicationCommand.StreamId)));
        Assert.Equal(20, Offset<PublicationCommand>(nameof(PublicationCommand.ChannelLength)));
        Assert.Equal(16, Offset<SubscriptionCommand>(nameof(SubscriptionCommand.RegistrationCorrelationId)));
        Assert.Equal(24, Offset<SubscriptionCommand>(nameof(SubscriptionCommand.StreamId)));
        Assert.Equal(28, Offset<SubscriptionCommand>(nameof(SubscriptionCommand.ChannelLength)));
        Assert.Equal(16, Offset<RemoveCommand>(nameof(RemoveCommand.RegistrationId)));
        Assert.Equal(24, Offset<RemoveCommand>(nameof(RemoveCommand.Flags)));
        Assert.Equal(8, Offset<PublicationReady>(nameof(PublicationReady.RegistrationId)));
        Assert.Equal(16, Offset<PublicationReady>(nameof(PublicationReady.SessionId)));
        Assert.Equal(20, Offset<PublicationReady>(nameof(PublicationReady.StreamId)));
        Assert.Equal(24, Offset<PublicationReady>(nameof(PublicationReady.PositionLimitCounterId)));
        Assert.Equal(28, Offset<PublicationReady>(nameof(PublicationReady.ChannelStatusCounterId)));
        Assert.Equal(32, Offset<PublicationReady>(nameof(PublicationReady.LogFileLength)));
        Assert.Equal(8, Offset<ImageReady>(nameof(ImageReady.SessionId)));
        Assert.Equal(12, Offset<ImageReady>(nameof(ImageReady.StreamId)));
        Assert.Equal(16, Offset<ImageReady>(nameof(ImageReady.SubscriptionRegistrationId)));
        Assert.Equal(24, Offset<ImageReady>(nameof(ImageReady.SubscriberPositionCounterId)));
        Assert.Equal(8, Offset<ImageUnavailable>(nameof(ImageUnavailable.SubscriptionRegistrationId)));
        Assert.Equal(16, Offset<ImageUnavailable>(nameof(ImageUnavailable.StreamId)));
        Assert.Equal(8, Offset<ErrorResponse>(nameof(ErrorResponse.ErrorCode)));
    }

    [Fact]
    public void Buffers_have_the_published_trailers()
    {
        Assert.Equal([128, 256, 384, 512, 640, 768],
        [
            RingBufferDescriptor.TailPositionOffset, RingBufferDescriptor.HeadCachePositionOffset, RingBufferDescriptor.HeadPositionOffset,
            RingBufferDescriptor.CorrelationCounterOffset, RingBufferDescriptor.ConsumerHeartbeatOffset, RingBufferDescriptor.TrailerLength,
        ]);
        Assert.Equal([0, 8, 16, 128],
            [BroadcastDescriptor.TailIntentOffset, BroadcastDescriptor.TailOffset, BroadcastDescriptor.LatestOffset, BroadcastDescriptor.TrailerLength]);
        Assert.Equal([128, 512, 4, 8, 16, 128, 132],
        [
            CountersDescriptor.ValueLength, CountersDescriptor.MetadataLength, CountersDescriptor.TypeIdOffset, CountersDescriptor.ReuseDeadlineOffset,
            CountersDescriptor.KeyOffset, CountersDescriptor.LabelLengthOffset, CountersDescriptor.LabelOffset,
        ]);
    }

    [Fact]
    public void A_frame_has_the_published_header()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication("aeron:ipc", 77);
        using Subscription subscription = client.AddSubscription("aeron:ipc", 77);
        driver.Until(() => publication.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        Assert.True(publication.TryClaim(10, out BufferClaim claim) > 0);
        claim.ReservedValue = 0x0102030405060708;
        byte* frame = publication.Mapped.Log.Terms;
        Assert.Equal(-42, *(int*)frame);
        claim.Commit();
        Assert.Equal(42, *(int*)frame);
        Assert.Equal(0, frame[4]);
        Assert.Equal(0xC0, frame[5]);
        Assert.Equal(1, *(ushort*)(frame + 6));
        Assert.Equal(0, *(int*)(frame + 8));
        Assert.Equal(publication.SessionId, *(int*)(frame + 12));
        Assert.Equal(77, *(int*)(frame + 16));
        Assert.Equal(publication.Mapped.Log.InitialTermId, *(int*)(frame + 20));
        Assert.Equal(0x0102030405060708, *(long*)(frame + 24));
    }

    [Fact]
    public void A_log_buffer_file_has_the_published_metadata()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication("aeron:ipc?term-length=128k|mtu=2048|session-id=99", 5);
        string path = Assert.Single(Directory.GetFiles(Path.Combine(driver.Directory, "publications")));
        Assert.Equal($"{publication.RegistrationId}.logbuffer", Path.GetFileName(path));
        using MappedFile file = MappedFile.OpenExisting(path);
        Assert.Equal((3 * 128 * 1024) + 4096, file.Length);
        byte* metadata = file.Address + (3 * 128 * 1024);
        int initialTermId = *(int*)(metadata + 264);
        Assert.Equal(initialTermId, (int)(*(long*)metadata >> 32));
        Assert.Equal(unchecked(initialTermId - 2), (int)(*(long*)(metadata + 8) >> 32));
        Assert.Equal(unchecked(initialTermId - 1), (int)(*(long*)(metadata + 16) >> 32));
        Assert.Equal(0, *(int*)(metadata + 24));
        Assert.Equal(long.MaxValue, *(long*)(metadata + 128));
        Assert.Equal(0, *(int*)(metadata + 136));
        Assert.Equal(publication.RegistrationId, *(long*)(metadata + 256));
        Assert.Equal(32, *(int*)(metadata + 268));
        Assert.Equal(2048, *(int*)(metadata + 272));
        Assert.Equal(128 * 1024, *(int*)(metadata + 276));
        Assert.Equal(4096, *(int*)(metadata + 280));
        Assert.Equal(64 * 1024, *(int*)(metadata + 284));
        Assert.Equal(99, *(int*)(metadata + 320 + 12));
        Assert.Equal(5, *(int*)(metadata + 320 + 16));
        Assert.Equal(initialTermId, *(int*)(metadata + 320 + 20));
        Assert.Equal(1, *(metadata + 497));
        Assert.Equal(99, publication.SessionId);
    }

    [Fact]
    public void The_cnc_file_has_the_published_layout()
    {
        using TestDriver driver = new();
        using MappedFile file = MappedFile.OpenExisting(Path.Combine(driver.Directory, "cnc.dat"));
        byte* cnc = file.Address;
        Assert.Equal(0x000200, *(int*)cnc);
        Assert.Equal((64 * 1024) + 768, *(int*)(cnc + 4));
        Assert.Equal((64 * 1024) + 128, *(int*)(cnc + 8));
        Assert.Equal(256 * 512, *(int*)(cnc + 12));
        Assert.Equal(256 * 128, *(int*)(cnc + 16));
        Assert.Equal(64 * 1024, *(int*)(cnc + 20));
        Assert.Equal(10_000_000_000, *(long*)(cnc + 24));
        Assert.InRange(*(long*)(cnc + 32), DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.Equal(Environment.ProcessId, *(long*)(cnc + 40));
        Assert.Equal(4096, *(int*)(cnc + 48));
        byte* ringTrailer = cnc + 128 + (64 * 1024);
        Assert.True(*(long*)(ringTrailer + 640) > 0);
        byte* counterMetadata = cnc + 128 + (64 * 1024) + 768 + (64 * 1024) + 128;
        Assert.Equal(1, *(int*)counterMetadata);
        Assert.Equal("Bytes sent", System.Text.Encoding.ASCII.GetString(counterMetadata + 132, *(int*)(counterMetadata + 128)));
        Assert.Equal(1 << 16, *(long*)(counterMetadata + (256 * 512) + (43 * 128)));
    }

    [Fact]
    public void Positions_follow_from_term_id_and_offset_even_when_term_ids_wrap()
    {
        int bits = LogBufferDescriptor.PositionBitsToShift(64 * 1024);
        Assert.Equal(16, bits);
        Assert.Equal((3L << 16) + 96, LogBufferDescriptor.Position(unchecked(int.MaxValue + 2), 96, bits, int.MaxValue - 1));
        Assert.Equal(64 * 1024, LogBufferDescriptor.TermOffset(LogBufferDescriptor.PackTail(-1, (64 * 1024) + 500), 64 * 1024));
        Assert.Equal(-1, LogBufferDescriptor.TermId(LogBufferDescriptor.PackTail(-1, 500)));
        Assert.Equal((1376 + 32) * 2, LogBufferDescriptor.FramedLength(1376 * 2, 1376));
        Assert.Equal(((1376 + 32) * 2) + 64, LogBufferDescriptor.FramedLength((1376 * 2) + 1, 1376));
    }

    private static int Offset<T>(string field) => (int)Marshal.OffsetOf<T>(field);
}
