using System.Diagnostics.CodeAnalysis;
using Exchange.Ipc.Concurrent;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Log.Platform;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster.Transfer;

// One snapshot that is arriving: the file, and behind it the outbound history, which goes straight into files of its own. Everything is
// written below one directory, whose marker comes last; until then a crash leaves nothing that counts.

/// <summary>What has arrived of one snapshot. Disposed before it is complete, it leaves nothing that counts.</summary>
internal sealed class IncomingTransfer : IDisposable
{
    private readonly SnapshotReceiverOptions _options;
    private readonly string _directory;
    private readonly SnapshotFileCopy _file;
    private readonly TransferOffer _offer;
    [SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "Abandoned instead: what is given up need not be flushed.")]
    private MessageHistory? _history;
    private HistoryImport? _import;
    private ContentHash _contentHash = new();
    private ContentHash _historyHash = new();
    private long _historyBytes;

    /// <summary>Prepares to receive.</summary>
    /// <exception cref="DiskFullException">There is no room for the file.</exception>
    public IncomingTransfer(SnapshotReceiverOptions options, int from, in TransferOffer offer)
    {
        _options = options;
        _offer = offer;
        From = from;
        Attempt = offer.Header.Attempt;
        _directory = MemberDirectories.Incoming(options.MemberDirectory);
        Wipe(_directory);
        PrivateDirectory.Create(_directory);
        long room = new DriveInfo(_directory).AvailableFreeSpace;
        if (room - offer.FileBytes < options.RoomLeftBytes)
        {
            throw new DiskFullException($"{room} bytes are free in {_directory}, but {offer.FileBytes} are needed and {options.RoomLeftBytes} must be left");
        }

        _file = SnapshotFileCopy.Create(_directory, offer.Position, offer.FileBytes);
    }

    /// <summary>Who sends.</summary>
    public int From { get; }

    /// <summary>Number of the offer that is in force.</summary>
    public uint Attempt { get; private set; }

    /// <summary>What it is for.</summary>
    public TransferPurpose Purpose => _offer.Purpose;

    /// <summary>Position of the snapshot.</summary>
    public long Position => _offer.Position;

    /// <summary>Bytes that have arrived, of file and history together.</summary>
    public long Received => _file.Length + _historyBytes;

    /// <summary>Whether a message is of this transfer and of its present attempt.</summary>
    public bool IsOfThis(int from, in TransferHeader header) => IsSame(from, header) && header.Attempt == Attempt;

    /// <summary>Whether a message is of this transfer, whatever the attempt.</summary>
    public bool IsSame(int from, in TransferHeader header) => from == From && header.TransferId == _offer.Header.TransferId;

    /// <summary>Goes on after an interruption: with the file where it stopped, with the history from its beginning.</summary>
    public void Resume(uint attempt)
    {
        Attempt = attempt;
        DropHistory();
    }

    /// <summary>Takes the bytes at <see cref="Received"/>; false when they cannot be what was offered.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (_file.Length < _file.FileBytes)
        {
            if (bytes.Length > _file.FileBytes - _file.Length)
            {
                return false;
            }

            AddContent(bytes);
            _file.Append(bytes);
            return true;
        }

        if (_offer.HasHistory == 0)
        {
            return false;
        }

        OpenHistory();
        _historyBytes += bytes.Length;
        _historyHash.Add(bytes);
        return _import!.TryAppend(bytes);
    }

    /// <summary>Whether the sender's count and hash agree with what arrived.</summary>
    public bool Ends(in TransferEnd end) =>
        _file.Length == _file.FileBytes
        && end.TotalBytes == Received
        && end.HistoryHash == _historyHash.Finish()
        && (_import is null || _import.IsWhole);

    /// <summary>Checks the file, makes everything durable, and puts it where it belongs.</summary>
    /// <exception cref="LogDamagedException">The file does not check, or is not what was offered.</exception>
    /// <exception cref="IOException">The device failed or is full.</exception>
    public void Complete()
    {
        if (_offer.HasHistory != 0)
        {
            OpenHistory();
            _history!.Flush();
            _history.Dispose();
            _history = null;
        }

        SnapshotInfo info = _file.Complete();
        if (info.LogId != _offer.LogId || info.Term != _offer.Term || info.TimestampNs != _offer.TimestampNs || info.StateHash != _offer.StateHash)
        {
            throw new LogDamagedException($"the snapshot at {Position} says other things of itself than its offer did");
        }

        if (info.StateHash != _contentHash.Finish())
        {
            throw new LogDamagedException($"the content of the snapshot at {Position} hashes to {_contentHash.Finish():x16} instead of {info.StateHash:x16}");
        }

        if (Purpose == TransferPurpose.Install)
        {
            new IncomingMarker(info.LogId, info.Position, _offer.HasHistory != 0).Write(_directory);
            DurableFiles.FlushDirectory(_options.MemberDirectory);
            return;
        }

        string snapshots = MemberDirectories.Snapshots(_options.MemberDirectory);
        SnapshotStore store = new(snapshots, _options.LogId, _options.Log);
        File.Move(info.Path, SnapshotFileCopy.PathOf(snapshots, Position), overwrite: true);
        DurableFiles.FlushDirectory(snapshots);
        store.Keep(_options.SnapshotsKept);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _history?.Abandon();
        _history = null;
        _file.Dispose();
    }

    /// <summary>Removes what an unfinished transfer left; the marker first, so that the rest never counts without it.</summary>
    public static void Wipe(string incoming)
    {
        if (Directory.Exists(incoming))
        {
            File.Delete(IncomingMarker.PathIn(incoming));
            Directory.Delete(incoming, recursive: true);
        }
    }

    private void AddContent(ReadOnlySpan<byte> bytes)
    {
        long start = Math.Clamp(SnapshotDescriptor.HeaderBytes - _file.Length, 0, bytes.Length);
        long end = Math.Clamp(_file.FileBytes - SnapshotDescriptor.TrailerBytes - _file.Length, start, bytes.Length);
        _contentHash.Add(bytes[(int)start..(int)end]);
    }

    private void OpenHistory()
    {
        if (_history is null)
        {
            _history = MessageHistory.Open(new HistoryOptions
            {
                Directory = MemberDirectories.History(_directory),
                LogId = _options.LogId,
                MessagesPerSession = _options.HistoryMessagesPerSession,
            });
            _import = new HistoryImport(_history);
        }
    }

    private void DropHistory()
    {
        if (_history is not null)
        {
            _history.Abandon();
            _history = null;
            _import = null;
            Directory.Delete(MemberDirectories.History(_directory), recursive: true);
        }

        _historyBytes = 0;
        _historyHash = new ContentHash();
    }
}
