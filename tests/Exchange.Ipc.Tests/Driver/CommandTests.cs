using System.Runtime.InteropServices;
using System.Text;
using Exchange.Ipc.Client;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;
using Exchange.Ipc.Driver;

namespace Exchange.Ipc.Tests.Driver;

public sealed class CommandTests
{
    [Theory]
    [InlineData("", ControlErrorCode.InvalidChannel)]
    [InlineData("ipc", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:udp?endpoint=localhost:1", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron-spy:aeron:ipc", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?term-length", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?term-length=", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?term-length=-1", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?term-length=65535", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?term-length=32k", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?term-length=2g", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?term-length=9999999999999999999g", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?mtu=100", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?mtu=64k", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?session-id=x", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?session-id=99999999999", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?init-term-id=1", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?init-term-id=1|term-id=0|term-offset=0", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?init-term-id=1|term-id=1|term-offset=5", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?pub-wnd=1g", ControlErrorCode.InvalidChannel)]
    [InlineData("aeron:ipc?sparse=perhaps", ControlErrorCode.InvalidChannel)]
    public void A_bad_channel_is_refused_in_one_line_and_leaves_nothing(string channel, ControlErrorCode code)
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        RegistrationException e = Assert.Throws<RegistrationException>(() => client.AddExclusivePublication(channel, 1));
        Assert.Equal(code, e.Code);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal(0, driver.Driver.Conductor.PublicationCount);
        Assert.Empty(Directory.GetFiles(Path.Combine(driver.Directory, "publications")));
        Assert.True(client.IsDriverAlive);
    }

    [Fact]
    public void A_subscription_that_wants_to_be_dropped_when_slow_is_refused()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        Assert.Throws<RegistrationException>(() => client.AddSubscription("aeron:ipc?tether=false", 1));
    }

    [Fact]
    public void A_shared_publication_must_agree_with_the_existing_one()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        Publication first = client.AddPublication("aeron:ipc?term-length=128k", 1);
        Publication second = client.AddPublication("aeron:ipc", 1);
        Assert.Equal(first.SessionId, second.SessionId);
        Assert.Equal(128 * 1024, second.TermLength);
        Assert.Throws<RegistrationException>(() => client.AddPublication("aeron:ipc?term-length=64k", 1));
        Assert.Throws<RegistrationException>(() => client.AddPublication("aeron:ipc?session-id=1", 1));
        Assert.Throws<RegistrationException>(() => client.AddExclusivePublication($"aeron:ipc?session-id={first.SessionId}", 1));

