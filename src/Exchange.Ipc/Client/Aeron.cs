// Problem: an application thread wants publications and subscriptions, and no second thread in its process.
// Idea: the client's conductor has no thread (Aeron's invoker mode): the application calls DoWork in its duty cycle. DoWork reads the
// driver's answers, shows that the client lives, and notices when the driver does not.
// What must hold: a dead driver never takes the client with it: everything of it reports closed, and its memory stays mapped until Dispose.
using System.Diagnostics.CodeAnalysis;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Client;

/// <summary>
/// A client of a media driver, embedded or external, in the formats of Aeron 1.53. Used by one thread; only a <see cref="Publication"/> may
/// be offered to by several. Dispose it when other threads no longer use what it gave out.
/// </summary>
public sealed unsafe partial class Aeron : IDisposable
{
    private const int EventsPerCycle = 16;
    private readonly AeronContext _context;
    private readonly CncFile _cnc;
    private readonly ManyToOneRingBuffer _ring;
    private readonly BroadcastReceiver _receiver;
    private readonly CountersReader _counters;
    private readonly DriverCommandWriter _commands;
    private readonly ProcessProbe? _driverProcess;
    private readonly Dictionary<long, PendingRegistration> _pending = [];
    private readonly Dictionary<long, object> _resources = [];
    private readonly Dictionary<long, MappedLog> _logs = [];
    private readonly List<MappedLog> _lingering = [];
    private readonly long _livenessTimeoutNs;
    private readonly long _driverTimeoutNs;
    private readonly long _keepAliveIntervalNs;
    private readonly long _checkIntervalNs;
    private readonly long _resourceLingerNs;
    private HeartbeatWatch _driverHeartbeat;
    private int _heartbeatCounterId = -1;
    private long _lastServiceNs;
    private long _nextCheckNs;
    private long _nextKeepAliveNs;
    private bool _isWorking;
    private bool _isDisposeRequested;
    private bool _isDisposed;
    private CloseReason _closeReason;

    private Aeron(AeronContext context, CncFile cnc, ProcessProbe? driverProcess)
    {
        _context = context;
        _cnc = cnc;
        _driverProcess = driverProcess;
        _ring = cnc.CreateToDriverRing();
        _receiver = cnc.CreateToClientsReceiver();
        _counters = cnc.CreateCountersReader();
        _commands = new DriverCommandWriter(_ring, context.DriverAgentInvoker);
        _livenessTimeoutNs = cnc.ClientLivenessTimeoutNs;
        _driverTimeoutNs = (long)context.DriverTimeout.TotalNanoseconds;
        _keepAliveIntervalNs = (long)context.KeepAliveInterval.TotalNanoseconds;
        _checkIntervalNs = (long)context.LivenessCheckInterval.TotalNanoseconds;
        _resourceLingerNs = (long)context.ResourceLinger.TotalNanoseconds;
        _lastServiceNs = Clock.NowNs;
        _driverHeartbeat = new HeartbeatWatch(_ring.ConsumerHeartbeatMs, _lastServiceNs);
        _ = _commands.TrySend(ControlProtocol.ClientKeepAlive);
    }

    /// <summary>
    /// False once the driver died or ended, or gave this client up. Then everything of this client is closed; dispose it and connect anew.
    /// </summary>
    public bool IsDriverAlive => _closeReason == CloseReason.None;

    /// <summary>True once <see cref="CloseReason"/> is set.</summary>
    public bool IsClosed => _closeReason != CloseReason.None;

    /// <summary>Why the client can no longer be used.</summary>
    public CloseReason CloseReason => _closeReason;

    /// <summary>Identity with the driver.</summary>
    public long ClientId => _commands.ClientId;

    /// <summary>Called for failures that concern no call of the application, e.g. an image whose log cannot be mapped.</summary>
    public Action<Exception>? OnBackgroundError { get; set; }

    /// <summary>Connects, waiting for a driver up to the driver timeout.</summary>
    /// <exception cref="DriverTimeoutException">No driver is active in the directory.</exception>
    /// <exception cref="IOException">There is one of an incompatible version, or its files cannot be opened.</exception>
    public static Aeron Connect(AeronContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        long deadlineNs = Clock.NowNs + (long)context.DriverTimeout.TotalNanoseconds;
        BackoffIdleStrategy idle = new();
        while (true)
        {
            Aeron? client = TryConnect(context);
            if (client != null)
            {
                return client;
            }

            if (Clock.NowNs >= deadlineNs)
            {
                throw new DriverTimeoutException($"no active media driver in {context.AeronDirectory}; start it or name another directory");
            }

            idle.Idle(context.DriverAgentInvoker?.DoWork() ?? 0);
        }
    }

