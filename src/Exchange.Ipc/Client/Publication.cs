// Problem: several threads or processes publish into one log and see one order.
// Idea: a claim adds its length to the raw tail with one atomic add; the old value is the claimant's offset. Whoever runs over the end of
// the term pads it; whoever is first moves the active term on.
// What must hold: an offset is handed out once. Adds beyond the end of the term are harmless, because the tail is clamped.
using System.Runtime.CompilerServices;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Client;

/// <summary>A publication that threads and processes may share. Results as for <see cref="ExclusivePublication"/>.</summary>
public sealed unsafe class Publication : IDisposable
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
    private readonly int _initialTermId;
    private readonly int _maxPayloadLength;
    private readonly long _maxPossiblePosition;
    private bool _isClosed;

    internal Publication(Aeron client, long registrationId, string channel, int streamId, int sessionId, MappedLog mapped, long* limit)
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
        _initialTermId = _log.InitialTermId;
        _maxPayloadLength = _log.MtuLength - DataHeaderDescriptor.Length;
        _maxPossiblePosition = (long)_termLength << 31;
    }

    /// <summary>Channel as it was asked for.</summary>
    public string Channel { get; }

    /// <summary>Stream.</summary>
    public int StreamId { get; }

    /// <summary>Session that the driver gave the log.</summary>
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

    /// <summary>Stream position of the next message of any publisher; <see cref="Closed"/> when closed.</summary>
    public long Position => IsClosed ? Closed : _log.ProducerPosition();

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
        int frameLength = length + DataHeaderDescriptor.Length;
        long position = Claim(Alignment.Align(frameLength, DataHeaderDescriptor.FrameAlignment), length, out byte* term, out int termOffset, out int termId);
        if (position > 0)
        {
            _writer.WriteHeader(term + termOffset, frameLength, termOffset, termId);
            claim = new BufferClaim(term + termOffset, length);
        }

        return position;
    }

    /// <summary>Publishes a message, in fragments when it is longer than <see cref="MaxPayloadLength"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is longer than <see cref="MaxMessageLength"/>.</exception>
    public long Offer(ReadOnlySpan<byte> message)
    {
        if (message.Length > MaxMessageLength)
        {
            ThrowLength(message.Length, MaxMessageLength);
        }

        bool isWhole = message.Length <= _maxPayloadLength;
        int framedLength = isWhole
            ? Alignment.Align(message.Length + DataHeaderDescriptor.Length, DataHeaderDescriptor.FrameAlignment)
            : LogBufferDescriptor.FramedLength(message.Length, _maxPayloadLength);
        long position = Claim(framedLength, message.Length, out byte* term, out int termOffset, out int termId);
        if (position > 0)
        {
            if (isWhole)
            {
                _writer.Append(term, termOffset, termId, message, DataHeaderDescriptor.UnfragmentedFlags);
            }
            else
            {
                _writer.AppendFragmented(term, termOffset, termId, message, _maxPayloadLength);
            }
        }

        return position;
    }

    /// <summary>Closes this client's use of the publication.</summary>
    public void Dispose() => _client.ReleasePublication(this);

    internal void Close() => Volatile.Write(ref _isClosed, true); // partner: the readers of _isClosed

    private static void ThrowLength(int length, int max) =>
        throw new ArgumentOutOfRangeException(nameof(length), length, $"must be from 0 to {max}");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Claim(int alignedLength, int messageLength, out byte* term, out int termOffset, out int termId)
    {
        term = null;
        termOffset = 0;
        termId = 0;
        if (Volatile.Read(ref _isClosed)) // partner: Close
        {
            return Closed;
        }

        long limit = Volatile.Read(ref *_limit); // partner: the driver's UpdateLimit, which zeroed the memory before
        int termCount = Volatile.Read(ref _log.ActiveTermCount); // partner: RotateLog
        int index = LogBufferDescriptor.IndexByTermCount(termCount);
        ref long tail = ref _log.Tail(index);
        long rawTail = Volatile.Read(ref tail); // partner: the add below, in other publishers
        if (LogBufferDescriptor.TermCount(LogBufferDescriptor.TermId(rawTail), _initialTermId) != termCount)
        {
            return AdminAction;
        }

        long position = ((long)termCount << _log.PositionBitsToShift) + LogBufferDescriptor.TermOffset(rawTail, _termLength);
        if (position >= limit)
        {
            return BackPressureStatus(position, messageLength);
        }

        rawTail = Interlocked.Add(ref tail, alignedLength) - alignedLength; // partner: itself in other publishers
        termId = LogBufferDescriptor.TermId(rawTail);
        long offset = rawTail & 0xFFFF_FFFFL;
        if (offset + alignedLength > _termLength)
        {
            return EndOfTerm(index, offset, termId);
        }

        term = _log.Term(index);
        termOffset = (int)offset;
        return LogBufferDescriptor.Position(termId, termOffset + alignedLength, _log.PositionBitsToShift, _initialTermId);
    }

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
    private long EndOfTerm(int index, long offset, int termId)
    {
        // Only the claim that straddles the end finds room to pad; later ones start behind it.
        if (offset < _termLength)
        {
            _writer.WritePadding(_log.Term(index) + offset, _termLength - (int)offset, (int)offset, termId);
        }

        int termCount = LogBufferDescriptor.TermCount(termId, _initialTermId);
        if (((long)termCount << _log.PositionBitsToShift) + _termLength >= _maxPossiblePosition)
        {
            return MaxPositionExceeded;
        }

        _ = LogBufferDescriptor.RotateLog(_log.Metadata, termCount, termId);
        return AdminAction;
    }
}
