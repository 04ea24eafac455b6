namespace Exchange.Ipc.Concurrent;

/// <summary>The one writer of a broadcast buffer; see <see cref="BroadcastDescriptor"/>.</summary>
public sealed unsafe class BroadcastTransmitter
{
    private readonly byte* _buffer;
    private readonly byte* _trailer;
    private readonly int _capacity;

    /// <summary>Wraps memory of <paramref name="length"/> bytes, trailer included.</summary>
    /// <exception cref="ArgumentException">The capacity is no power of two.</exception>
    public BroadcastTransmitter(byte* buffer, int length)
    {
        _capacity = length - BroadcastDescriptor.TrailerLength;
        if (!Alignment.IsPowerOfTwo(_capacity))
        {
            throw new ArgumentException($"broadcast capacity must be a power of two, not {_capacity}", nameof(length));
        }

        _buffer = buffer;
        _trailer = buffer + _capacity;
    }

    /// <summary>Longest message, an eighth of the capacity.</summary>
    public int MaxMessageLength => _capacity / 8;

    /// <summary>Writes a message; never waits.</summary>
    /// <exception cref="ArgumentException">The type is below 1 or the message too long.</exception>
    public void Transmit(int typeId, ReadOnlySpan<byte> message)
    {
        if (typeId < 1 || message.Length > MaxMessageLength)
        {
            throw new ArgumentException($"type {typeId} must be positive and length {message.Length} at most {MaxMessageLength}");
        }

        ref long tailCell = ref *(long*)(_trailer + BroadcastDescriptor.TailOffset);
        long tail = tailCell;
        int offset = (int)tail & (_capacity - 1);
        int recordLength = message.Length + BroadcastDescriptor.RecordHeaderLength;
        int aligned = Alignment.Align(recordLength, BroadcastDescriptor.RecordAlignment);
        int toEnd = _capacity - offset;
        if (toEnd < aligned)
        {
            SignalIntent(tail + aligned + toEnd);
            WriteHeader(offset, toEnd, BroadcastDescriptor.PaddingTypeId);
            tail += toEnd;
            offset = 0;
        }
        else
        {
            SignalIntent(tail + aligned);
        }

        WriteHeader(offset, recordLength, typeId);
        message.CopyTo(new Span<byte>(_buffer + offset + BroadcastDescriptor.RecordHeaderLength, message.Length));
        Volatile.Write(ref *(long*)(_trailer + BroadcastDescriptor.LatestOffset), tail); // partner: the receiver's jump after it was lapped
        Volatile.Write(ref tailCell, tail + aligned); // partner: the receiver's read of the tail
    }

    private void SignalIntent(long newTail)
    {
        Volatile.Write(ref *(long*)(_trailer + BroadcastDescriptor.TailIntentOffset), newTail); // partner: BroadcastReceiver.IsValid
        Volatile.WriteBarrier(); // keeps the record's own stores behind the intent; partner: the ReadBarrier in BroadcastReceiver
    }

    private void WriteHeader(int offset, int length, int typeId)
    {
        *(int*)(_buffer + offset) = length;
        *(int*)(_buffer + offset + 4) = typeId;
    }
}