    /// <summary>Connects if a driver is active at this moment; null otherwise. Never waits.</summary>
    /// <exception cref="IOException">There is one of an incompatible version, or its files cannot be opened.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client owns both; the finally block disposes them when there is none.")]
    public static Aeron? TryConnect(AeronContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Validate();
        if (context.DemandsPrivateDirectory)
        {
            PrivateDirectory.RequireIfPresent(context.AeronDirectory);
        }

        CncFile? cnc = CncFile.TryOpen(context.AeronDirectory);
        if (cnc == null)
        {
            return null;
        }

        ProcessProbe? process = null;
        bool isKept = false;
        try
        {
            long heartbeatMs = cnc.CreateToDriverRing().ConsumerHeartbeatMs;
            process = WatchDriver(cnc);
            bool isActive = heartbeatMs > 0 && Clock.EpochMs - heartbeatMs <= context.DriverTimeout.TotalMilliseconds && process is not { IsGone: true };
            if (!isActive)
            {
                return null;
            }

            Aeron client = new(context, cnc, process);
            isKept = true;
            return client;
        }
        finally
        {
            if (!isKept)
            {
                process?.Dispose();
                cnc.Dispose();
            }
        }
    }

    /// <summary>One duty cycle: driver's answers, sign of life, look after the driver. Call it at least a few times a second.</summary>
    /// <returns>Events handled.</returns>
    public int DoWork()
    {
        if (_closeReason != CloseReason.None)
        {
            return 0;
        }

        if (_isWorking)
        {
            throw new InvalidOperationException("an image callback must not call back into its client; do it after DoWork");
        }

        _isWorking = true;
        try
        {
            return Work();
        }
        finally
        {
            _isWorking = false;
            if (_isDisposeRequested)
            {
                Release();
            }
        }
    }

    /// <summary>Adds a publication with one owner and waits for it.</summary>
    /// <exception cref="RegistrationException">The driver refused it.</exception>
    /// <exception cref="DriverTimeoutException">The driver does not answer.</exception>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public ExclusivePublication AddExclusivePublication(string channel, int streamId) =>
        (ExclusivePublication)Await(AsyncAddExclusivePublication(channel, streamId));

    /// <summary>Adds a publication that may be shared and waits for it.</summary>
    /// <inheritdoc cref="AddExclusivePublication" path="/exception"/>
    public Publication AddPublication(string channel, int streamId) => (Publication)Await(AsyncAddPublication(channel, streamId));

    /// <summary>Adds a subscription and waits for it; images may come later.</summary>
    /// <param name="channel">Channel.</param>
    /// <param name="streamId">Stream.</param>
    /// <param name="onAvailableImage">Called within <see cref="DoWork"/> or a blocking call when an image came.</param>
    /// <param name="onUnavailableImage">Called likewise when an image ended; it is still readable then, up to its end.</param>
    /// <inheritdoc cref="AddExclusivePublication" path="/exception"/>
    public Subscription AddSubscription(string channel, int streamId, Action<Image>? onAvailableImage = null, Action<Image>? onUnavailableImage = null) =>
        (Subscription)Await(AsyncAddSubscription(channel, streamId, onAvailableImage, onUnavailableImage));

    /// <summary>Asks for an exclusive publication; take it with <see cref="FindExclusivePublication"/>.</summary>
    /// <returns>The registration id.</returns>
    public long AsyncAddExclusivePublication(string channel, int streamId) =>
        Register(ControlProtocol.AddExclusivePublication, channel, streamId, null, null);

    /// <summary>Asks for a publication; take it with <see cref="FindPublication"/>.</summary>
    /// <returns>The registration id.</returns>
    public long AsyncAddPublication(string channel, int streamId) => Register(ControlProtocol.AddPublication, channel, streamId, null, null);

    /// <summary>Asks for a subscription; take it with <see cref="FindSubscription"/>.</summary>
    /// <returns>The registration id.</returns>
    public long AsyncAddSubscription(string channel, int streamId, Action<Image>? onAvailableImage = null, Action<Image>? onUnavailableImage = null) =>
        Register(ControlProtocol.AddSubscription, channel, streamId, onAvailableImage, onUnavailableImage);

    /// <summary>The publication; null while the driver has not answered or when it is closed.</summary>
    /// <exception cref="RegistrationException">The driver refused it; said once.</exception>
    public ExclusivePublication? FindExclusivePublication(long registrationId) => Find(registrationId) as ExclusivePublication;

    /// <summary>The publication; null while the driver has not answered or when it is closed.</summary>
    /// <exception cref="RegistrationException">The driver refused it; said once.</exception>
    public Publication? FindPublication(long registrationId) => Find(registrationId) as Publication;

