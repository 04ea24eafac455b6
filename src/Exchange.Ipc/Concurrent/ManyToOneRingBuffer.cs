// Problem: clients in several processes send commands to one driver, and any of them may die at any instruction.
// Idea: a producer moves the tail by compare-and-swap, marks its record with a negative length, fills it and commits by storing the
// positive length. The consumer zeroes what it has read before it frees it, so an unwritten record always reads 0.
// What must hold: a producer that died between claim and commit is skipped by Unblock, never read.
using System.Runtime.CompilerServices;

namespace Exchange.Ipc.Concurrent;

/// <summary>Many producers, one consumer; see <see cref="RingBufferDescriptor"/> for the layout.</summary>
public sealed unsafe class ManyToOneRingBuffer
{
    private readonly byte* _buffer;
    private readonly byte* _trailer;
    private readonly int _capacity;
    private readonly int _mask;

    /// <summary>Wraps memory of <paramref name="length"/> bytes, trailer included.</summary>
    /// <exception cref="ArgumentException">The capacity is no power of two.</exception>
    public ManyToOneRingBuffer(byte* buffer, int length)
    {
        _capacity = length - RingBufferDescriptor.TrailerLength;
        if (!Alignment.IsPowerOfTwo(_capacity))
        {
            throw new ArgumentException($"ring capacity must be a power of two, not {_capacity}", nameof(length));
        }

        _buffer = buffer;
        _trailer = buffer + _capacity;
        _mask = _capacity - 1;
    }

    /// <summary>Bytes for records.</summary>
    public int Capacity => _capacity;

    /// <summary>Longest message, an eighth of the capacity.</summary>
    public int MaxMessageLength => _capacity / 8;

    /// <summary>Bytes claimed and not yet consumed.</summary>
    public long Size => ProducerPosition - ConsumerPosition;

    /// <summary>Where the next record is claimed.</summary>
    public long ProducerPosition => Volatile.Read(ref Long(RingBufferDescriptor.TailPositionOffset)); // partner: the CAS in ClaimCapacity

    /// <summary>Where the next record is read.</summary>
    public long ConsumerPosition => Volatile.Read(ref Long(RingBufferDescriptor.HeadPositionOffset)); // partner: the release in Read

    /// <summary>Epoch milliseconds; 0 before the driver is up, -1 after it ended in order.</summary>
    public long ConsumerHeartbeatMs
    {
        get => Volatile.Read(ref Long(RingBufferDescriptor.ConsumerHeartbeatOffset)); // partner: the setter, in the driver
        set => Volatile.Write(ref Long(RingBufferDescriptor.ConsumerHeartbeatOffset), value);
    }

    /// <summary>A number that no other user of this ring gets.</summary>
    public long NextCorrelationId() => Interlocked.Increment(ref Long(RingBufferDescriptor.CorrelationCounterOffset)) - 1; // partner: itself in other clients

    /// <summary>Writes a message, or returns false when the ring is full.</summary>
    /// <exception cref="ArgumentException">The type is below 1 or the message too long.</exception>
    public bool TryWrite(int typeId, ReadOnlySpan<byte> message)
    {
        if (!TryClaim(typeId, message.Length, out int index))
        {
            return false;
        }

        message.CopyTo(new Span<byte>(_buffer + index + RingBufferDescriptor.RecordHeaderLength, message.Length));
        Commit(index);
        return true;
    }

    /// <summary>Claims a record and leaves it uncommitted: it blocks the consumer until <see cref="Commit"/> or <see cref="Unblock"/>.</summary>
    internal bool TryClaim(int typeId, int length, out int recordIndex)
    {
        if (typeId < 1 || (uint)length > (uint)MaxMessageLength)
        {
            throw new ArgumentException($"type {typeId} must be positive and length {length} at most {MaxMessageLength}");
        }

        int recordLength = length + RingBufferDescriptor.RecordHeaderLength;
        recordIndex = ClaimCapacity(recordLength);
        if (recordIndex < 0)
        {
            return false;
        }

        Volatile.Write(ref Int(recordIndex), -recordLength); // partner: the acquire in Read and Unblock
        Int(recordIndex + 4) = typeId;
        return true;
    }

    /// <summary>Makes a claimed record visible to the consumer.</summary>
    internal void Commit(int recordIndex) => Volatile.Write(ref Int(recordIndex), -Int(recordIndex)); // partner: the acquire in Read

