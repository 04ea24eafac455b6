namespace Exchange.Gateway;

/// <summary>
/// What the gateway has done, as plain numbers. The gateway thread is the only writer; any thread may read them at any time and sees each
/// one whole (64-bit machines), though not all of the same instant.
/// </summary>
public sealed class GatewayCounters
{
    private long _connectionsAccepted;
    private long _connectionsOpen;
    private long _connectionsRefused;
    private long _connectionsDropped;
    private long _logonsRefused;
    private long _logonsThrottled;
    private long _messagesThrottled;
    private long _sessionsFlooded;
    private long _messagesIn;
    private long _messagesOut;
    private long _bytesIn;
    private long _bytesOut;
    private long _garbled;
    private long _ingressBackPressure;
    private long _eventsForNobody;
    private long _attachments;

    /// <summary>Connections accepted.</summary>
    public long ConnectionsAccepted => Volatile.Read(ref _connectionsAccepted);

    /// <summary>Connections open now.</summary>
    public long ConnectionsOpen => Volatile.Read(ref _connectionsOpen);

    /// <summary>Connections closed at once: the exchange was not ready, or there were too many.</summary>
    public long ConnectionsRefused => Volatile.Read(ref _connectionsRefused);

    /// <summary>Connections that the gateway ended for a fault of the client's: silent, too slow, garbled.</summary>
    public long ConnectionsDropped => Volatile.Read(ref _connectionsDropped);

    /// <summary>Logons that failed the password check or named nobody.</summary>
    public long LogonsRefused => Volatile.Read(ref _logonsRefused);

    /// <summary>Connections closed because their address had failed too often.</summary>
    public long LogonsThrottled => Volatile.Read(ref _logonsThrottled);

    /// <summary>Messages that were forwarded as refused, because their session had sent more than it may in a second.</summary>
    public long MessagesThrottled => Volatile.Read(ref _messagesThrottled);

    /// <summary>Sessions ended for a flood of session messages or invalid ones.</summary>
    public long SessionsFlooded => Volatile.Read(ref _sessionsFlooded);

    /// <summary>Well-framed messages forwarded to the exchange.</summary>
    public long MessagesIn => Volatile.Read(ref _messagesIn);

    /// <summary>Messages written to clients.</summary>
    public long MessagesOut => Volatile.Read(ref _messagesOut);

    /// <summary>Bytes of messages forwarded.</summary>
    public long BytesIn => Volatile.Read(ref _bytesIn);

    /// <summary>Bytes of messages written.</summary>
    public long BytesOut => Volatile.Read(ref _bytesOut);

    /// <summary>Stretches of garbled input that were ignored.</summary>
    public long Garbled => Volatile.Read(ref _garbled);

    /// <summary>Times that the exchange had no room for a command, so that a connection was not read for a while.</summary>
    public long IngressBackPressure => Volatile.Read(ref _ingressBackPressure);

    /// <summary>Events for connections that no longer exist.</summary>
    public long EventsForNobody => Volatile.Read(ref _eventsForNobody);

    /// <summary>Times that the gateway attached to a member.</summary>
    public long Attachments => Volatile.Read(ref _attachments);

    // Each line below has one writer, so a plain add suffices; the Volatile.Read above keeps a reader's loop from caching the value.
    internal void Accepted()
    {
        _connectionsAccepted++;
        _connectionsOpen++;
    }

    internal void Closed() => _connectionsOpen--;

    internal void Refused() => _connectionsRefused++;

    internal void Dropped() => _connectionsDropped++;

    internal void LogonRefused() => _logonsRefused++;

    internal void LogonThrottled() => _logonsThrottled++;

    internal void MessageThrottled() => _messagesThrottled++;

    internal void SessionFlooded() => _sessionsFlooded++;

    internal void MessageIn(int bytes)
    {
        _messagesIn++;
        _bytesIn += bytes;
    }

    internal void MessageOut(int bytes)
    {
        _messagesOut++;
        _bytesOut += bytes;
    }

    internal void GarbledInput() => _garbled++;

    internal void BackPressured() => _ingressBackPressure++;

    internal void EventForNobody() => _eventsForNobody++;

    internal void Attached() => _attachments++;
}
