using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Protocol.Events;

namespace Exchange.Protocol.StateMachine;

/// <summary>
/// Where the core puts the events of a command: one growing block outside the managed heap, filled by the core and emptied by the
/// egress agent on the same thread after each command. It grows by doubling to what the largest command ever needed and then
/// stays, so the core neither waits nor allocates.
/// </summary>
public sealed unsafe class EventBuffer : IDisposable
{
    private byte* _bytes;
    private nuint _capacity;
    private nuint _length;

    /// <summary>Creates a buffer with room for <paramref name="initialBytes"/>.</summary>
    public EventBuffer(int initialBytes = 1 << 20)
    {
        _capacity = (nuint)initialBytes;
        _bytes = (byte*)NativeMemory.AlignedAlloc(_capacity, 64);
    }

    /// <summary>Frees the block.</summary>
    ~EventBuffer() => Free();

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    public long Length => (long)_length;

    /// <summary>
    /// Adds a zeroed event and returns it for the caller to fill. The reference is valid until the next append.
    /// </summary>
    /// <typeparam name="T">The record; it starts with an <see cref="EventHeader"/>.</typeparam>
    /// <param name="type">Type of the event.</param>
    /// <param name="tailBytes">Bytes behind the record, a multiple of 8, zeroed too.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Append<T>(EventType type, int tailBytes = 0)
        where T : unmanaged
    {
        int size = sizeof(T) + tailBytes;
        nuint end = _length + (nuint)size;
        if (end > _capacity)
        {
            Grow(end);
        }

        byte* start = _bytes + _length;
        _length = end;
        new Span<byte>(start, size).Clear();
        EventHeader* header = (EventHeader*)start;
        header->Type = type;
        header->Length = size;
        return ref Unsafe.AsRef<T>(start);
    }

    /// <summary>The bytes behind the record that <see cref="Append{T}"/> returned last, where it was given a tail.</summary>
    public Span<byte> LastTail(int tailBytes) => new(_bytes + _length - (nuint)tailBytes, tailBytes);

    /// <summary>Reads the event at <paramref name="offset"/> and moves the offset behind it; false at the end.</summary>
    public bool TryRead(ref long offset, out ReadOnlySpan<byte> bytes)
    {
        if ((nuint)offset >= _length)
        {
            bytes = default;
            return false;
        }

        EventHeader* header = (EventHeader*)(_bytes + offset);
        bytes = new ReadOnlySpan<byte>(header, header->Length);
        offset += header->Length;
        return true;
    }

    /// <summary>Everything written since the last <see cref="Clear"/>; fails beyond 2 GiB.</summary>
    public ReadOnlySpan<byte> WrittenSpan => new(_bytes, checked((int)_length));

    /// <summary>Forgets the content and keeps the block.</summary>
    public void Clear() => _length = 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(nuint needed)
    {
        nuint capacity = _capacity;
        while (capacity < needed)
        {
            capacity *= 2;
        }

        _bytes = (byte*)NativeMemory.AlignedRealloc(_bytes, capacity, 64);
        _capacity = capacity;
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_bytes);
        _bytes = null;
        _capacity = 0;
        _length = 0;
    }
}
