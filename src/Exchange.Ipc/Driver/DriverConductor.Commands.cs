// The commands of clients. Each either answers or throws; DriverCommandReader turns what is thrown into an error answer.
using System.Globalization;
using System.Text;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Driver;

internal sealed partial class DriverConductor
{
    internal void AddPublication(CorrelatedCommand head, int streamId, string channel, bool isExclusive)
    {
        PublicationParameters parameters = PublicationParameters.Parse(channel, _context);
        DriverClient client = GetOrAddClient(head.ClientId);
        IpcPublication publication = (isExclusive ? null : FindShared(streamId, parameters))
            ?? CreatePublication(head, streamId, channel, isExclusive, parameters);
        client.Publications.Add(head.CorrelationId, publication);
        publication.AddOwner();
        _notifier.OnPublicationReady(head.CorrelationId, publication);
        foreach (SubscriptionLink link in _subscriptions)
        {
            Connect(link, publication);
        }
    }

    internal void RemovePublication(RemoveCommand command)
    {
        if (!_clients.TryGetValue(command.ClientId, out DriverClient? client)
            || !client.Publications.Remove(command.RegistrationId, out IpcPublication? publication))
        {
            throw new ControlException(ControlErrorCode.UnknownPublication, $"no publication {command.RegistrationId}");
        }

        if ((command.Flags & ControlProtocol.RemovePublicationRevokeFlag) != 0)
        {
            publication.Revoke();
        }

        publication.RemoveOwner(hasDied: false);
        _notifier.OnOperationSuccess(command.CorrelationId);
    }

    internal void AddSubscription(CorrelatedCommand head, int streamId, string channel)
    {
        int? sessionId = PublicationParameters.ParseSubscription(channel);
        _ = GetOrAddClient(head.ClientId);
        SubscriptionLink link = new(head.CorrelationId, head.ClientId, streamId, sessionId, channel);
        _subscriptions.Add(link);
        _notifier.OnSubscriptionReady(head.CorrelationId);
        foreach (IpcPublication publication in _publications)
        {
            Connect(link, publication);
        }
    }

    internal void RemoveSubscription(RemoveCommand command)
    {
        int index = _subscriptions.FindIndex(link => link.RegistrationId == command.RegistrationId && link.ClientId == command.ClientId);
        if (index < 0)
        {
            throw new ControlException(ControlErrorCode.UnknownSubscription, $"no subscription {command.RegistrationId}");
        }

        Disconnect(_subscriptions[index]);
        _subscriptions.RemoveAt(index);
        _notifier.OnOperationSuccess(command.CorrelationId);
    }

    internal void OnKeepAlive(long clientId)
    {
        DriverClient client = GetOrAddClient(clientId);
        unsafe
        {
            Volatile.Write(ref *_counters.Address(client.HeartbeatCounterId), _nowMs); // partner: DriverClient.SilentNs
        }
    }

    internal void OnClientClose(long clientId)
    {
        if (_clients.TryGetValue(clientId, out DriverClient? client))
        {
            RemoveClient(client, hasDied: false);
        }
    }

    internal void AddCounter(CorrelatedCommand head, int typeId, ReadOnlySpan<byte> key, ReadOnlySpan<byte> label)
    {
        DriverClient client = GetOrAddClient(head.ClientId);
        int id = RequireCounter(_counters.Allocate(typeId, key, label, head.CorrelationId, head.ClientId, _nowMs));
        client.Counters.Add(head.CorrelationId, id);
        _notifier.OnCounter(ControlProtocol.OnCounterReady, head.CorrelationId, id);
    }

    internal void AddStaticCounter(CorrelatedCommand head, int typeId, long registrationId, ReadOnlySpan<byte> key, ReadOnlySpan<byte> label)
    {
        _ = GetOrAddClient(head.ClientId);
        int id = FindStaticCounter(typeId, registrationId);
        if (id < 0)
        {
            id = RequireCounter(_counters.Allocate(typeId, key, label, registrationId, NoOwner, _nowMs));
        }
        else if (_counters.GetOwnerId(id) != NoOwner)
        {
            throw new ControlException(ControlErrorCode.GenericError, $"counter of type {typeId} and registration {registrationId} exists and is not static");
        }

        _notifier.OnCounter(ControlProtocol.OnStaticCounter, head.CorrelationId, id);
    }

