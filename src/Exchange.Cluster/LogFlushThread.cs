using Exchange.Log;

namespace Exchange.Cluster;

/// <summary>Flushes on a thread of its own.</summary>
internal sealed class LogFlushThread : ILogFlush
{
    private readonly LogFlusher _flusher;

    /// <summary>Starts the thread; it tells when more has become durable.</summary>
    public LogFlushThread(SegmentedLog log, TimeSpan pause, Action? onFlushed = null) => _flusher = new LogFlusher(log, TimeSpan.Zero, pause, onFlushed);

    /// <inheritdoc/>
    public Exception? Failure => _flusher.Failure;

    /// <inheritdoc/>
    public void Wake() => _flusher.Wake();

    /// <inheritdoc/>
    public void Dispose() => _flusher.Dispose();
}
