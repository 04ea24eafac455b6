using System.Diagnostics;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>Back pressure, ends of connections and of processes, waking, and what it all allocates.</summary>
public sealed class PeerFlowTests
{
    [Fact]
    public void A_slow_member_pushes_back_and_loses_nothing()
    {
        using PeerNode a = new(1, options: Small);
        using PeerNode b = new(2) { Keeps = true };
        PeerCluster.Connect(a, b);
        int sent = Fill(a, 2);
        Assert.True(a.Transport.IsConnected(2));
        PeerCluster.Until(() => b.Messages.Count == sent, a, b);
        Assert.All(b.Messages.Select(static (m, i) => (m.Message, i)), static pair => Assert.Equal(pair.i, BitConverter.ToInt32(pair.Message, 4)));
        Assert.True(a.TrySend(2, [1, 0]));
        PeerCluster.Until(() => b.Messages.Count == sent + 1, a, b);
    }

    [Fact]
    public void A_queue_that_stays_full_ends_the_connection_and_a_refused_redial_says_that_the_process_is_gone()
    {
        PeerNode a = new(1);
        using PeerNode b = new(2, options: Small);
        PeerCluster.Connect(a, b);

        // From here on a is frozen: its kernel still takes connections, it does not.
        _ = Fill(b, 1);
        b.SkewNs += 4_900_000_000;
        _ = b.Turn();
        Assert.False(b.TrySend(1, new byte[1000]));
        Assert.True(b.Transport.IsConnected(1));
        b.SkewNs += 200_000_000;
        PeerCluster.Until(() => b.Story.Count == 2, b);
        Assert.Equal(["+1", "-1"], b.Story);

        a.Dispose();
        PeerCluster.Until(() => b.Story.Count == 3, b);
        Assert.Equal("-1 gone", b.Story[2]);
        PeerCluster.Until(() => b.Lines.Exists(static line => line.Contains("member 1 at 127.0.0.1", StringComparison.Ordinal) && line.Contains("nobody listens there", StringComparison.Ordinal)), b);
        Assert.Equal(3, b.Story.Count);
    }

