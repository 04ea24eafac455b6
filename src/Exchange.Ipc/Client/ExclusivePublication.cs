// Problem: one publisher wants the shortest way into a shared log: no atomic instruction, no allocation, no call.
// Idea: being alone, it keeps its tail in fields and only publishes it; the steps of a claim are
//
//     limit ──▶ tail (release) ──▶ header with negative length ──▶ payload ──▶ length (release) = commit
//
// What must hold: the tail is published before the header is written, so that the unblocker knows the extent of a claim whose owner died.
using System.Runtime.CompilerServices;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Client;

/// <summary>
/// A publication with one owner, used by one thread. Results are the new stream position, or one of the negative constants.
/// </summary>
public sealed unsafe class ExclusivePublication : IDisposable
{
    /// <inheritdoc cref="PublicationResult.NotConnected"/>
    public const long NotConnected = PublicationResult.NotConnected;

    /// <inheritdoc cref="PublicationResult.BackPressured"/>
    public const long BackPressured = PublicationResult.BackPressured;

    /// <inheritdoc cref="PublicationResult.AdminAction"/>
    public const long AdminAction = PublicationResult.AdminAction;

    /// <inheritdoc cref="PublicationResult.Closed"/>
    public const long Closed = PublicationResult.Closed;

    /// <inheritdoc cref="PublicationResult.MaxPositionExceeded"/>
    public const long MaxPositionExceeded = PublicationResult.MaxPositionExceeded;

    private readonly Aeron _client;
    private readonly MappedLog _mapped;
    private readonly LogBuffer _log;
    private readonly long* _limit;
    private readonly FrameWriter _writer;
    private readonly int _termLength;
    private readonly int _maxPayloadLength;
    private readonly long _maxPossiblePosition;
    private byte* _term;
    private long* _tail;
    private long _termBeginPosition;
    private int _termOffset;
    private int _termId;
    private bool _isClosed;

    internal ExclusivePublication(Aeron client, long registrationId, string channel, int streamId, int sessionId, MappedLog mapped, long* limit)
    {
        _client = client;
        _mapped = mapped;
        _log = mapped.Log;
        _limit = limit;
        RegistrationId = registrationId;
        Channel = channel;
        StreamId = streamId;
        SessionId = sessionId;
        _writer = new FrameWriter(sessionId, streamId);
        _termLength = _log.TermLength;
        _maxPayloadLength = _log.MtuLength - DataHeaderDescriptor.Length;
        _maxPossiblePosition = (long)_termLength << 31;

        int termCount = Volatile.Read(ref _log.ActiveTermCount); // partner: the driver, which may have started it anywhere
        int index = LogBufferDescriptor.IndexByTermCount(termCount);
        long rawTail = _log.Tail(index);
        _term = _log.Term(index);
        _tail = (long*)Unsafe.AsPointer(ref _log.Tail(index));
        _termId = LogBufferDescriptor.TermId(rawTail);
        _termOffset = LogBufferDescriptor.TermOffset(rawTail, _termLength);
        _termBeginPosition = (long)termCount << _log.PositionBitsToShift;
    }

    /// <summary>Channel as it was asked for.</summary>
    public string Channel { get; }

    /// <summary>Stream.</summary>
    public int StreamId { get; }

    /// <summary>Session that the driver gave it.</summary>
    public int SessionId { get; }

    /// <summary>Registration with the driver.</summary>
    public long RegistrationId { get; }

    /// <summary>Longest message for <see cref="TryClaim"/>.</summary>
    public int MaxPayloadLength => _maxPayloadLength;

    /// <summary>Longest message for <see cref="Offer"/>.</summary>
    public int MaxMessageLength => LogBufferDescriptor.MaxMessageLength(_termLength);

    /// <summary>Bytes of a term.</summary>
    public int TermLength => _termLength;

    /// <summary>True once closed, or once the client lost its driver.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed); // partner: Close

    /// <summary>True while a subscriber is attached.</summary>
    public bool IsConnected => !IsClosed && Volatile.Read(ref _log.IsConnected) == 1; // partner: the driver

    /// <summary>Stream position of the next message; <see cref="Closed"/> when closed.</summary>
    public long Position => IsClosed ? Closed : _termBeginPosition + _termOffset;

    /// <summary>Position up to which may be published at present.</summary>
    public long PositionLimit => IsClosed ? Closed : Volatile.Read(ref *_limit); // partner: the driver's UpdateLimit

    internal MappedLog Mapped => _mapped;

