using System.Runtime.CompilerServices;

namespace Exchange.Ipc.LogBuffers;

/// <summary>What the frame header says about a fragment. Valid during the handler's call only: it reads the frame in place.</summary>
public readonly unsafe struct FragmentHeader
{
    private readonly byte* _frame;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FragmentHeader(byte* frame, long position, byte flags)
    {
        _frame = frame;
        Position = position;
        Flags = flags;
    }

    /// <summary>Stream position just behind the fragment, as the publisher's offer returned it.</summary>
    public long Position { get; }

    /// <summary>Begin and end flags of <see cref="DataHeaderDescriptor"/>.</summary>
    public byte Flags { get; }

    /// <summary>Session of the publication.</summary>
    public int SessionId => *(int*)(_frame + DataHeaderDescriptor.SessionIdOffset);

    /// <summary>Stream of the publication.</summary>
    public int StreamId => *(int*)(_frame + DataHeaderDescriptor.StreamIdOffset);

    /// <summary>Term of the frame.</summary>
    public int TermId => *(int*)(_frame + DataHeaderDescriptor.TermIdOffset);

    /// <summary>Offset of the frame in its term.</summary>
    public int TermOffset => *(int*)(_frame + DataHeaderDescriptor.TermOffsetOffset);

    /// <summary>Eight bytes that the publisher set; 0 otherwise.</summary>
    public long ReservedValue => *(long*)(_frame + DataHeaderDescriptor.ReservedValueOffset);

    /// <summary>The same header for an assembled message.</summary>
    internal FragmentHeader AsUnfragmented() => new(_frame, Position, DataHeaderDescriptor.UnfragmentedFlags);
}
