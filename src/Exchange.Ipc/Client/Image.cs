// Problem: a subscriber reads frames in place, at the speed of memory, and tells the driver how far it came.
// Idea: scan forward from the own position while lengths are positive; store the new position once a poll.
// What must hold: the position is stored after the handler has returned from what it covers; a handler that throws has still consumed its
// fragment, so a poison message cannot hold up the stream for ever.
using System.Runtime.CompilerServices;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Client;

/// <summary>One publication as a subscription sees it. Polled by one thread.</summary>
public sealed unsafe class Image
{
    private readonly MappedLog _mapped;
    private readonly LogBuffer _log;
    private readonly long* _position;
    private readonly byte* _terms;
    private readonly int _termMask;
    private readonly int _bitsToShift;
    private bool _isClosed;
    private long _finalPosition;

    internal Image(Subscription subscription, long correlationId, int sessionId, MappedLog mapped, long* position)
    {
        Subscription = subscription;
        CorrelationId = correlationId;
        SessionId = sessionId;
        _mapped = mapped;
        _log = mapped.Log;
        _position = position;
        _terms = _log.Terms;
        _termMask = _log.TermLength - 1;
        _bitsToShift = _log.PositionBitsToShift;
        JoinPosition = Volatile.Read(ref *position); // partner: the driver's Connect
    }

    /// <summary>Subscription it belongs to.</summary>
    public Subscription Subscription { get; }

    /// <summary>Session of the publication.</summary>
    public int SessionId { get; }

    /// <summary>Registration id of the publication's log.</summary>
    public long CorrelationId { get; }

    /// <summary>Position at which this subscriber joined.</summary>
    public long JoinPosition { get; }

    /// <summary>True once the publication ended and was drained, or the client lost its driver.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed); // partner: Close

    /// <summary>How far this subscriber came; the final position when closed.</summary>
    public long Position => IsClosed ? _finalPosition : *_position;

    /// <summary>True when the publisher is gone and everything it committed was read.</summary>
    public bool IsEndOfStream => IsClosed || *_position >= Volatile.Read(ref _log.EndOfStreamPosition); // partner: the driver's RemoveOwner

    /// <summary>True when the publisher took the stream back.</summary>
    public bool IsRevoked => !IsClosed && Volatile.Read(ref _log.IsRevoked) != 0; // partner: the driver's Revoke

    internal MappedLog Mapped => _mapped;

    /// <summary>Hands up to <paramref name="limit"/> fragments to the handler.</summary>
    /// <returns>Fragments handed over.</returns>
    public int Poll<T>(ref T handler, int limit)
        where T : struct, IFragmentHandler
    {
        if (Volatile.Read(ref _isClosed)) // partner: Close
        {
            return 0;
        }

        long position = *_position;
        int termOffset = (int)position & _termMask;
        byte* frame = _terms + ((nint)LogBufferDescriptor.IndexByTermCount((int)(position >> _bitsToShift)) << _bitsToShift) + termOffset;
        int frameLength = Volatile.Read(ref *(int*)frame); // partner: FrameWriter.Commit
        return frameLength > 0 && limit > 0 ? PollTerm(ref handler, limit, position, frame, termOffset) : 0;
    }

    internal void Close()
    {
        if (!_isClosed)
        {
            _finalPosition = *_position;
            Volatile.Write(ref _isClosed, true); // partner: the readers of _isClosed
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowDamaged(int frameLength, int termOffset) => throw new InvalidOperationException(
        $"log buffer {_log.Path} is damaged: frame length {frameLength} at term offset {termOffset}; close this image's publication");

    private int PollTerm<T>(ref T handler, int limit, long startPosition, byte* frame, int termOffset)
        where T : struct, IFragmentHandler
    {
        int count = 0;
        int offset = termOffset;
        byte* term = frame - termOffset;
        try
        {
            do
            {
                byte* current = term + offset;
                int frameLength = Volatile.Read(ref *(int*)current); // partner: FrameWriter.Commit
                if (frameLength <= 0)
                {
                    break;
                }

                int nextOffset = offset + Alignment.Align(frameLength, DataHeaderDescriptor.FrameAlignment);
                if (frameLength < DataHeaderDescriptor.Length || (uint)nextOffset > (uint)_termMask + 1)
                {
                    ThrowDamaged(frameLength, offset);
                }

                offset = nextOffset;
                if (*(ushort*)(current + DataHeaderDescriptor.TypeOffset) == DataHeaderDescriptor.TypePadding)
                {
                    continue;
                }

                count++;
                FragmentHeader header = new(current, startPosition - termOffset + offset, *(current + DataHeaderDescriptor.FlagsOffset));
                handler.OnFragment(
                    new ReadOnlySpan<byte>(current + DataHeaderDescriptor.Length, frameLength - DataHeaderDescriptor.Length), in header);
            }
            while (count < limit && offset <= _termMask && !_isClosed);
        }
        finally
        {
            // A handler may close the subscription, or the whole client with its mappings.
            if (!_isClosed)
            {
                Volatile.Write(ref *_position, startPosition + (offset - termOffset)); // partner: SubscriberPosition in the driver
            }
        }

        return count;
    }
}