    /// <summary>Claims a frame to be filled in place, and to be committed or aborted at once.</summary>
    /// <param name="length">Payload bytes, at most <see cref="MaxPayloadLength"/>.</param>
    /// <param name="claim">The frame when the result is positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or too long.</exception>
    public long TryClaim(int length, out BufferClaim claim)
    {
        if ((uint)length > (uint)_maxPayloadLength)
        {
            ThrowLength(length, _maxPayloadLength);
        }

        claim = default;
        if (Volatile.Read(ref _isClosed)) // partner: Close
        {
            return Closed;
        }

        int termOffset = _termOffset;
        long position = _termBeginPosition + termOffset;
        if (position >= Volatile.Read(ref *_limit)) // partner: the driver's UpdateLimit, which zeroed the memory before
        {
            return BackPressureStatus(position, length);
        }

        int frameLength = length + DataHeaderDescriptor.Length;
        int newOffset = termOffset + Alignment.Align(frameLength, DataHeaderDescriptor.FrameAlignment);
        Volatile.Write(ref *_tail, LogBufferDescriptor.PackTail(_termId, newOffset)); // partner: the driver and the unblocker
        if (newOffset > _termLength)
        {
            return EndOfTerm(termOffset);
        }

        byte* frame = _term + termOffset;
        _writer.WriteHeader(frame, frameLength, termOffset, _termId);
        claim = new BufferClaim(frame, length);
        _termOffset = newOffset;
        return _termBeginPosition + newOffset;
    }

    /// <summary>Publishes a message, in fragments when it is longer than <see cref="MaxPayloadLength"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is longer than <see cref="MaxMessageLength"/>.</exception>
    public long Offer(ReadOnlySpan<byte> message)
    {
        if (Volatile.Read(ref _isClosed)) // partner: Close
        {
            return Closed;
        }

        int termOffset = _termOffset;
        long position = _termBeginPosition + termOffset;
        if (position >= Volatile.Read(ref *_limit)) // partner: the driver's UpdateLimit, which zeroed the memory before
        {
            return BackPressureStatus(position, message.Length);
        }

        if (message.Length > MaxMessageLength)
        {
            ThrowLength(message.Length, MaxMessageLength);
        }

        bool isWhole = message.Length <= _maxPayloadLength;
        int framedLength = isWhole
            ? Alignment.Align(message.Length + DataHeaderDescriptor.Length, DataHeaderDescriptor.FrameAlignment)
            : LogBufferDescriptor.FramedLength(message.Length, _maxPayloadLength);
        int newOffset = termOffset + framedLength;
        Volatile.Write(ref *_tail, LogBufferDescriptor.PackTail(_termId, newOffset)); // partner: the driver and the unblocker
        if (newOffset > _termLength)
        {
            return EndOfTerm(termOffset);
        }

        if (isWhole)
        {
            _writer.Append(_term, termOffset, _termId, message, DataHeaderDescriptor.UnfragmentedFlags);
        }
        else
        {
            _writer.AppendFragmented(_term, termOffset, _termId, message, _maxPayloadLength);
        }

        _termOffset = newOffset;
        return _termBeginPosition + newOffset;
    }

    /// <summary>Closes the publication; subscribers read what was committed.</summary>
    public void Dispose() => _client.ReleasePublication(this);

    internal void Close() => Volatile.Write(ref _isClosed, true); // partner: the readers of _isClosed

    private static void ThrowLength(int length, int max) =>
        throw new ArgumentOutOfRangeException(nameof(length), length, $"must be from 0 to {max}");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long BackPressureStatus(long position, int length)
    {
        if (position + Alignment.Align(length + DataHeaderDescriptor.Length, DataHeaderDescriptor.FrameAlignment) >= _maxPossiblePosition)
        {
            return MaxPositionExceeded;
        }

        return Volatile.Read(ref _log.IsConnected) == 1 ? BackPressured : NotConnected; // partner: the driver
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long EndOfTerm(int termOffset)
    {
        if (termOffset < _termLength)
        {
            _writer.WritePadding(_term + termOffset, _termLength - termOffset, termOffset, _termId);
        }

        _termOffset = _termLength;
        if (_termBeginPosition + _termLength >= _maxPossiblePosition)
        {
            return MaxPositionExceeded;
        }

        _termId = unchecked(_termId + 1);
        _termBeginPosition += _termLength;
        _termOffset = 0;
        int termCount = (int)(_termBeginPosition >> _log.PositionBitsToShift);
        int index = LogBufferDescriptor.IndexByTermCount(termCount);
        _term = _log.Term(index);
        _tail = (long*)Unsafe.AsPointer(ref _log.Tail(index));
        *_tail = LogBufferDescriptor.PackTail(_termId, 0);
        Volatile.Write(ref _log.ActiveTermCount, termCount); // partner: ProducerPosition in the driver; the tail above comes first
        return AdminAction;
    }
}
