using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Exchange.Log.Platform;

namespace Exchange.Log.History;

/// <summary>
/// The outbound messages of all FIX sessions, for resends, in mapped files.
/// </summary>
/// <remarks>
/// <para>Problem: a client may ask for any of its last million messages again, over restarts and failovers, and a thousand sessions
/// may do so, which no heap can hold.</para>
/// <para>Idea: it is a cache of what replaying the log would produce. So it is not flushed per message, and after a crash whatever
/// does not check is dropped; only <see cref="Flush"/> before a snapshot makes it durable, because replay begins there.</para>
/// <para>What must hold: one thread owns it; only <see cref="Flush"/> may run beside that on another. Numbers within a session are
/// consecutive. After loading a snapshot the caller calls <see cref="TrimToNext(int, long, long)"/> for each session and, if one says
/// that it does not reach so far, takes an older snapshot or <see cref="StartAt"/>, which admits that older messages are gone.</para>
/// </remarks>
public sealed class MessageHistory : IDisposable
{
    /// <summary>Largest session number.</summary>
    public const int SessionIdMax = 99_999_999;

    /// <summary>Largest message in bytes.</summary>
    public const int RecordBytesMax = 1 << 20;

    private const string LockFileName = "history.lock";
    private const int DenseSessions = 1 << 16;

    private readonly HistoryOptions _options;
    private readonly DirectoryLock _lock;
    private readonly HistoryWorker _worker = new();
    private readonly Lock _flushGate = new();
    private readonly Lock _sessionsGate = new();
    private readonly List<HistorySession> _all = [];
    private readonly Dictionary<int, HistorySession> _sparse = [];
    private readonly Dictionary<int, long> _retiredAtLastFlush = [];
    private HistorySession?[] _dense = new HistorySession?[64];
    private IOException? _failure;
    private bool _disposed;

    private MessageHistory(HistoryOptions options, DirectoryLock directoryLock)
    {
        _options = options;
        _lock = directoryLock;
    }

    /// <summary>What opening found.</summary>
    public HistoryRecoveryReport Recovery { get; private set; } = new(0, 0, []);

    /// <summary>Opens the history in a directory, or creates it there.</summary>
    /// <exception cref="IOException">The directory is in use or cannot be written, or holds the history of another log.</exception>
    public static MessageHistory Open(HistoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        DurableFiles.CreateDirectory(options.Directory);
        DirectoryLock directoryLock = DirectoryLock.Acquire(Path.Combine(options.Directory, LockFileName));
        MessageHistory history = new(options, directoryLock);
        try
        {
            HistoryDirectory directory = new(options);
            directory.Load();
            long records = 0;
            foreach ((int id, List<HistorySegment> segments) in directory.Sessions)
            {
                HistorySession session = history.Create(id);
                session.Adopt(segments, directory.NextOrdinal(id));
                records += session.NextSeq - session.FirstSeq;
            }

            history.Recovery = new HistoryRecoveryReport(directory.Sessions.Count, records, directory.Dropped);
            return history;
        }
        catch
        {
            history._disposed = true;
            history._worker.Dispose();
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>How many files that had become too old serve again; settled once the history is closed.</summary>
    internal long ReusedFileCount => _worker.ReusedCount;

    /// <summary>Numbers of all sessions that have or had messages.</summary>
    public int[] SessionIds()
    {
        int[] ids = new int[_all.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = _all[i].Id;
        }

        return ids;
    }

    /// <summary>Makes a session's first file ready in the background, so that its first message does not wait for it.</summary>
    public void Prepare(int sessionId) => (Find(sessionId) ?? Create(sessionId)).Prepare();

    /// <summary>Appends a message. A number that is there already drops it and everything behind it first.</summary>
    /// <exception cref="InvalidOperationException">The number is higher than <see cref="NextSeqNum"/>: messages between are missing.</exception>
    /// <exception cref="DiskFullException">No room for the next file. Nothing was lost; it may be tried again.</exception>
    public void Append(int sessionId, long seqNum, ReadOnlySpan<byte> record)
    {
        if (record.Length > RecordBytesMax)
        {
            ThrowRecordLength(record.Length);
        }

        HistorySession session = Find(sessionId) ?? Create(sessionId);
        session.Append(seqNum, record);
    }

    /// <summary>Reads a message; false when it was never there, is not kept any more, or does not check.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="seqNum">The message's number in the current epoch.</param>
    /// <param name="record">The content in place, valid until the next change of this session other than an append to its newest file.</param>
    public bool TryRead(int sessionId, long seqNum, out ReadOnlySpan<byte> record)
    {
        HistorySegment? segment = Find(sessionId)?.Find(seqNum);
        if (segment is null)
        {
            record = default;
            return false;
        }

        return segment.TryRead(seqNum, out record);
    }

    /// <summary>Opens a cursor at a number.</summary>
    public HistoryCursor OpenCursor(int sessionId, long fromSeqNum) => new(Find(sessionId) ?? Create(sessionId), fromSeqNum);

    /// <summary>Number of the oldest message kept; equals <see cref="NextSeqNum"/> when there is none.</summary>
    public long FirstSeqNum(int sessionId) => Find(sessionId)?.FirstSeq ?? 1;

    /// <summary>Number that the next message must have.</summary>
    public long NextSeqNum(int sessionId) => Find(sessionId)?.NextSeq ?? 1;

    /// <summary>The session's epoch; a snapshot that keeps it can be trimmed to exactly, over resets.</summary>
    public long Epoch(int sessionId) => Find(sessionId)?.Epoch ?? 1;

    /// <summary>Starts a new epoch at number 1. Messages of the former are kept aside until two flushes have passed.</summary>
    public void Reset(int sessionId) => (Find(sessionId) ?? Create(sessionId)).Reset();

    /// <summary>Whether all messages below a number were recorded, so that a snapshot that ends there can be used.</summary>
    public bool Reaches(int sessionId, long epoch, long nextSeqNum) => Find(sessionId)?.Reaches(epoch, nextSeqNum) ?? nextSeqNum == 1;

    /// <summary>
    /// After loading a snapshot: drops all that came after it, resets included. False, and nothing changed, when the history does not
    /// reach so far.
    /// </summary>
    public bool TrimToNext(int sessionId, long epoch, long nextSeqNum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nextSeqNum, 1);
        lock (_flushGate)
        {
            return (Find(sessionId) ?? Create(sessionId)).TrimToNext(epoch, nextSeqNum);
        }
    }

    /// <summary>The same in the current epoch, for a caller that does not keep epochs.</summary>
    public bool TrimToNext(int sessionId, long nextSeqNum) => TrimToNext(sessionId, Epoch(sessionId), nextSeqNum);

    /// <summary>Gives up what a session has and goes on from a number: older messages can only be gap-filled.</summary>
    public void StartAt(int sessionId, long epoch, long nextSeqNum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nextSeqNum, 1);
        lock (_flushGate)
        {
            (Find(sessionId) ?? Create(sessionId)).StartAt(epoch, nextSeqNum);
        }
    }

