namespace Exchange.Ipc.Concurrent;

/// <summary>One reader of a broadcast buffer; copies each record out and checks afterwards that it was not overwritten meanwhile.</summary>
public sealed unsafe class BroadcastReceiver
{
    private readonly byte* _buffer;
    private readonly byte* _trailer;
    private readonly int _capacity;
    private readonly byte[] _scratch;
    private long _nextRecord;

    /// <summary>Wraps memory of <paramref name="length"/> bytes, trailer included, and starts at the newest record.</summary>
    /// <exception cref="ArgumentException">The capacity is no power of two.</exception>
    public BroadcastReceiver(byte* buffer, int length)
    {
        _capacity = length - BroadcastDescriptor.TrailerLength;
        if (!Alignment.IsPowerOfTwo(_capacity))
        {
            throw new ArgumentException($"broadcast capacity must be a power of two, not {_capacity}", nameof(length));
        }

        _buffer = buffer;
        _trailer = buffer + _capacity;
        _scratch = new byte[_capacity / 8];
        _nextRecord = Tail;
    }

    /// <summary>True once messages were lost because this reader was too slow; nothing is delivered any more.</summary>
    public bool IsLapped { get; private set; }

    private long Tail => Volatile.Read(ref *(long*)(_trailer + BroadcastDescriptor.TailOffset)); // partner: the last store of Transmit

    /// <summary>Hands at most one message to the handler; 0 when there is none or <see cref="IsLapped"/>.</summary>
    public int Receive<T>(ref T handler)
        where T : struct, IMessageHandler
    {
        long cursor = _nextRecord;
        if (Tail == cursor || IsLapped)
        {
            return 0;
        }

        return ReceiveNext(ref handler, cursor);
    }

    private int ReceiveNext<T>(ref T handler, long cursor)
        where T : struct, IMessageHandler
    {
        while (true)
        {
            int offset = (int)cursor & (_capacity - 1);
            int length = *(int*)(_buffer + offset);
            int typeId = *(int*)(_buffer + offset + 4);
            int messageLength = length - BroadcastDescriptor.RecordHeaderLength;
            bool isPadding = typeId == BroadcastDescriptor.PaddingTypeId;
            bool isPlausible = messageLength >= 0 && length <= _capacity - offset && (isPadding || messageLength <= _scratch.Length);
            if (isPlausible && !isPadding)
            {
                new ReadOnlySpan<byte>(_buffer + offset + BroadcastDescriptor.RecordHeaderLength, messageLength).CopyTo(_scratch);
            }

            if (!isPlausible || !IsValid(cursor))
            {
                IsLapped = true;
                return 0;
            }

            cursor += Alignment.Align(length, BroadcastDescriptor.RecordAlignment);
            _nextRecord = cursor;
            if (!isPadding)
            {
                handler.OnMessage(typeId, _scratch.AsSpan(0, messageLength));
                return 1;
            }
        }
    }

    private bool IsValid(long cursor)
    {
        Volatile.ReadBarrier(); // keeps the copy before the intent is read; partner: the WriteBarrier in BroadcastTransmitter
        return cursor + _capacity > Volatile.Read(ref *(long*)(_trailer + BroadcastDescriptor.TailIntentOffset)); // partner: SignalIntent
    }
}
