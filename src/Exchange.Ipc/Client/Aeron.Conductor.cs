// The duty cycle of a client: what the driver says, and whether it still says anything.
using System.Globalization;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;
using Exchange.Ipc.Driver;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Client;

/// <content>The duty cycle.</content>
public sealed unsafe partial class Aeron
{
    internal void OnPublicationReady(PublicationReady ready, string path)
    {
        if (!_pending.Remove(ready.CorrelationId, out PendingRegistration? pending))
        {
            return;
        }

        MappedLog log;
        try
        {
            log = AcquireLog(ready.RegistrationId, path);
        }
        catch (IOException e)
        {
            pending.Fail(ControlErrorCode.GenericError, e.Message);
            _pending.Add(ready.CorrelationId, pending);
            _ = _commands.TryRemove(ControlProtocol.RemovePublication, ready.CorrelationId);
            return;
        }

        long* limit = _counters.Address(ready.PositionLimitCounterId);
        _resources.Add(ready.CorrelationId, pending.CommandType == ControlProtocol.AddExclusivePublication
            ? new ExclusivePublication(this, ready.CorrelationId, pending.Channel, ready.StreamId, ready.SessionId, log, limit)
            : new Publication(this, ready.CorrelationId, pending.Channel, ready.StreamId, ready.SessionId, log, limit));
    }

    internal void OnSubscriptionReady(long correlationId)
    {
        if (_pending.Remove(correlationId, out PendingRegistration? pending))
        {
            _resources.Add(correlationId, new Subscription(
                this, correlationId, pending.Channel, pending.StreamId, pending.OnAvailableImage, pending.OnUnavailableImage));
        }
    }

    internal void OnAvailableImage(ImageReady ready, string path)
    {
        if (!_resources.TryGetValue(ready.SubscriptionRegistrationId, out object? resource) || resource is not Subscription subscription)
        {
            return;
        }

        MappedLog log;
        try
        {
            log = AcquireLog(ready.CorrelationId, path);
        }
        catch (IOException e)
        {
            // When the file is gone already, so is the publication, and the driver says so next.
            OnBackgroundError?.Invoke(e);
            return;
        }

        Image image = new(subscription, ready.CorrelationId, ready.SessionId, log, _counters.Address(ready.SubscriberPositionCounterId));
        subscription.Add(image);
        subscription.OnAvailableImage?.Invoke(image);
    }

    internal void OnUnavailableImage(long subscriptionRegistrationId, long correlationId)
    {
        if (_resources.TryGetValue(subscriptionRegistrationId, out object? resource) && resource is Subscription subscription)
        {
            Image? image = subscription.Remove(correlationId);
            if (image != null)
            {
                subscription.OnUnavailableImage?.Invoke(image);
                CloseImage(image);
            }
        }
    }

    internal void OnError(long correlationId, ControlErrorCode code, string text)
    {
        if (_pending.TryGetValue(correlationId, out PendingRegistration? pending))
        {
            pending.Fail(code, text);
        }
    }

    internal void OnClientTimeout(long clientId)
    {
        if (clientId == ClientId)
        {
            CloseAll(CloseReason.ClientTimeout);
        }
    }

    private int Work()
    {
        int workCount = 0;
        DriverEventReader reader = new(this);
        while (workCount < EventsPerCycle && _closeReason == CloseReason.None && _receiver.Receive(ref reader) > 0)
        {
            workCount++;
        }

        if (_closeReason != CloseReason.None)
        {
            return workCount;
        }

        if (_receiver.IsLapped)
        {
            CloseAll(CloseReason.Lapped);
            return workCount;
        }

        long nowNs = Clock.NowNs;
        if (nowNs - _lastServiceNs > _livenessTimeoutNs)
        {
            CloseAll(CloseReason.ServiceInterval);
            return workCount;
        }

        _lastServiceNs = nowNs;
        if (nowNs >= _nextCheckNs)
        {
            _nextCheckNs = nowNs + _checkIntervalNs;
            CheckDriver(nowNs);
            if (_closeReason == CloseReason.None)
            {
                KeepAlive(nowNs);
                UnmapLingering(nowNs);
            }
        }

        return workCount;
    }

