using System.Runtime.CompilerServices;

namespace Exchange.Ipc.LogBuffers;

/// <summary>
/// A frame that was claimed and must be committed or aborted, soon: readers stop in front of it. Default (all zero) when nothing was
/// claimed. Use it exactly once.
/// </summary>
public readonly unsafe struct BufferClaim
{
    private readonly byte* _frame;
    private readonly int _length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BufferClaim(byte* frame, int length)
    {
        _frame = frame;
        _length = length;
    }

    /// <summary>The payload, zeroed or not: fill all of it.</summary>
    public Span<byte> Buffer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_frame + DataHeaderDescriptor.Length, _length);
    }

    /// <summary>Payload bytes.</summary>
    public int Length => _length;

    /// <summary>Eight bytes of the frame header that belong to the application.</summary>
    public long ReservedValue
    {
        get => *(long*)(_frame + DataHeaderDescriptor.ReservedValueOffset);
        set => *(long*)(_frame + DataHeaderDescriptor.ReservedValueOffset) = value;
    }

    /// <summary>Makes the frame visible to readers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Commit() => FrameWriter.Commit(_frame, _length + DataHeaderDescriptor.Length);

    /// <summary>Turns the frame into padding that readers skip.</summary>
    public void Abort()
    {
        *(ushort*)(_frame + DataHeaderDescriptor.TypeOffset) = DataHeaderDescriptor.TypePadding;
        Commit();
    }
}