    [Fact]
    public void A_member_taken_out_of_the_configuration_is_parted_with_and_not_thought_dead()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2);
        PeerCluster.Connect(a, b);
        a.Transport.SetMembers(new ClusterConfiguration(PeerNode.ClusterId, [a.Member]));
        PeerCluster.Until(() => b.Story.Count == 2, a, b);
        Assert.Equal(["+2", "-2"], a.Story);
        Assert.Equal(["+1", "-1"], b.Story);
        Assert.False(a.TrySend(2, [1, 0]));
        PeerCluster.Connect(a, b);
        Assert.Equal(["+2", "-2", "+2"], a.Story);
    }

    [Fact]
    public void A_member_that_moved_is_dialled_at_its_new_address()
    {
        PeerNode a = new(1);
        using PeerNode b = new(2);
        PeerCluster.Connect(a, b);
        using PeerNode moved = new(1);
        a.Dispose();
        PeerCluster.Connect(moved, b);
        Assert.Equal("+1", b.Story[0]);
        Assert.Equal("+1", b.Story[^1]);
    }

    [Fact]
    public void The_handler_may_change_the_members_and_answer_while_it_is_called()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2);
        PeerCluster.Connect(a, b);
        ReconfiguringHandler handler = new(a, new ClusterConfiguration(PeerNode.ClusterId, [a.Member]));
        for (byte i = 0; i < 10; i++)
        {
            Assert.True(b.TrySend(1, [1, 0, i]));
        }

        PeerCluster.Until(
            () =>
            {
                _ = a.Transport.Poll(handler, Stopwatch.GetTimestamp());
                _ = a.Transport.Flush();
                return handler.Disconnected;
            },
            b);
        Assert.Equal(10, handler.Messages);
        PeerCluster.Until(() => b.Story.Count == 2, b);
        Assert.InRange(b.Messages.Count, 1, 10);
    }

    [Fact]
    public void A_claim_may_be_shortened_or_given_up_and_larger_ones_than_allowed_are_refused()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2);
        PeerCluster.Connect(a, b);
        Assert.True(a.Transport.TryClaim(2, 100, out Span<byte> target));
        Assert.Equal(100, target.Length);
        a.Transport.Commit(2, 0);
        Assert.True(a.Transport.TryClaim(2, IPeerTransport.MessageBytesMax, out target));
        target[..3].Fill(7);
        a.Transport.Commit(2, 3);
        PeerCluster.Until(() => b.Messages.Count == 1, a, b);
        Assert.Equal([7, 7, 7], b.Messages[0].Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Transport.TryClaim(2, IPeerTransport.MessageBytesMax + 1, out _));
        Assert.False(a.Transport.TryClaim(1, 8, out _));
        Assert.False(a.Transport.TryClaim(99, 8, out _));
        Assert.False(a.Transport.TryClaim(-1, 8, out _));
        a.Transport.Commit(99, 8);
    }

    [Fact]
    public void A_sleeping_member_is_woken_by_a_byte_of_a_peer_and_by_a_thread_of_its_own()
    {
        using PeerNode a = new(1);
        using PeerNode b = new(2);
        PeerCluster.Connect(a, b);
        Drain(a);
        Assert.False(a.Transport.WaitForInput(TimeSpan.FromMilliseconds(1)));

        Assert.True(b.TrySend(1, [1, 0]));
        _ = b.Turn();
        long start = Stopwatch.GetTimestamp();
        Assert.True(a.Transport.WaitForInput(TimeSpan.FromSeconds(30)));
        PeerCluster.Until(() => a.Messages.Count == 1, a);

        Drain(a);
        a.Transport.Poller.Wake();
        Assert.True(a.Transport.WaitForInput(TimeSpan.FromSeconds(30)));
        using Timer timer = new(_ => a.Transport.Poller.Wake(), null, 20, Timeout.Infinite);
        Drain(a);
        Assert.True(a.Transport.WaitForInput(TimeSpan.FromSeconds(30)));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Nothing_is_allocated_per_message()
    {
        using PeerNode a = new(1) { Keeps = false };
        using PeerNode b = new(2) { Keeps = false };
        PeerCluster.Connect(a, b);
        MemberIdleStrategy idle = new(a.Transport.Poller, 10_000);
        byte[] message = new byte[256];

        // A collection that another test causes counts the unused rest of this thread's allocation block as allocated, so the quietest of
        // several runs counts: one byte per message would show in each of them.
        long quietest = long.MaxValue;
        for (int run = 0; run < 6; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 2000; i++)
            {
                Exchange(a, b, message, ref idle);
            }

            quietest = Math.Min(quietest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, quietest);
        Assert.Equal(6 * 2000 * 8, a.Received + b.Received);
    }

    private static void Exchange(PeerNode a, PeerNode b, byte[] message, ref MemberIdleStrategy idle)
    {
        long expected = a.Received + b.Received + 8;
        for (int i = 0; i < 4; i++)
        {
            Assert.True(a.TrySend(2, message));
            Assert.True(b.TrySend(1, message));
        }

        while (a.Received + b.Received < expected)
        {
            idle.Idle(a.Turn() + b.Turn());
        }
    }

    private static TcpPeerOptions Small(TcpPeerOptions options) => new()
    {
        Identity = options.Identity,
        Key = options.Key,
        ListenEndPoint = options.ListenEndPoint,
        Log = options.Log,
        SendRingBytes = 64 << 10,
    };

    /// <summary>Sends numbered messages until the queue is full and the operating system takes no more.</summary>
    private static int Fill(PeerNode from, int to)
    {
        byte[] message = new byte[1000];
        int sent = 0;
        while (true)
        {
            _ = BitConverter.TryWriteBytes(message.AsSpan(4), sent);
            if (from.TrySend(to, message))
            {
                sent++;
            }
            else if (from.Transport.Flush() == 0)
            {
                return sent;
            }
        }
    }

    private static void Drain(PeerNode node)
    {
        while (node.Turn() > 0 || node.Transport.WaitForInput(TimeSpan.Zero))
        {
        }
    }
}