    /// <summary>
    /// Makes everything appended before the call durable; a snapshot may be declared valid after it. May run beside the owner on
    /// another thread, but not during replay, when an append may drop what is being flushed. Messages of epochs that ended before the previous flush are deleted.
    /// </summary>
    /// <exception cref="IOException">The device failed, which is final: no later flush can make up for it.</exception>
    public void Flush()
    {
        lock (_flushGate)
        {
            if (_failure is not null)
            {
                throw new LogFailedException(_failure.Message, _failure);
            }

            HistorySession[] sessions;
            lock (_sessionsGate)
            {
                sessions = [.. _all];
            }

            try
            {
                FlushSessions(sessions);
            }
            catch (IOException exception)
            {
                _failure = exception;
                throw new LogFailedException($"message history {_options.Directory}: {exception.Message}; stop, check the device, and start again", exception);
            }
        }
    }

    /// <summary>Flushes and closes.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        try
        {
            Flush();
        }
        catch (IOException)
        {
            // What is not on the device is made again from the log.
        }

        Abandon();
    }

    /// <summary>Closes as a killed process would, without a flush.</summary>
    internal void Abandon()
    {
        _disposed = true;
        _worker.Dispose();
        _all.ForEach(session => session.Close());
        _lock.Dispose();
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowRecordLength(int length) =>
        throw new ArgumentOutOfRangeException(nameof(length), length, $"a message has at most {RecordBytesMax} bytes");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private HistorySession? Find(int sessionId)
    {
        HistorySession?[] dense = _dense;
        return (uint)sessionId < (uint)dense.Length ? dense[sessionId] : FindSparse(sessionId);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private HistorySession? FindSparse(int sessionId) => _sparse.GetValueOrDefault(sessionId);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private HistorySession Create(int sessionId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sessionId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sessionId, SessionIdMax);
        HistorySession session = new(sessionId, _options, _worker);
        if (sessionId < DenseSessions)
        {
            if (sessionId >= _dense.Length)
            {
                Array.Resize(ref _dense, Math.Max(sessionId + 1, _dense.Length * 2));
            }

            _dense[sessionId] = session;
        }
        else
        {
            _sparse.Add(sessionId, session);
        }

        lock (_sessionsGate)
        {
            _all.Add(session);
        }

        return session;
    }

    private void FlushSessions(HistorySession[] sessions)
    {
        List<HistorySegment> dirty = [];
        Dictionary<int, long> retired = [];
        foreach (HistorySession session in sessions)
        {
            dirty.Clear();
            retired[session.Id] = session.CollectDirty(dirty);
            foreach (HistorySegment segment in dirty)
            {
                segment.Flush();
                segment.Release();
            }
        }

        DurableFiles.FlushDirectory(_options.Directory);

        // The snapshot that this flush is for is not valid yet, so what the one before it may need is kept.
        foreach (HistorySession session in sessions)
        {
            session.DeleteRetired(_retiredAtLastFlush.GetValueOrDefault(session.Id));
            _retiredAtLastFlush[session.Id] = retired[session.Id];
        }
    }
}
