using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;
using Xunit.Abstractions;

namespace Exchange.Ipc.Tests.Client;

/// <summary>Random publishers and subscribers against a model: what arrived is what was committed, in order, for every session.</summary>
public sealed class RandomTrafficTests(ITestOutputHelper output)
{
    private const string Channel = "aeron:ipc";

    [Fact]
    public void Any_mixture_of_claims_offers_aborts_and_polls_delivers_what_was_committed_in_order()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Run(seed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Known_seeds(int seed) => Run(seed);

    private static void Run(int seed)
    {
        Random random = new(seed);
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        ExclusivePublication[] publications = [.. Enumerable.Range(0, 3).Select(_ => client.AddExclusivePublication(Channel, 1))];
        Publication shared = client.AddPublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => subscription.ImageCount == 4 && shared.PositionLimit > 0 && publications.All(p => p.PositionLimit > 0), "the images");

        Dictionary<int, Queue<byte[]>> expected = publications.Select(p => p.SessionId).Append(shared.SessionId).ToDictionary(id => id, _ => new Queue<byte[]>());
        FragmentAssembler<CollectingHandler> assembler = new(new CollectingHandler());
        for (int step = 0; step < 20_000; step++)
        {
            int choice = random.Next(10);
            if (choice < 7)
            {
                int which = random.Next(4);
                byte[] message = new byte[random.Next(8) == 0 ? random.Next(0, 8193) : random.Next(0, 400)];
                random.NextBytes(message);
                long result = which < 3
                    ? Send(random, publications[which].TryClaim, publications[which].Offer, message, out bool isSent)
                    : Send(random, shared.TryClaim, shared.Offer, message, out isSent);
                Assert.True(result > 0 || result is ExclusivePublication.BackPressured or ExclusivePublication.AdminAction, $"seed {seed}, step {step}: {result}");
                if (isSent)
                {
                    expected[which < 3 ? publications[which].SessionId : shared.SessionId].Enqueue(message);
                }
            }
            else if (choice < 9)
            {
                _ = subscription.Poll(ref assembler, random.Next(1, 60));
                Check(assembler.Handler, expected, seed, step);
            }
            else
            {
                driver.Work();
            }
        }

        while (subscription.Poll(ref assembler, 100) > 0)
        {
            Check(assembler.Handler, expected, seed, -1);
        }

        Assert.All(expected.Values, queue => Assert.Empty(queue));
    }

    private static long Send(Random random, Claim claim, Offer offer, byte[] message, out bool isSent)
    {
        long result;
        if (message.Length > 1376 || random.Next(2) == 0)
        {
            result = offer(message);
            isSent = result > 0;
            return result;
        }

        result = claim(message.Length, out BufferClaim frame);
        isSent = result > 0;
        if (isSent && random.Next(5) == 0)
        {
            frame.Abort();
            isSent = false;
        }
        else if (isSent)
        {
            message.CopyTo(frame.Buffer);
            frame.Commit();
        }

        return result;
    }

    private static void Check(CollectingHandler handler, Dictionary<int, Queue<byte[]>> expected, int seed, int step)
    {
        foreach ((byte[] payload, int sessionId, _, _, _) in handler.Fragments)
        {
            Assert.True(expected[sessionId].TryDequeue(out byte[]? next), $"seed {seed}, step {step}: a message too many");
            Assert.True(payload.AsSpan().SequenceEqual(next), $"seed {seed}, step {step}: wrong content");
        }

        handler.Fragments.Clear();
    }

    private delegate long Claim(int length, out BufferClaim claim);

    private delegate long Offer(ReadOnlySpan<byte> message);
}