    internal void RemoveCounter(RemoveCommand command)
    {
        if (!_clients.TryGetValue(command.ClientId, out DriverClient? client) || !client.Counters.Remove(command.RegistrationId, out int id))
        {
            throw new ControlException(ControlErrorCode.UnknownCounter, $"no counter {command.RegistrationId}");
        }

        _notifier.OnOperationSuccess(command.CorrelationId);
        _notifier.OnCounter(ControlProtocol.OnUnavailableCounter, command.RegistrationId, id);
        _counters.Free(id, _nowMs);
    }

    internal void GetNextSessionId(CorrelatedCommand head, int streamId)
    {
        _ = GetOrAddClient(head.ClientId);
        _notifier.OnCounter(ControlProtocol.OnNextAvailableSessionId, head.CorrelationId, NextSessionId(streamId));
    }

    private static int RequireCounter(int counterId) =>
        counterId >= 0 ? counterId : throw new ControlException(ControlErrorCode.GenericError, "all counters are in use; raise CounterCount");

    private static void RequireMatch(bool condition, string name)
    {
        if (!condition)
        {
            throw new ControlException(ControlErrorCode.InvalidChannel, $"the existing publication of this stream has a different {name}");
        }
    }

    private DriverClient GetOrAddClient(long clientId)
    {
        if (_clients.TryGetValue(clientId, out DriverClient? client))
        {
            return client;
        }

        int id = RequireCounter(_counters.Allocate(
            CounterTypes.ClientHeartbeat, clientId, string.Create(CultureInfo.InvariantCulture, $"client-heartbeat: id={clientId}"), clientId, clientId, _nowMs));
        unsafe
        {
            Volatile.Write(ref *_counters.Address(id), _nowMs); // partner: DriverClient.SilentNs
        }

        client = new DriverClient(clientId, id, _counters, _nowNs);
        _clients.Add(clientId, client);
        _notifier.OnCounter(ControlProtocol.OnCounterReady, clientId, id);
        return client;
    }

    private int FindStaticCounter(int typeId, long registrationId)
    {
        for (int id = 0; id < _counters.CountMax && _counters.GetState(id) != CountersDescriptor.RecordUnused; id++)
        {
            if (_counters.GetState(id) == CountersDescriptor.RecordAllocated && _counters.GetTypeId(id) == typeId
                && _counters.GetRegistrationId(id) == registrationId)
            {
                return id;
            }
        }

        return -1;
    }

    private IpcPublication? FindShared(int streamId, PublicationParameters parameters)
    {
        foreach (IpcPublication publication in _publications)
        {
            if (publication.StreamId != streamId || publication.IsExclusive || publication.State != IpcPublicationState.Active)
            {
                continue;
            }

            RequireMatch(parameters.SessionId is null || parameters.SessionId == publication.SessionId, "session-id");
            RequireMatch(!parameters.HasTermLength || parameters.TermLength == publication.Log.TermLength, "term-length");
            RequireMatch(!parameters.HasMtuLength || parameters.MtuLength == publication.Log.MtuLength, "mtu");
            RequireMatch(parameters.Start is null || parameters.Start.Value.InitialTermId == publication.Log.InitialTermId, "init-term-id");
            return publication;
        }

        return null;
    }

