// Problem: a publisher must stop before it overwrites what the slowest subscriber still reads, a reused term must be zero, and a
// publisher that died must not block its readers for ever.
// Idea: the driver moves the publisher limit to the slowest subscriber plus a window of at most half a term, and zeroes behind the slowest
// subscriber on the way. With three terms the publisher then always stands in zeroed memory.
// What must hold: the limit never passes the slowest subscriber by more than the window, and memory is zero before the limit covers it.
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Driver;

/// <summary>The driver's side of an IPC publication. Used by the conductor's thread only.</summary>
internal sealed unsafe class IpcPublication
{
    private const long OwnerDiedUnblockNs = 250_000_000;
    private readonly LogBuffer _log;
    private readonly long* _limit;
    private readonly long* _position;
    private readonly int _windowLength;
    private readonly int _tripGain;
    private readonly long _lingerNs;
    private readonly List<SubscriberPosition> _subscribers = [];
    private long _tripLimit;
    private long _consumerPosition;
    private long _cleanPosition;
    private long _lastConsumerPosition;
    private long _consumerChangeNs;
    private long _lingerStartNs;
    private bool _hasOwnerDied;
    private int _ownerCount;

    internal IpcPublication(long registrationId, int sessionId, int streamId, bool isExclusive, PublicationParameters parameters, LogBuffer log,
        (int Id, nint Address) limit, (int Id, nint Address) position, long nowNs)
    {
        RegistrationId = registrationId;
        SessionId = sessionId;
        StreamId = streamId;
        IsExclusive = isExclusive;
        LimitCounterId = limit.Id;
        PositionCounterId = position.Id;
        _limit = (long*)limit.Address;
        _position = (long*)position.Address;
        _log = log;
        _windowLength = parameters.WindowLength;
        _tripGain = parameters.WindowLength / 8;
        _lingerNs = parameters.LingerNs;
        _consumerPosition = log.ProducerPosition();
        _lastConsumerPosition = _consumerPosition;
        _cleanPosition = _consumerPosition;
        _tripLimit = _consumerPosition;
        _consumerChangeNs = nowNs;
        Volatile.Write(ref *_limit, _consumerPosition); // partner: the publisher's acquire of its limit
        Volatile.Write(ref *_position, _consumerPosition); // partner: readers of the counter
    }

    internal long RegistrationId { get; }

    internal int SessionId { get; }

    internal int StreamId { get; }

    internal bool IsExclusive { get; }

    internal int LimitCounterId { get; }

    internal int PositionCounterId { get; }

    internal IpcPublicationState State { get; private set; }

    internal LogBuffer Log => _log;

    internal IReadOnlyList<SubscriberPosition> Subscribers => _subscribers;

    /// <summary>True when the log file and the counters may go.</summary>
    internal bool HasReachedEndOfLife(long nowNs) => State == IpcPublicationState.Linger && nowNs - _lingerStartNs >= _lingerNs;

    /// <summary>A new subscription may join while there is something for it to read.</summary>
    internal bool IsAcceptingSubscribers => State == IpcPublicationState.Active || (State == IpcPublicationState.Draining && !IsDrained());

    /// <summary>Where a new subscriber starts: nothing behind it is promised to be clean or present.</summary>
    internal long JoinPosition
    {
        get
        {
            long position = _consumerPosition;
            foreach (SubscriberPosition subscriber in _subscribers)
            {
                position = Math.Min(position, subscriber.Value);
            }

            return position;
        }
    }

    internal void AddOwner() => _ownerCount++;

    internal void AddSubscriber(SubscriberPosition subscriber)
    {
        _subscribers.Add(subscriber);
        Volatile.Write(ref _log.IsConnected, 1); // partner: Publication.IsConnected
    }

