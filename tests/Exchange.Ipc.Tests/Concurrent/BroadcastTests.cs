using System.Diagnostics;
using System.Runtime.InteropServices;
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.Tests.Concurrent;

public sealed unsafe class BroadcastTests : IDisposable
{
    private const int Capacity = 4096;
    private const int Length = Capacity + BroadcastDescriptor.TrailerLength;
    private readonly byte* _memory;
    private readonly BroadcastTransmitter _transmitter;

    public BroadcastTests()
    {
        _memory = (byte*)NativeMemory.AlignedAlloc(Length, 128);
        new Span<byte>(_memory, Length).Clear();
        _transmitter = new BroadcastTransmitter(_memory, Length);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    [Fact]
    public void Every_receiver_gets_every_message_across_many_wraps()
    {
        BroadcastReceiver first = new(_memory, Length);
        BroadcastReceiver second = new(_memory, Length);
        Collector one = new();
        Collector two = new();
        for (int i = 0; i < 2_000; i++)
        {
            byte[] message = new byte[4 + (i % 300)];
            BitConverter.TryWriteBytes(message, i);
            _transmitter.Transmit(1 + (i % 5), message);
            Assert.Equal(1, first.Receive(ref one));
            Assert.Equal(1, second.Receive(ref two));
        }

        Assert.Equal(0, first.Receive(ref one));
        Assert.Equal(Enumerable.Range(0, 2_000), one.Messages);
        Assert.Equal(Enumerable.Range(0, 2_000), two.Messages);
        Assert.False(first.IsLapped);
    }

    [Fact]
    public void A_receiver_starts_with_what_comes_after_it()
    {
        _transmitter.Transmit(1, [1, 0, 0, 0]);
        BroadcastReceiver receiver = new(_memory, Length);
        Collector handler = new();
        Assert.Equal(0, receiver.Receive(ref handler));
        _transmitter.Transmit(1, [2, 0, 0, 0]);
        Assert.Equal(1, receiver.Receive(ref handler));
        Assert.Equal([2], handler.Messages);
    }

    [Fact]
    public void A_receiver_that_was_lapped_says_so_and_delivers_nothing_any_more()
    {
        BroadcastReceiver receiver = new(_memory, Length);
        for (int i = 0; i < 100; i++)
        {
            _transmitter.Transmit(1, new byte[100]);
        }

        Collector handler = new();
        Assert.Equal(0, receiver.Receive(ref handler));
        Assert.True(receiver.IsLapped);
        Assert.Equal(0, receiver.Receive(ref handler));
        Assert.Empty(handler.Messages);
    }

    [Fact]
    public void Bad_types_lengths_and_capacities_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _transmitter.Transmit(0, [1]));
        Assert.Throws<ArgumentException>(() => _transmitter.Transmit(1, new byte[513]));
        Assert.Throws<ArgumentException>(() => new BroadcastReceiver(_memory, 5000));
        Assert.Throws<ArgumentException>(() => new BroadcastTransmitter(_memory, 5000));
    }

    [Fact]
    public void A_receiver_beside_a_fast_transmitter_sees_whole_messages_or_learns_that_it_was_lapped()
    {
        const int Rounds = 200;
        long delivered = 0;
        for (int round = 0; round < Rounds; round++)
        {
            BroadcastReceiver receiver = new(_memory, Length);
            Thread thread = new(() =>
            {
                byte[] message = new byte[64];
                for (int i = 0; i < 200; i++)
                {
                    message.AsSpan().Fill((byte)i);
                    _transmitter.Transmit(1, message);
                    if (i % 16 == 0)
                    {
                        _ = Thread.Yield(); // lets the receiver keep up in some rounds
                    }
                }
            })
            { IsBackground = true };
            thread.Start();
            UniformChecker checker = default;
            Stopwatch time = Stopwatch.StartNew();
            while (thread.IsAlive && !receiver.IsLapped)
            {
                Assert.True(time.Elapsed < TestDriver.Patience);
                _ = receiver.Receive(ref checker);
            }

            Assert.True(thread.Join(TestDriver.Patience));
            Assert.Equal(0, checker.Torn);
            delivered += checker.Count;
        }

        Assert.True(delivered > 0);
    }

    private readonly struct Collector : IMessageHandler
    {
        public Collector()
        {
            Messages = [];
        }

        internal List<int> Messages { get; }

        public void OnMessage(int typeId, ReadOnlySpan<byte> message) => Messages.Add(BitConverter.ToInt32(message));
    }

    private struct UniformChecker : IMessageHandler
    {
        internal int Count;
        internal int Torn;

        public void OnMessage(int typeId, ReadOnlySpan<byte> message)
        {
            Torn += message.Length == 64 && message.IndexOfAnyExcept(message[0]) < 0 ? 0 : 1;
            Count++;
        }
    }
}