    /// <summary>Hands up to <paramref name="limit"/> committed messages to the handler. Consumer thread only.</summary>
    /// <returns>Messages handed over.</returns>
    public int Read<T>(ref T handler, int limit)
        where T : struct, IMessageHandler
    {
        long head = Long(RingBufferDescriptor.HeadPositionOffset);
        int headIndex = (int)head & _mask;
        int contiguous = _capacity - headIndex;
        int bytesRead = 0;
        int messages = 0;
        try
        {
            while (bytesRead < contiguous && messages < limit)
            {
                int index = headIndex + bytesRead;
                int length = Volatile.Read(ref Int(index)); // partner: Commit
                if (length <= 0)
                {
                    break;
                }

                bytesRead += Alignment.Align(length, RingBufferDescriptor.RecordAlignment);
                int typeId = Int(index + 4);
                if (typeId == RingBufferDescriptor.PaddingTypeId || length < RingBufferDescriptor.RecordHeaderLength)
                {
                    continue;
                }

                messages++;
                int messageLength = Math.Min(length, _capacity - index) - RingBufferDescriptor.RecordHeaderLength;
                handler.OnMessage(typeId, new ReadOnlySpan<byte>(_buffer + index + RingBufferDescriptor.RecordHeaderLength, messageLength));
            }
        }
        finally
        {
            if (bytesRead > 0)
            {
                // A client with a wild length must not make the driver write past the ring.
                new Span<byte>(_buffer + headIndex, Math.Min(bytesRead, contiguous)).Clear();
                Volatile.Write(ref Long(RingBufferDescriptor.HeadPositionOffset), head + Math.Min(bytesRead, contiguous)); // partner: ClaimCapacity
            }
        }

        return messages;
    }

    /// <summary>
    /// Turns the record at the head into padding when its producer died: a negative length is its own extent; a zero length extends to
    /// the next record that shows one. Call only after the head stood still for the whole unblock timeout. Consumer thread only.
    /// </summary>
    public bool Unblock()
    {
        long head = ConsumerPosition;
        long tail = ProducerPosition;
        if (head == tail)
        {
            return false;
        }

        int headIndex = (int)head & _mask;
        int tailIndex = (int)tail & _mask;
        int length = Volatile.Read(ref Int(headIndex)); // partner: TryClaim
        if (length < 0)
        {
            Pad(headIndex, -length);
            return true;
        }

        if (length > 0)
        {
            return false;
        }

        int limit = tailIndex > headIndex ? tailIndex : _capacity;
        for (int i = headIndex + RingBufferDescriptor.RecordAlignment; i < limit; i += RingBufferDescriptor.RecordAlignment)
        {
            if (Volatile.Read(ref Int(i)) == 0) // partner: TryClaim
            {
                continue;
            }

            if (!IsStillZero(headIndex, i))
            {
                return false;
            }

            Pad(headIndex, i - headIndex);
            return true;
        }

        return false;
    }

    private bool IsStillZero(int from, int to)
    {
        for (int i = to - RingBufferDescriptor.RecordAlignment; i >= from; i -= RingBufferDescriptor.RecordAlignment)
        {
            if (Volatile.Read(ref Int(i)) != 0) // partner: TryClaim
            {
                return false;
            }
        }

        return true;
    }

    private void Pad(int index, int length)
    {
        Int(index + 4) = RingBufferDescriptor.PaddingTypeId;
        Volatile.Write(ref Int(index), length); // partner: the acquire in Read
    }

    private int ClaimCapacity(int recordLength)
    {
        int required = Alignment.Align(recordLength, RingBufferDescriptor.RecordAlignment);
        long head = Volatile.Read(ref Long(RingBufferDescriptor.HeadCachePositionOffset)); // partner: the write below, in any producer
        while (true)
        {
            long tail = Volatile.Read(ref Long(RingBufferDescriptor.TailPositionOffset)); // partner: the CAS below
            if (required > _capacity - (int)(tail - head) && !TryRefreshHead(ref head, required, tail))
            {
                return -1;
            }

            int tailIndex = (int)tail & _mask;
            int toEnd = _capacity - tailIndex;
            int padding = 0;
            if (required > toEnd)
            {
                if (required > ((int)head & _mask))
                {
                    head = ConsumerPosition;
                    if (required > ((int)head & _mask))
                    {
                        return -1;
                    }

                    Volatile.Write(ref Long(RingBufferDescriptor.HeadCachePositionOffset), head); // partner: the read above
                }

                padding = toEnd;
            }

            if (Interlocked.CompareExchange(ref Long(RingBufferDescriptor.TailPositionOffset), tail + required + padding, tail) != tail)
            {
                continue; // partner of the exchange: the same line in other producers
            }

            if (padding == 0)
            {
                return tailIndex;
            }

            Volatile.Write(ref Int(tailIndex), -padding); // partner: the acquire in Unblock
            Pad(tailIndex, padding);
            return 0;
        }
    }

    private bool TryRefreshHead(ref long head, int required, long tail)
    {
        head = ConsumerPosition;
        if (required > _capacity - (int)(tail - head))
        {
            return false;
        }

        Volatile.Write(ref Long(RingBufferDescriptor.HeadCachePositionOffset), head); // partner: the first read in ClaimCapacity
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int Int(int index) => ref *(int*)(_buffer + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref long Long(int trailerOffset) => ref *(long*)(_trailer + trailerOffset);
}