    /// <summary>Removes a subscription's position; false when it has none here.</summary>
    internal bool TryRemoveSubscriber(SubscriptionLink link, out int counterId)
    {
        counterId = -1;
        for (int i = 0; i < _subscribers.Count; i++)
        {
            if (_subscribers[i].Link == link)
            {
                counterId = _subscribers[i].CounterId;
                _consumerPosition = Math.Max(_consumerPosition, _subscribers[i].Value);
                _subscribers.RemoveAt(i);
                if (_subscribers.Count == 0)
                {
                    Volatile.Write(ref _log.IsConnected, 0); // partner: Publication.IsConnected
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>An owner closed the publication, or died.</summary>
    internal void RemoveOwner(bool hasDied)
    {
        _hasOwnerDied |= hasDied;
        if (--_ownerCount > 0)
        {
            return;
        }

        long producerPosition = _log.ProducerPosition();
        if (*_limit > producerPosition)
        {
            Volatile.Write(ref *_limit, producerPosition); // partner: the publisher's acquire of its limit
        }

        Volatile.Write(ref _log.EndOfStreamPosition, producerPosition); // partner: Image.IsEndOfStream
        if (State == IpcPublicationState.Active)
        {
            State = IpcPublicationState.Draining;
        }
    }

    /// <summary>Marks the stream as taken back; the next timer event tells the subscribers.</summary>
    internal void Revoke() => Volatile.Write(ref _log.IsRevoked, 1); // partner: OnTimer, and Image in clients

    /// <summary>Moves the limit behind the slowest subscriber.</summary>
    /// <returns>1 when it moved.</returns>
    internal int UpdateLimit()
    {
        if (State != IpcPublicationState.Active)
        {
            return 0;
        }

        Volatile.Write(ref *_position, _log.ProducerPosition()); // partner: readers of the counter
        if (_subscribers.Count == 0)
        {
            return DisconnectLimit();
        }

        long slowest = long.MaxValue;
        long fastest = _consumerPosition;
        for (int i = 0; i < _subscribers.Count; i++)
        {
            long position = _subscribers[i].Value;
            slowest = Math.Min(slowest, position);
            fastest = Math.Max(fastest, position);
        }

        _consumerPosition = fastest;
        long limit = slowest + _windowLength;
        if (limit <= _tripLimit)
        {
            return 0;
        }

        Clean(slowest);
        Volatile.Write(ref *_limit, limit); // partner: the publisher's acquire of its limit; the zeroes above come first
        _tripLimit = limit + _tripGain;
        return 1;
    }

    /// <summary>Moves the state on.</summary>
    /// <returns>True when the subscribers must be told that the image ended.</returns>
    internal bool OnTimer(long nowNs, ref long unblockedCount, ref long revokedCount, long unblockTimeoutNs)
    {
        switch (State)
        {
            case IpcPublicationState.Active when Volatile.Read(ref _log.IsRevoked) != 0: // partner: Revoke, here or in the client
                EndRevoked();
                revokedCount++;
                StartLinger(nowNs);
                return true;

            case IpcPublicationState.Active:
                CheckForBlockedPublisher(nowNs, ref unblockedCount, unblockTimeoutNs);
                return false;

            case IpcPublicationState.Draining:
                if (Volatile.Read(ref _log.IsRevoked) != 0) // partner: as above
                {
                    EndRevoked();
                    revokedCount++;
                }
                else if (!IsDrained())
                {
                    Drain(ref unblockedCount);
                    return false;
                }

                StartLinger(nowNs);
                return true;

            default:
                return false;
        }
    }

    /// <summary>Unmaps the log and deletes its file.</summary>
    internal void Close()
    {
        _log.Dispose();
        _ = MappedFile.TryDelete(_log.Path);
    }

    private void StartLinger(long nowNs)
    {
        State = IpcPublicationState.Linger;
        _lingerStartNs = nowNs;
    }

    private void EndRevoked()
    {
        long position = _log.ProducerPosition();
        Volatile.Write(ref *_limit, position); // partner: the publisher's acquire of its limit
        Volatile.Write(ref _log.EndOfStreamPosition, position); // partner: Image.IsEndOfStream
        Volatile.Write(ref _log.IsConnected, 0); // partner: Publication.IsConnected
    }

    private int DisconnectLimit()
    {
        if (*_limit <= _consumerPosition)
        {
            return 0;
        }

        _tripLimit = _consumerPosition;
        Volatile.Write(ref *_limit, _consumerPosition); // partner: the publisher's acquire of its limit
        Clean(_consumerPosition);
        return 1;
    }

    private void Drain(ref long unblockedCount)
    {
        foreach (SubscriberPosition subscriber in _subscribers)
        {
            _consumerPosition = Math.Max(_consumerPosition, subscriber.Value);
        }

        // Frames that are committed stop the unblocker, so it acts only once the fastest subscriber stands in front of the hole.
        if (LogBufferUnblocker.Unblock(_log, _consumerPosition, allOwnersGone: true))
        {
            unblockedCount++;
            Volatile.Write(ref _log.EndOfStreamPosition, _log.ProducerPosition()); // partner: Image.IsEndOfStream
        }
    }

    private void CheckForBlockedPublisher(long nowNs, ref long unblockedCount, long unblockTimeoutNs)
    {
        // A publication with one owner is blocked by its owner only, whose death ends it anyway.
        if (IsExclusive)
        {
            return;
        }

        bool isBehind = _log.ProducerPosition() > _consumerPosition
            || Volatile.Read(ref _log.ActiveTermCount) != (int)(_consumerPosition >> _log.PositionBitsToShift); // partner: RotateLog
        if (_consumerPosition != _lastConsumerPosition || !isBehind)
        {
            _lastConsumerPosition = _consumerPosition;
            _consumerChangeNs = nowNs;
            return;
        }

        long timeoutNs = _hasOwnerDied ? Math.Min(OwnerDiedUnblockNs, unblockTimeoutNs) : unblockTimeoutNs;
        if (nowNs - _consumerChangeNs > timeoutNs && LogBufferUnblocker.Unblock(_log, _consumerPosition, allOwnersGone: false))
        {
            unblockedCount++;
        }
    }

    private bool IsDrained()
    {
        long producerPosition = _log.ProducerPosition();
        foreach (SubscriberPosition subscriber in _subscribers)
        {
            if (subscriber.Value < producerPosition)
            {
                return false;
            }
        }

        return true;
    }

    private void Clean(long position)
    {
        while (_cleanPosition < position)
        {
            int offset = (int)(_cleanPosition & (_log.TermLength - 1));
            int length = (int)Math.Min(position - _cleanPosition, _log.TermLength - offset);
            byte* start = _log.Term(LogBufferDescriptor.IndexByTermCount((int)(_cleanPosition >> _log.PositionBitsToShift))) + offset;

            // The first frame's length goes last: a reader that came too late never sees a length with zeroes behind it.
            new Span<byte>(start + sizeof(long), length - sizeof(long)).Clear();
            Volatile.Write(ref *(long*)start, 0); // partner: the acquire of the frame length in Image
            _cleanPosition += length;
        }
    }
}
