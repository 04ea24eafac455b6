using System.Text;

namespace Exchange.Ipc.Concurrent;

/// <summary>Reads the counters of a CnC file; see <see cref="CountersDescriptor"/>.</summary>
public unsafe class CountersReader
{
    /// <summary>Wraps the two sections; the metadata section is four times the values.</summary>
    /// <exception cref="ArgumentException">The metadata section is too short for the values.</exception>
    public CountersReader(byte* metadata, int metadataLength, byte* values, int valuesLength)
    {
        CountMax = valuesLength / CountersDescriptor.ValueLength;
        if (metadataLength / CountersDescriptor.MetadataLength < CountMax)
        {
            throw new ArgumentException($"counter metadata of {metadataLength} bytes is too short for values of {valuesLength} bytes");
        }

        Metadata = metadata;
        Values = values;
    }

    /// <summary>Counters that fit.</summary>
    public int CountMax { get; }

    /// <summary>First metadata record.</summary>
    protected byte* Metadata { get; }

    /// <summary>First value record.</summary>
    protected byte* Values { get; }

    /// <summary>The value; acquire, so that what its writer did before is seen.</summary>
    public long GetValue(int counterId) => Volatile.Read(ref *Address(counterId)); // partner: the counter's one writer

    /// <summary>One of the Record… constants of <see cref="CountersDescriptor"/>.</summary>
    public int GetState(int counterId) => Volatile.Read(ref *(int*)MetadataOf(counterId)); // partner: CounterTable.Allocate and Free

    /// <summary>What the counter counts.</summary>
    public int GetTypeId(int counterId) => *(int*)(MetadataOf(counterId) + CountersDescriptor.TypeIdOffset);

    /// <summary>First 8 bytes of the key: for most types the registration id.</summary>
    public long GetKeyId(int counterId) => *(long*)(MetadataOf(counterId) + CountersDescriptor.KeyOffset);

    /// <summary>Registration id of the resource.</summary>
    public long GetRegistrationId(int counterId) =>
        Volatile.Read(ref *(long*)((byte*)Address(counterId) + CountersDescriptor.RegistrationIdOffset)); // partner: CounterTable.Allocate

    /// <summary>Client that owns the counter.</summary>
    public long GetOwnerId(int counterId) => *(long*)((byte*)Address(counterId) + CountersDescriptor.OwnerIdOffset);

    /// <summary>The label; allocates.</summary>
    public string GetLabel(int counterId)
    {
        byte* record = MetadataOf(counterId);
        int length = Volatile.Read(ref *(int*)(record + CountersDescriptor.LabelLengthOffset)); // partner: AppendToLabel
        return Encoding.UTF8.GetString(record + CountersDescriptor.LabelOffset, Math.Clamp(length, 0, CountersDescriptor.LabelLengthMax));
    }

    /// <summary>True when the label contains the text; allocates nothing.</summary>
    internal bool LabelContains(int counterId, ReadOnlySpan<byte> text)
    {
        byte* record = MetadataOf(counterId);
        int length = Volatile.Read(ref *(int*)(record + CountersDescriptor.LabelLengthOffset)); // partner: AppendToLabel
        length = Math.Clamp(length, 0, CountersDescriptor.LabelLengthMax);
        return new ReadOnlySpan<byte>(record + CountersDescriptor.LabelOffset, length).IndexOf(text) >= 0;
    }

    /// <summary>The allocated counter of this type whose key starts with the id, or -1.</summary>
    public int FindByTypeAndKeyId(int typeId, long keyId)
    {
        for (int id = 0; id < CountMax; id++)
        {
            int state = GetState(id);
            if (state == CountersDescriptor.RecordUnused)
            {
                break;
            }

            if (state == CountersDescriptor.RecordAllocated && GetTypeId(id) == typeId && GetKeyId(id) == keyId)
            {
                return id;
            }
        }

        return -1;
    }

    /// <summary>Adds to a counter's label as far as it fits. Aeron clients do so with their own heartbeat counter, which only they touch then.</summary>
    public void AppendToLabel(int counterId, string text)
    {
        byte* record = MetadataOf(counterId);
        int length = Math.Clamp(*(int*)(record + CountersDescriptor.LabelLengthOffset), 0, CountersDescriptor.LabelLengthMax);
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        int count = Math.Min(bytes.Length, CountersDescriptor.LabelLengthMax - length);
        bytes.AsSpan(0, count).CopyTo(new Span<byte>(record + CountersDescriptor.LabelOffset + length, count));
        Volatile.Write(ref *(int*)(record + CountersDescriptor.LabelLengthOffset), length + count); // partner: GetLabel
    }

    /// <summary>The value's cell; valid while the CnC file is mapped.</summary>
    internal long* Address(int counterId)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)counterId, (uint)CountMax, nameof(counterId));
        return (long*)(Values + (counterId * CountersDescriptor.ValueLength));
    }

    private protected byte* MetadataOf(int counterId)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)counterId, (uint)CountMax, nameof(counterId));
        return Metadata + (counterId * CountersDescriptor.MetadataLength);
    }
}
