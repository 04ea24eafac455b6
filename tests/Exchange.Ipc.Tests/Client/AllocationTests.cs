using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Tests.Client;

public sealed class AllocationTests
{
    private const string Channel = "aeron:ipc";

    [Fact]
    public void Claiming_offering_polling_and_the_duty_cycles_allocate_nothing()
    {
        using TestDriver driver = new();
        Aeron client = driver.Connect();
        using ExclusivePublication exclusive = client.AddExclusivePublication(Channel, 1);
        using Publication shared = client.AddPublication(Channel, 1);
        using Subscription subscription = client.AddSubscription(Channel, 1);
        driver.Until(() => subscription.ImageCount == 2 && exclusive.PositionLimit > 0 && shared.PositionLimit > 0, "the images");
        byte[] longMessage = new byte[5_000];
        FragmentAssembler<SummingHandler> handler = new(default);
        Cycle(driver, client, exclusive, shared, subscription, longMessage, ref handler, 3_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(driver, client, exclusive, shared, subscription, longMessage, ref handler, 20_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.True(handler.Handler.Count > 20_000);
    }

    private static void Cycle(
        TestDriver driver,
        Aeron client,
        ExclusivePublication exclusive,
        Publication shared,
        Subscription subscription,
        byte[] longMessage,
        ref FragmentAssembler<SummingHandler> handler,
        int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (exclusive.TryClaim(40, out BufferClaim claim) > 0)
            {
                claim.Buffer.Fill((byte)i);
                claim.Commit();
            }

            _ = shared.TryClaim(40, out claim) > 0;
            if (claim.Length > 0)
            {
                claim.Abort();
            }

            _ = exclusive.Offer(longMessage);
            _ = shared.Offer(longMessage.AsSpan(0, 100));
            _ = subscription.Poll(ref handler, 20);
            _ = driver.Agent.DoWork();
            _ = client.DoWork();
        }
    }

    private struct SummingHandler : IFragmentHandler
    {
        internal long Count;
        internal long Sum;

        public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header)
        {
            Count++;
            Sum += fragment.Length + header.Position;
        }
    }
}
