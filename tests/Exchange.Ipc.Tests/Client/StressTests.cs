using System.Diagnostics;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Client;
using Exchange.Ipc.Driver;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Tests.Client;

/// <summary>Real threads: driver, publishers and a subscriber at once, with every byte checked.</summary>
public sealed class StressTests
{
    private const string Channel = "aeron:ipc";

    [Fact]
    public void One_publisher_and_one_subscriber_on_two_threads_lose_and_change_nothing()
    {
        const int Count = 300_000;
        Run(
            client =>
            {
                ExclusivePublication publication = client.AddExclusivePublication(Channel, 1);
                return [() => PublishExclusive(publication, Count)];
            },
            publishers: 1,
            Count);
    }

    [Fact]
    public void Three_threads_that_share_a_publication_each_keep_their_order()
    {
        const int Count = 60_000;
        Run(
            client =>
            {
                Publication publication = client.AddPublication(Channel, 1);
                return [.. Enumerable.Range(0, 3).Select<int, Action>(id => () => PublishShared(publication, id, Count))];
            },
            publishers: 3,
            Count);
    }

    private static void Run(Func<Aeron, Action[]> createPublishers, int publishers, int count)
    {
        string directory = TestDriver.NewDirectory();
        using MediaDriver driver = MediaDriver.Launch(TestDriver.NewContext(directory));
        AeronContext context = new() { AeronDirectory = directory };
        using Aeron publisherClient = Aeron.Connect(context);
        using Aeron subscriberClient = Aeron.Connect(context);
        Subscription subscription = subscriberClient.AddSubscription(Channel, 1);
        Action[] work = createPublishers(publisherClient);
        Thread[] threads = [.. work.Select(action => new Thread(() => action()) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());

        CheckingHandler handler = new(publishers);
        YieldingIdleStrategy idle = default;
        Stopwatch time = Stopwatch.StartNew();
        while (handler.Count < (long)publishers * count)
        {
            idle.Idle(subscription.Poll(ref handler, 64) + subscriberClient.DoWork());
            _ = publisherClient.DoWork();
            Assert.True(time.Elapsed < 4 * TestDriver.Patience, $"only {handler.Count} messages arrived");
            Assert.Equal(0, handler.Wrong);
        }

        Array.ForEach(threads, thread => Assert.True(thread.Join(TestDriver.Patience)));
        Assert.Equal(0, subscription.Poll(ref handler, 1));
        Assert.Null(driver.Failure);
    }

    private static void PublishExclusive(ExclusivePublication publication, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int length = MessageLength(i);
            BufferClaim claim;
            while (publication.TryClaim(length, out claim) < 0)
            {
                _ = Thread.Yield();
            }

            Fill(claim.Buffer, 0, i);
            claim.Commit();
        }
    }

    private static void PublishShared(Publication publication, int id, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int length = MessageLength(i);
            BufferClaim claim;
            while (publication.TryClaim(length, out claim) < 0)
            {
                _ = Thread.Yield();
            }

            Fill(claim.Buffer, id, i);
            claim.Commit();
        }
    }

    private static int MessageLength(int i) => 8 + (i * 7 % 300);

    private static void Fill(Span<byte> buffer, int id, int i)
    {
        buffer.Fill((byte)(i + id));
        BitConverter.TryWriteBytes(buffer, i);
        BitConverter.TryWriteBytes(buffer[4..], id);
    }

    private struct CheckingHandler : IFragmentHandler
    {
        private readonly int[] _next;
        internal long Count;
        internal long Wrong;

        internal CheckingHandler(int publishers)
        {
            _next = new int[publishers];
        }

        public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header)
        {
            int i = BitConverter.ToInt32(fragment);
            int id = BitConverter.ToInt32(fragment[4..]);
            bool isRight = id >= 0 && id < _next.Length && _next[id] == i && fragment.Length == MessageLength(i)
                && fragment[8..].IndexOfAnyExcept((byte)(i + id)) < 0;
            Wrong += isRight ? 0 : 1;
            if (isRight)
            {
                _next[id]++;
            }

            Count++;
        }
    }
}
