using System.Diagnostics;
using System.Runtime.InteropServices;
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.Tests.Concurrent;

public sealed unsafe class ManyToOneRingBufferTests : IDisposable
{
    private const int Capacity = 4096;
    private readonly byte* _memory;
    private readonly ManyToOneRingBuffer _ring;

    public ManyToOneRingBufferTests()
    {
        _memory = (byte*)NativeMemory.AlignedAlloc(Capacity + RingBufferDescriptor.TrailerLength, 128);
        new Span<byte>(_memory, Capacity + RingBufferDescriptor.TrailerLength).Clear();
        _ring = new ManyToOneRingBuffer(_memory, Capacity + RingBufferDescriptor.TrailerLength);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    [Fact]
    public void A_record_lies_where_the_format_says()
    {
        Assert.True(_ring.TryWrite(7, [1, 2, 3]));
        Assert.Equal(11, *(int*)_memory);
        Assert.Equal(7, *(int*)(_memory + 4));
        Assert.Equal(2, _memory[9]);
        Assert.Equal(16, *(long*)(_memory + Capacity + 128));
        Assert.Equal(16, _ring.Size);
        Collector handler = new();
        Assert.Equal(1, _ring.Read(ref handler, 10));
        Assert.Equal(16, *(long*)(_memory + Capacity + 384));
        Assert.Equal(0, *(long*)_memory);
    }

    [Fact]
    public void Messages_wrap_around_the_end_with_padding_and_keep_their_order()
    {
        Collector handler = new();
        int written = 0;
        Random random = new(3);
        while (written < 5_000)
        {
            byte[] message = new byte[random.Next(4, 200)];
            BitConverter.TryWriteBytes(message, written);
            if (_ring.TryWrite(1, message))
            {
                written++;
            }
            else
            {
                // A read may consume nothing but the padding at the end of the buffer.
                long size = _ring.Size;
                _ = _ring.Read(ref handler, 100);
                Assert.True(_ring.Size < size);
            }
        }

        while (_ring.Size > 0)
        {
            _ = _ring.Read(ref handler, 100);
        }

        Assert.Equal(Enumerable.Range(0, 5_000), handler.Messages.Select(m => BitConverter.ToInt32(m)));
        Assert.Equal(0, _ring.Size);
    }

    [Fact]
    public void A_full_ring_refuses_and_takes_again_after_a_read()
    {
        byte[] message = new byte[504];
        int count = 0;
        while (_ring.TryWrite(1, message))
        {
            count++;
        }

        Assert.Equal(8, count);
        Collector handler = new();
        Assert.Equal(1, _ring.Read(ref handler, 1));
        Assert.True(_ring.TryWrite(1, message));
        Assert.False(_ring.TryWrite(1, message));
    }

    [Fact]
    public void Bad_types_and_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _ring.TryWrite(0, [1]));
        Assert.Throws<ArgumentException>(() => _ring.TryWrite(-1, [1]));
        Assert.Throws<ArgumentException>(() => _ring.TryWrite(1, new byte[(Capacity / 8) + 1]));
        Assert.Throws<ArgumentException>(() => new ManyToOneRingBuffer(_memory, 5000));
    }

    [Fact]
    public void A_claim_that_is_never_committed_is_unblocked()
    {
        Assert.False(_ring.Unblock());
        Assert.True(_ring.TryClaim(1, 40, out _));
        Assert.True(_ring.TryWrite(2, [9]));
        Collector handler = new();
        Assert.Equal(0, _ring.Read(ref handler, 10));
        Assert.True(_ring.Unblock());
        Assert.Equal(1, _ring.Read(ref handler, 10));
        Assert.Equal([9], Assert.Single(handler.Messages));
        Assert.False(_ring.Unblock());
    }

    [Fact]
    public void A_claim_that_was_not_even_marked_is_unblocked_up_to_the_next_record()
    {
        // The tail was moved and the producer died before it wrote the negative length.
        *(long*)(_memory + Capacity + RingBufferDescriptor.TailPositionOffset) = 64;
        Assert.False(_ring.Unblock());
        Assert.True(_ring.TryWrite(2, [9]));
        Assert.True(_ring.Unblock());
        Collector handler = new();
        Assert.Equal(1, _ring.Read(ref handler, 10));
    }

    [Fact]
    public void A_handler_that_throws_has_consumed_its_message()
    {
        Assert.True(_ring.TryWrite(1, [1]));
        Assert.True(_ring.TryWrite(1, [2]));
        Thrower thrower = default;
        Assert.Throws<InvalidOperationException>(() => _ring.Read(ref thrower, 10));
        Collector handler = new();
        Assert.Equal(1, _ring.Read(ref handler, 10));
        Assert.Equal([2], Assert.Single(handler.Messages));
    }

    [Fact]
    public void Four_producers_each_keep_their_order()
    {
        const int Count = 20_000;
        Thread[] producers = [.. Enumerable.Range(1, 4).Select(id => new Thread(() => Produce(id, Count)) { IsBackground = true })];
        Array.ForEach(producers, producer => producer.Start());
        OrderChecker checker = new(5);
        Stopwatch time = Stopwatch.StartNew();
        while (checker.Count < 4 * Count)
        {
            Assert.True(time.Elapsed < 2 * TestDriver.Patience);
            if (_ring.Read(ref checker, 50) == 0)
            {
                _ = Thread.Yield();
            }
        }

        Assert.Equal(0, checker.Wrong);
        Array.ForEach(producers, producer => producer.Join());
        Assert.Equal(0, _ring.Size);
    }

    private void Produce(int id, int count)
    {
        Span<byte> message = stackalloc byte[60];
        for (int i = 0; i < count; i++)
        {
            BitConverter.TryWriteBytes(message, i);
            while (!_ring.TryWrite(id, message[..(4 + (i % 50))]))
            {
                _ = Thread.Yield();
            }
        }
    }

    private readonly struct Collector : IMessageHandler
    {
        public Collector()
        {
            Messages = [];
        }

        internal List<byte[]> Messages { get; }

        public void OnMessage(int typeId, ReadOnlySpan<byte> message) => Messages.Add(message.ToArray());
    }

    private struct Thrower : IMessageHandler
    {
        public readonly void OnMessage(int typeId, ReadOnlySpan<byte> message) => throw new InvalidOperationException("poison");
    }

    private struct OrderChecker(int producers) : IMessageHandler
    {
        private readonly int[] _next = new int[producers];
        internal int Count;
        internal int Wrong;

        public void OnMessage(int typeId, ReadOnlySpan<byte> message)
        {
            int i = BitConverter.ToInt32(message);
            Wrong += _next[typeId] == i && message.Length == 4 + (i % 50) ? 0 : 1;
            _next[typeId] = i + 1;
            Count++;
        }
    }
}
