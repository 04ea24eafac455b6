// What the driver does a few dozen times a second: its own heartbeat, dead clients, blocked commands, publications that end.
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Driver;

internal sealed partial class DriverConductor
{
    private const long CommandUnblockAfterDeathNs = 250_000_000;

    private void OnTimer()
    {
        if (_isClosed)
        {
            return;
        }

        _nowMs = Clock.EpochMs;
        _ring.ConsumerHeartbeatMs = _nowMs;
        CheckClients();
        CheckForBlockedCommand();
        CheckPublications();
    }

    private void CheckClients()
    {
        foreach (DriverClient client in _clients.Values)
        {
            if (client.SilentNs(_nowNs) > _livenessNs || client.IsProcessGone())
            {
                _deadClients.Add(client);
            }
        }

        for (int i = 0; i < _deadClients.Count; i++)
        {
            _lastDeathNs = _nowNs;
            SystemCounter(CounterTypes.SystemClientTimeouts)++;
            RemoveClient(_deadClients[i], hasDied: true);
            _notifier.OnClientTimeout(_deadClients[i].ClientId);
        }

        _deadClients.Clear();
    }

    private void RemoveClient(DriverClient client, bool hasDied)
    {
        foreach (IpcPublication publication in client.Publications.Values)
        {
            publication.RemoveOwner(hasDied);
        }

        foreach ((long registrationId, int counterId) in client.Counters)
        {
            _notifier.OnCounter(ControlProtocol.OnUnavailableCounter, registrationId, counterId);
            _counters.Free(counterId, _nowMs);
        }

        for (int i = _subscriptions.Count - 1; i >= 0; i--)
        {
            if (_subscriptions[i].ClientId == client.ClientId)
            {
                Disconnect(_subscriptions[i]);
                _subscriptions.RemoveAt(i);
            }
        }

        _notifier.OnCounter(ControlProtocol.OnUnavailableCounter, client.ClientId, client.HeartbeatCounterId);
        _counters.Free(client.HeartbeatCounterId, _nowMs);
        _ = _clients.Remove(client.ClientId);
        client.Dispose();
    }

    private void CheckForBlockedCommand()
    {
        long position = _ring.ConsumerPosition;
        if (position != _ringPosition || _ring.ProducerPosition == position)
        {
            _ringPosition = position;
            _ringChangeNs = _nowNs;
            return;
        }

        // A producer that is alive commits within microseconds; after a death there is no reason to give it the whole timeout.
        long timeoutNs = _nowNs - _lastDeathNs < _livenessNs ? Math.Min(_livenessNs, CommandUnblockAfterDeathNs) : _livenessNs;

        if (_nowNs - _ringChangeNs > timeoutNs && _ring.Unblock())
        {
            SystemCounter(CounterTypes.SystemUnblockedCommands)++;
        }
    }

    private void CheckPublications()
    {
        for (int i = _publications.Count - 1; i >= 0; i--)
        {
            IpcPublication publication = _publications[i];
            if (publication.OnTimer(_nowNs, ref _unblockedPublications, ref _publicationsRevoked, _unblockTimeoutNs))
            {
                foreach (SubscriberPosition subscriber in publication.Subscribers)
                {
                    _notifier.OnUnavailableImage(publication, subscriber.Link);
                }
            }

            if (publication.HasReachedEndOfLife(_nowNs))
            {
                _publications.RemoveAt(i);
                Remove(publication);
            }
        }

        SystemCounter(CounterTypes.SystemUnblockedPublications) = _unblockedPublications;
        SystemCounter(CounterTypes.SystemPublicationsRevoked) = _publicationsRevoked;
    }

    private void Remove(IpcPublication publication)
    {
        foreach (SubscriberPosition subscriber in publication.Subscribers)
        {
            _counters.Free(subscriber.CounterId, _nowMs);
        }

        _counters.Free(publication.LimitCounterId, _nowMs);
        _counters.Free(publication.PositionCounterId, _nowMs);
        SystemCounter(CounterTypes.SystemBytesMapped) -= publication.Log.Length;
        publication.Close();
    }
}
