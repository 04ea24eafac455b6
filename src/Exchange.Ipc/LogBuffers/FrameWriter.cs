// Problem: the 32 header bytes are written for each message; a reader or the unblocker may look at them at any moment.
// Idea: four 8-byte stores. The first carries the negative length, so that from then on the unblocker knows the extent of the frame; the
// last store of a frame is its positive length.
// What must hold: no store of a header may become visible after the commit, nor before the negative length.
using System.Runtime.CompilerServices;

namespace Exchange.Ipc.LogBuffers;

/// <summary>Writes frames into a term.</summary>
internal readonly unsafe struct FrameWriter
{
    private readonly int _sessionId;
    private readonly int _streamId;

    internal FrameWriter(int sessionId, int streamId)
    {
        _sessionId = sessionId;
        _streamId = streamId;
    }

    /// <summary>Makes the frame visible.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Commit(byte* frame, int frameLength) =>
        Volatile.Write(ref *(int*)frame, frameLength); // partner: the acquire of the frame length in Image.Poll

    /// <summary>Marks a claimed frame of <paramref name="frameLength"/> bytes with an unfragmented data header.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteHeader(byte* frame, int frameLength, int termOffset, int termId) =>
        WriteHeader(frame, frameLength, termOffset, termId, DataHeaderDescriptor.UnfragmentedFlags, DataHeaderDescriptor.TypeData);

    /// <summary>Marks a claimed frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteHeader(byte* frame, int frameLength, int termOffset, int termId, byte flags, ushort type)
    {
        ulong first = (uint)-frameLength | ((ulong)flags << 40) | ((ulong)type << 48);
        Volatile.Write(ref *(ulong*)frame, first); // partner: the acquire of the frame length in LogBufferUnblocker
        Volatile.WriteBarrier(); // the rest of the header stays behind the length; free on x64
        *(ulong*)(frame + DataHeaderDescriptor.TermOffsetOffset) = (uint)termOffset | ((ulong)(uint)_sessionId << 32);
        *(ulong*)(frame + DataHeaderDescriptor.StreamIdOffset) = (uint)_streamId | ((ulong)(uint)termId << 32);
        *(long*)(frame + DataHeaderDescriptor.ReservedValueOffset) = 0;
    }

    /// <summary>Writes and commits a padding frame.</summary>
    internal void WritePadding(byte* frame, int frameLength, int termOffset, int termId)
    {
        WriteHeader(frame, frameLength, termOffset, termId, DataHeaderDescriptor.UnfragmentedFlags, DataHeaderDescriptor.TypePadding);
        Commit(frame, frameLength);
    }

    /// <summary>Writes and commits one frame with its payload.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Append(byte* term, int termOffset, int termId, ReadOnlySpan<byte> payload, byte flags)
    {
        byte* frame = term + termOffset;
        int frameLength = payload.Length + DataHeaderDescriptor.Length;
        WriteHeader(frame, frameLength, termOffset, termId, flags, DataHeaderDescriptor.TypeData);
        payload.CopyTo(new Span<byte>(frame + DataHeaderDescriptor.Length, payload.Length));
        Commit(frame, frameLength);
    }

    /// <summary>Writes a message that is longer than a frame.</summary>
    internal void AppendFragmented(byte* term, int termOffset, int termId, ReadOnlySpan<byte> message, int maxPayloadLength)
    {
        byte flags = DataHeaderDescriptor.BeginFlag;
        int offset = termOffset;
        while (true)
        {
            int count = Math.Min(message.Length, maxPayloadLength);
            bool isLast = count == message.Length;
            Append(term, offset, termId, message[..count], isLast ? (byte)(flags | DataHeaderDescriptor.EndFlag) : flags);
            if (isLast)
            {
                return;
            }

            flags = 0;
            message = message[count..];
            offset += Concurrent.Alignment.Align(count + DataHeaderDescriptor.Length, DataHeaderDescriptor.FrameAlignment);
        }
    }
}