    /// <summary>The subscription; null while the driver has not answered or when it is closed.</summary>
    /// <exception cref="RegistrationException">The driver refused it; said once.</exception>
    public Subscription? FindSubscription(long registrationId) => Find(registrationId) as Subscription;

    /// <summary>The driver's counters; valid until <see cref="Dispose"/>.</summary>
    public CountersReader Counters => _counters;

    /// <summary>Closes everything, tells the driver and unmaps all memory. Within a callback it takes effect when that returns.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        if (_closeReason == CloseReason.None)
        {
            _ = _commands.TrySend(ControlProtocol.ClientClose);
        }

        CloseAll(CloseReason.Disposed);
        if (_isWorking)
        {
            _isDisposeRequested = true;
        }
        else
        {
            Release();
        }
    }

    internal void ReleasePublication(ExclusivePublication publication)
    {
        if (!publication.IsClosed)
        {
            publication.Close();
            Release(publication.RegistrationId, ControlProtocol.RemovePublication, publication.Mapped);
        }
    }

    internal void ReleasePublication(Publication publication)
    {
        if (!publication.IsClosed)
        {
            publication.Close();
            Release(publication.RegistrationId, ControlProtocol.RemovePublication, publication.Mapped);
        }
    }

    internal void ReleaseSubscription(Subscription subscription)
    {
        if (subscription.IsClosed)
        {
            return;
        }

        subscription.Close();
        Release(subscription.RegistrationId, ControlProtocol.RemoveSubscription, null);
        CloseImages(subscription);
    }

    private static ProcessProbe? WatchDriver(CncFile cnc)
    {
        if (cnc.PidNamespace != 0)
        {
            return ProcessProbe.TryWatch(cnc.Pid, cnc.PidNamespace);
        }

        // An Aeron driver does not say in which namespace its pid counts; a process that is not there may simply live in another.
        ProcessProbe? process = ProcessProbe.TryWatch(cnc.Pid, ProcessProbe.PidNamespace);
        if (process is { IsGone: true })
        {
            process.Dispose();
            return null;
        }

        return process;
    }

    private long Register(int commandType, string channel, int streamId, Action<Image>? onAvailable, Action<Image>? onUnavailable)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ThrowIfClosed();
        long registrationId = _commands.Add(commandType, channel, streamId);
        _pending.Add(registrationId, new PendingRegistration(commandType, channel, streamId, onAvailable, onUnavailable));
        return registrationId;
    }

    private object? Find(long registrationId)
    {
        if (_resources.TryGetValue(registrationId, out object? resource))
        {
            return resource;
        }

        if (_pending.TryGetValue(registrationId, out PendingRegistration? pending) && pending.HasFailed)
        {
            _ = _pending.Remove(registrationId);
            throw new RegistrationException(pending.ErrorCode, $"{pending.Channel} stream {pending.StreamId}: {pending.Error}");
        }

        return null;
    }

    private object Await(long registrationId)
    {
        long deadlineNs = Clock.NowNs + (long)_context.DriverTimeout.TotalNanoseconds;
        BackoffIdleStrategy idle = new();
        while (true)
        {
            int workCount = DoWork();
            object? resource = Find(registrationId);
            if (resource != null)
            {
                return resource;
            }

            if (_closeReason != CloseReason.None)
            {
                throw new DriverTimeoutException($"lost the media driver in {_context.AeronDirectory} while waiting for it: {_closeReason}");
            }

            if (Clock.NowNs >= deadlineNs)
            {
                throw new DriverTimeoutException($"the media driver in {_context.AeronDirectory} does not answer");
            }

            idle.Idle(workCount + (_context.DriverAgentInvoker?.DoWork() ?? 0));
        }
    }

    private void ThrowIfClosed()
    {
        if (_closeReason != CloseReason.None)
        {
            throw new ObjectDisposedException(nameof(Aeron), $"the client is closed: {_closeReason}");
        }
    }

    private void Release(long registrationId, int removeCommand, MappedLog? log)
    {
        _ = _resources.Remove(registrationId);
        if (_closeReason == CloseReason.None)
        {
            _ = _commands.TryRemove(removeCommand, registrationId);
        }

        if (log != null)
        {
            ReleaseLog(log);
        }
    }

    private void Release()
    {
        _isDisposed = true;
        foreach (MappedLog log in _logs.Values)
        {
            log.Log.Dispose();
        }

        foreach (MappedLog log in _lingering)
        {
            log.Log.Dispose();
        }

        _logs.Clear();
        _lingering.Clear();
        _driverProcess?.Dispose();
        _cnc.Dispose();
    }
}