    private void CheckDriver(long nowNs)
    {
        long heartbeatMs = _ring.ConsumerHeartbeatMs;
        if (heartbeatMs < 0)
        {
            CloseAll(CloseReason.DriverClosed);
        }
        else if (_driverProcess is { IsGone: true })
        {
            CloseAll(CloseReason.DriverGone);
        }
        else if (_driverHeartbeat.Observe(heartbeatMs, nowNs) > _driverTimeoutNs)
        {
            CloseAll(CloseReason.DriverTimeout);
        }
    }

    private void KeepAlive(long nowNs)
    {
        if (_heartbeatCounterId < 0)
        {
            int id = _counters.FindByTypeAndKeyId(CounterTypes.ClientHeartbeat, ClientId);
            if (id < 0)
            {
                return;
            }

            // Aeron's clients append name and version in the same way; pid and namespace are for our driver.
            _heartbeatCounterId = id;
            _counters.AppendToLabel(id, string.Create(
                CultureInfo.InvariantCulture,
                $" name={_context.ClientName} version=1.53.0 commit=exchange-ipc{DriverClient.NamespaceLabel}{ProcessProbe.PidNamespace}{DriverClient.PidLabel}{Environment.ProcessId}"));
        }
        else if (nowNs < _nextKeepAliveNs)
        {
            return;
        }

        _nextKeepAliveNs = nowNs + _keepAliveIntervalNs;
        Volatile.Write(ref *_counters.Address(_heartbeatCounterId), Clock.EpochMs); // partner: DriverClient.SilentNs
    }

    private MappedLog AcquireLog(long registrationId, string path)
    {
        if (!_logs.TryGetValue(registrationId, out MappedLog? log))
        {
            int index = _lingering.FindIndex(candidate => candidate.RegistrationId == registrationId);
            if (index >= 0)
            {
                log = _lingering[index];
                _lingering.RemoveAt(index);
            }
            else
            {
                log = new MappedLog(registrationId, LogBuffer.Open(path, _context.PreTouchMappedMemory));
            }

            _logs.Add(registrationId, log);
        }

        log.UseCount++;
        return log;
    }

    private void ReleaseLog(MappedLog log)
    {
        if (--log.UseCount == 0)
        {
            _ = _logs.Remove(log.RegistrationId);
            log.ReleasedNs = Clock.NowNs;
            _lingering.Add(log);
        }
    }

    private void UnmapLingering(long nowNs)
    {
        for (int i = _lingering.Count - 1; i >= 0; i--)
        {
            if (nowNs - _lingering[i].ReleasedNs >= _resourceLingerNs)
            {
                _lingering[i].Log.Dispose();
                _lingering.RemoveAt(i);
            }
        }
    }

    private void CloseImage(Image image)
    {
        if (!image.IsClosed)
        {
            image.Close();
            ReleaseLog(image.Mapped);
        }
    }

    private void CloseImages(Subscription subscription)
    {
        Image[] images = subscription.Images;
        subscription.Clear();
        foreach (Image image in images)
        {
            CloseImage(image);
        }
    }

    /// <summary>Closes what the application holds. Subscriptions are told of each image that ended, except when the application disposes.</summary>
    private void CloseAll(CloseReason reason)
    {
        if (_closeReason != CloseReason.None)
        {
            return;
        }

        _closeReason = reason;
        object[] resources = [.. _resources.Values];
        _resources.Clear();
        _pending.Clear();
        foreach (object resource in resources)
        {
            switch (resource)
            {
                case ExclusivePublication publication:
                    publication.Close();
                    ReleaseLog(publication.Mapped);
                    break;
                case Publication publication:
                    publication.Close();
                    ReleaseLog(publication.Mapped);
                    break;
                case Subscription subscription:
                    CloseSubscription(subscription, notify: reason != CloseReason.Disposed);
                    break;
                default:
                    break;
            }
        }
    }

    private void CloseSubscription(Subscription subscription, bool notify)
    {
        subscription.Close();
        Image[] images = subscription.Images;
        subscription.Clear();
        foreach (Image image in images)
        {
            if (notify)
            {
                subscription.OnUnavailableImage?.Invoke(image);
            }

            CloseImage(image);
        }
    }
}
