// Problem: a client library needs a driver, and "install aeronmd first" is no answer for `dotnet run`.
// Idea: the driver for aeron:ipc is a few files and one agent, embedded in a process of ours.
// What must hold: one driver a directory; an orderly end tells the clients at once and leaves nothing behind.
using Exchange.Ipc.Agents;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Driver;

/// <summary>An embedded media driver for <c>aeron:ipc</c>, in the shared-memory formats of Aeron 1.53.</summary>
public sealed class MediaDriver : IDisposable
{
    private readonly DriverConductor _conductor;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly AgentRunner? _runner;
    private bool _isDisposed;

    private MediaDriver(DriverConductor conductor, string directory, AgentRunnerOptions? thread)
    {
        _conductor = conductor;
        AeronDirectory = directory;
        if (thread is { IdleStrategy: IdleStrategyKind.Backoff })
        {
            _runner = AgentRunner.Start(conductor, new DriverIdleStrategy(_wake, thread.Backoff), thread);
        }
        else if (thread is not null)
        {
            _runner = AgentRunner.Start(conductor, thread);
        }
    }

    /// <summary>Where clients find it.</summary>
    public string AeronDirectory { get; }

    /// <summary>The driver's duty, to be invoked by the caller's thread after <see cref="Create"/>.</summary>
    public IAgent ConductorAgent => _conductor;

    /// <summary>What ended the driver's own thread; null while it runs or when there is none.</summary>
    public Exception? Failure => _runner?.Failure;

    internal DriverConductor Conductor => _conductor;

    /// <summary>Starts a driver on a thread of its own.</summary>
    /// <exception cref="ActiveDriverException">A driver already serves the directory.</exception>
    /// <exception cref="IOException">The directory cannot be written, or the disk is full.</exception>
    /// <exception cref="ArgumentException">A setting is outside its limits.</exception>
    public static MediaDriver Launch(MediaDriverContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        DriverConductor conductor = CreateConductor(context, out string directory);
        return new MediaDriver(conductor, directory, context.Runner);
    }

    /// <summary>Creates a driver that only works while the caller invokes <see cref="ConductorAgent"/>; at least every few milliseconds.</summary>
    /// <exception cref="ActiveDriverException">A driver already serves the directory.</exception>
    /// <exception cref="IOException">The directory cannot be written, or the disk is full.</exception>
    /// <exception cref="ArgumentException">A setting is outside its limits.</exception>
    public static MediaDriver Create(MediaDriverContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new MediaDriver(CreateConductor(context, out string directory), directory, null);
    }

    /// <summary>Ends the sleep of the driver's thread; for a client in the same process that has just sent it a command.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Ends the driver: its clients are told and its files removed.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _wake.Set();
        _runner?.Dispose();
        _conductor.OnClose();
        _wake.Dispose();
    }

    private static DriverConductor CreateConductor(MediaDriverContext context, out string path)
    {
        context.Validate();
        DriverDirectory directory = DriverDirectory.Acquire(context.AeronDirectory, context.DriverTimeout, context.DeleteDirectoryOnClose);
        CncFile? cnc = null;
        try
        {
            CncSizes sizes = CncSizes.For(
                context.ToDriverBufferCapacity, context.ToClientsBufferCapacity, context.CounterCount, context.ErrorLogLength);
            cnc = CncFile.Create(directory.Path, sizes, (long)context.ClientLivenessTimeout.TotalNanoseconds, MediaDriverContext.PageSize);
            DriverConductor conductor = new(context, directory, cnc);
            cnc.SignalReady();
            path = directory.Path;
            return conductor;
        }
        catch
        {
            cnc?.Dispose();
            directory.Dispose();
            throw;
        }
    }
}