    private IpcPublication CreatePublication(CorrelatedCommand head, int streamId, string channel, bool isExclusive, PublicationParameters parameters)
    {
        int sessionId = parameters.SessionId ?? NextSessionId(streamId);
        if (IsSessionInUse(streamId, sessionId))
        {
            throw new ControlException(ControlErrorCode.InvalidChannel, $"session-id {sessionId} is in use on stream {streamId}");
        }

        LogBuffer log = LogBuffer.Create(
            _directory.LogPath(head.CorrelationId), parameters.TermLength, MediaDriverContext.PageSize, _context.PreTouchMappedMemory, parameters.IsSparse);
        (int Id, nint Address) limit = default;
        try
        {
            PublicationLogInitializer.Initialize(log, parameters, head.CorrelationId, sessionId, streamId, isExclusive);
            limit = AllocateStreamCounter(CounterTypes.PublisherLimit, "pub-lmt", head.CorrelationId, head.ClientId, sessionId, streamId, channel, "");
            string name = isExclusive ? "pub-pos (exclusive)" : "pub-pos (concurrent)";
            (int Id, nint Address) position =
                AllocateStreamCounter(CounterTypes.PublisherPosition, name, head.CorrelationId, head.ClientId, sessionId, streamId, channel, "");
            IpcPublication publication = new(head.CorrelationId, sessionId, streamId, isExclusive, parameters, log, limit, position, _nowNs);
            _publications.Add(publication);
            SystemCounter(CounterTypes.SystemBytesMapped) += log.Length;
            return publication;
        }
        catch
        {
            if (limit.Address != 0)
            {
                _counters.Free(limit.Id, _nowMs);
            }

            log.Dispose();
            _ = MappedFile.TryDelete(log.Path);
            throw;
        }
    }

    private unsafe (int Id, nint Address) AllocateStreamCounter(
        int typeId, string name, long registrationId, long clientId, int sessionId, int streamId, string channel, string suffix)
    {
        // Key: registration id 0, session id 8, stream id 12, channel length 16, channel 20.
        Span<byte> key = stackalloc byte[CountersDescriptor.KeyLengthMax];
        key.Clear();
        byte[] channelBytes = Encoding.ASCII.GetBytes(channel);
        int channelLength = Math.Min(channelBytes.Length, key.Length - 20);
        BitConverter.TryWriteBytes(key, registrationId);
        BitConverter.TryWriteBytes(key[8..], sessionId);
        BitConverter.TryWriteBytes(key[12..], streamId);
        BitConverter.TryWriteBytes(key[16..], channelLength);
        channelBytes.AsSpan(0, channelLength).CopyTo(key[20..]);
        string label = string.Create(CultureInfo.InvariantCulture, $"{name}: {registrationId} {sessionId} {streamId} {channel}{suffix}");
        int id = RequireCounter(_counters.Allocate(typeId, key, Encoding.ASCII.GetBytes(label), registrationId, clientId, _nowMs));
        return (id, (nint)_counters.Address(id));
    }

    private bool IsSessionInUse(int streamId, int sessionId) =>
        _publications.Exists(publication => publication.StreamId == streamId && publication.SessionId == sessionId);

    private int NextSessionId(int streamId)
    {
        int sessionId;
        do
        {
            sessionId = unchecked(_nextSessionId++);
        }
        while (IsSessionInUse(streamId, sessionId));
        return sessionId;
    }

    private unsafe void Connect(SubscriptionLink link, IpcPublication publication)
    {
        if (!link.Matches(publication) || !publication.IsAcceptingSubscribers || publication.Subscribers.Any(subscriber => subscriber.Link == link))
        {
            return;
        }

        long join = publication.JoinPosition;
        (int id, nint address) = AllocateStreamCounter(
            CounterTypes.SubscriberPosition, "sub-pos", link.RegistrationId, link.ClientId, publication.SessionId, publication.StreamId, link.Channel,
            string.Create(CultureInfo.InvariantCulture, $" @{join}"));
        _counters.SetReferenceId(id, publication.RegistrationId);
        Volatile.Write(ref *(long*)address, join); // partner: Image reads its start when it hears of it
        SubscriberPosition subscriber = new(link, id, (long*)address);
        publication.AddSubscriber(subscriber);
        _notifier.OnAvailableImage(publication, subscriber);
    }

    private void Disconnect(SubscriptionLink link)
    {
        foreach (IpcPublication publication in _publications)
        {
            if (publication.TryRemoveSubscriber(link, out int counterId))
            {
                _counters.Free(counterId, _nowMs);
            }
        }
    }
}
