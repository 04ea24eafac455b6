using System.Text;

namespace Exchange.Ipc.Concurrent;

/// <summary>
/// Gives out counters; the driver's side of the table. A freed id rests for a second before it is given out again, so that a client
/// that has not yet heard of it never writes into another counter.
/// </summary>
public sealed unsafe class CounterTable : CountersReader
{
    /// <summary>How long a freed id rests, as in Aeron.</summary>
    public const long ReuseDelayMs = 1_000;

    private readonly Queue<int> _free = new();
    private int _highWaterMark = -1;

    /// <inheritdoc/>
    public CounterTable(byte* metadata, int metadataLength, byte* values, int valuesLength)
        : base(metadata, metadataLength, values, valuesLength)
    {
    }

    /// <summary>Allocates a counter with the value 0.</summary>
    /// <returns>The id, or -1 when all are in use.</returns>
    public int Allocate(int typeId, ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, long registrationId, long ownerId, long nowMs)
    {
        int id = NextId(nowMs);
        if (id < 0)
        {
            return -1;
        }

        byte* value = (byte*)Address(id);
        *(long*)(value + CountersDescriptor.OwnerIdOffset) = ownerId;
        *(long*)(value + CountersDescriptor.ReferenceIdOffset) = 0;
        Volatile.Write(ref *(long*)(value + CountersDescriptor.RegistrationIdOffset), registrationId); // partner: GetRegistrationId
        Volatile.Write(ref *(long*)value, 0); // partner: GetValue

        byte* record = MetadataOf(id);
        *(int*)(record + CountersDescriptor.TypeIdOffset) = typeId;
        *(long*)(record + CountersDescriptor.ReuseDeadlineOffset) = long.MaxValue;
        Copy(key, record + CountersDescriptor.KeyOffset, CountersDescriptor.KeyLengthMax);
        int labelLength = Copy(label, record + CountersDescriptor.LabelOffset, CountersDescriptor.LabelLengthMax);
        *(int*)(record + CountersDescriptor.LabelLengthOffset) = labelLength;
        Volatile.Write(ref *(int*)record, CountersDescriptor.RecordAllocated); // partner: GetState
        return id;
    }

    /// <summary>Allocates a counter whose key is one number.</summary>
    public int Allocate(int typeId, long keyId, string label, long registrationId, long ownerId, long nowMs) =>
        Allocate(typeId, new ReadOnlySpan<byte>(&keyId, sizeof(long)), Encoding.UTF8.GetBytes(label), registrationId, ownerId, nowMs);

    /// <summary>Sets what a counter refers to, e.g. the publication that a subscriber position follows.</summary>
    public void SetReferenceId(int counterId, long referenceId) =>
        *(long*)((byte*)Address(counterId) + CountersDescriptor.ReferenceIdOffset) = referenceId;

    /// <summary>Frees a counter; harmless when it is not in use.</summary>
    public void Free(int counterId, long nowMs)
    {
        if ((uint)counterId >= (uint)CountMax || GetState(counterId) != CountersDescriptor.RecordAllocated)
        {
            return;
        }

        byte* record = MetadataOf(counterId);
        Volatile.Write(ref *(int*)record, CountersDescriptor.RecordReclaimed); // partner: GetState
        new Span<byte>(record + CountersDescriptor.KeyOffset, CountersDescriptor.KeyLengthMax).Clear();
        *(long*)(record + CountersDescriptor.ReuseDeadlineOffset) = nowMs + ReuseDelayMs;
        _free.Enqueue(counterId);
    }

    private static int Copy(ReadOnlySpan<byte> source, byte* target, int targetLength)
    {
        int count = Math.Min(source.Length, targetLength);
        Span<byte> bytes = new(target, targetLength);
        source[..count].CopyTo(bytes);
        bytes[count..].Clear();
        return count;
    }

    private int NextId(long nowMs)
    {
        // Ids are freed in order of time, so the first in the queue is the first that may be used.
        if (_free.TryPeek(out int freed) && nowMs >= *(long*)(MetadataOf(freed) + CountersDescriptor.ReuseDeadlineOffset))
        {
            return _free.Dequeue();
        }

        return _highWaterMark + 1 < CountMax ? ++_highWaterMark : -1;
    }
}