        // The log stays while one of the two uses it.
        first.Dispose();
        using Subscription subscription = client.AddSubscription("aeron:ipc", 1);
        driver.Until(() => second.PositionLimit > 0 && subscription.ImageCount == 1, "the image");
        Assert.True(second.Offer([1]) > 0);
        Assert.True(second.IsConnected);
    }

    [Fact]
    public void A_subscription_of_one_session_sees_only_that_session()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication one = client.AddExclusivePublication("aeron:ipc?session-id=1", 1);
        using ExclusivePublication two = client.AddExclusivePublication("aeron:ipc?session-id=2", 1);
        using Subscription subscription = client.AddSubscription("aeron:ipc?session-id=2", 1);
        driver.Until(() => subscription.ImageCount == 1, "the image");
        Assert.NotNull(subscription.ImageBySessionId(2));
        Assert.Null(subscription.ImageBySessionId(1));
        driver.Until(() => two.IsConnected, "the connection");
        Assert.False(one.IsConnected);
    }

    [Fact]
    public void Garbage_in_the_command_ring_is_answered_or_skipped_and_never_stops_the_driver()
    {
        using TestDriver driver = new();
        using CncFile cnc = CncFile.TryOpen(driver.Directory)!;
        ManyToOneRingBuffer ring = cnc.CreateToDriverRing();
        Random random = new(7);
        byte[] garbage = new byte[200];
        for (int i = 0; i < 5_000; i++)
        {
            random.NextBytes(garbage);
            int type = random.Next(4) == 0 ? random.Next(1, int.MaxValue) : random.Next(1, 0x14);
            if (type == ControlProtocol.ClientKeepAlive)
            {
                continue; // would create a client for each random id, as it should
            }

            // Small ids, so that some commands are believed.
            BitConverter.TryWriteBytes(garbage, (long)random.Next(3));
            while (!ring.TryWrite(type, garbage.AsSpan(0, random.Next(garbage.Length))))
            {
                _ = driver.Agent.DoWork();
            }
        }

        Aeron client = driver.Connect();
        using Publication publication = client.AddPublication("aeron:ipc", 1);
        Assert.True(client.Counters.GetValue(CounterTypes.SystemErrors) > 0);
        Assert.NotEmpty(cnc.ReadErrors());
    }

    [Fact]
    public void A_client_that_died_in_a_command_holds_the_others_up_for_the_liveness_timeout_only()
    {
        MediaDriverContext context = UnblockTests.Context(TestDriver.NewDirectory(), unblockMs: 2_000, livenessMs: 1_000);
        using TestDriver driver = new(context, context.AeronDirectory);
        using CncFile cnc = CncFile.TryOpen(driver.Directory)!;
        ManyToOneRingBuffer ring = cnc.CreateToDriverRing();
        Assert.True(ring.TryClaim(ControlProtocol.AddSubscription, 40, out _));
        Aeron client = driver.Connect();
        using Publication publication = client.AddPublication("aeron:ipc", 1);
        Assert.Equal(1, client.Counters.GetValue(CounterTypes.SystemUnblockedCommands));
    }

    [Fact]
    public void Counters_can_be_added_and_end_with_their_client()
    {
        using TestDriver driver = new();
        Aeron observer = driver.Connect();
        using CncFile cnc = CncFile.TryOpen(driver.Directory)!;
        ManyToOneRingBuffer ring = cnc.CreateToDriverRing();
        byte[] key = [1, 0, 0, 0, 0, 0, 0, 0, 9];
        byte[] label = Encoding.ASCII.GetBytes("orders");
        byte[] command = new byte[20 + 4 + 12 + 4 + label.Length];
        MemoryMarshal.Write(command, new CounterCommand { ClientId = 500, CorrelationId = 501, TypeId = 1234 });
        BitConverter.TryWriteBytes(command.AsSpan(20), key.Length);
        key.CopyTo(command, 24);
        BitConverter.TryWriteBytes(command.AsSpan(36), label.Length);
        label.CopyTo(command, 40);
        Assert.True(ring.TryWrite(ControlProtocol.AddCounter, command));
        _ = driver.Agent.DoWork();
        int id = observer.Counters.FindByTypeAndKeyId(1234, 1);
        Assert.True(id >= 0);
        Assert.Equal("orders", observer.Counters.GetLabel(id));
        Assert.Equal(501, observer.Counters.GetRegistrationId(id));
        Assert.Equal(500, observer.Counters.GetOwnerId(id));

        Assert.True(ring.TryWrite(ControlProtocol.ClientClose, MemoryMarshal.AsBytes([new CorrelatedCommand { ClientId = 500 }])));
        _ = driver.Agent.DoWork();
        Assert.Equal(CountersDescriptor.RecordReclaimed, observer.Counters.GetState(id));
    }

    [Fact]
    public void Running_out_of_counters_is_an_error_of_the_command_and_heals()
    {
        using TestDriver driver = new(); // 256 counters
        Aeron client = driver.Connect();
        List<Publication> publications = [];
        RegistrationException e = Assert.Throws<RegistrationException>(() =>
        {
            for (int stream = 1; stream < 300; stream++)
            {
                publications.Add(client.AddPublication("aeron:ipc", stream));
            }
        });
        Assert.Contains("counters", e.Message, StringComparison.Ordinal);
        publications.ForEach(publication => publication.Dispose());
        driver.Until(() => driver.Driver.Conductor.PublicationCount == 0, "the end of the publications");
        Publication? again = null;
        driver.Until(() => (again = TryAdd(client)) != null, "free counters");
        Assert.True(again!.RegistrationId > 0);
    }

    [Theory]
    [InlineData(nameof(MediaDriverContext.IpcTermLength))]
    [InlineData(nameof(MediaDriverContext.IpcMtuLength))]
    [InlineData(nameof(MediaDriverContext.CounterCount))]
    [InlineData(nameof(MediaDriverContext.ToDriverBufferCapacity))]
    public void A_bad_setting_is_refused_by_name(string name)
    {
        MediaDriverContext context = name switch
        {
            nameof(MediaDriverContext.IpcTermLength) => new MediaDriverContext { IpcTermLength = 1000 },
            nameof(MediaDriverContext.IpcMtuLength) => new MediaDriverContext { IpcMtuLength = 33 },
            nameof(MediaDriverContext.CounterCount) => new MediaDriverContext { CounterCount = 1 },
            _ => new MediaDriverContext { ToDriverBufferCapacity = 5000 },
        };
        ArgumentException e = Assert.Throws<ArgumentException>(() => MediaDriver.Create(context));
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_cannot_be_created_is_said_in_one_line()
    {
        IOException e = Assert.ThrowsAny<IOException>(() => MediaDriver.Create(TestDriver.NewContext("/proc/nowhere/aeron")));
        Assert.Contains("/proc/nowhere", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private static Publication? TryAdd(Aeron client)
    {
        try
        {
            return client.AddPublication("aeron:ipc", 1);
        }
        catch (RegistrationException)
        {
            return null; // freed counters rest for a second
        }
    }
}
