using System.Runtime.InteropServices;
using System.Text;
using Exchange.Cluster.Peers;
using Exchange.Log;
using Exchange.Log.Segments;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster.Transfer;

/// <summary>
/// Takes a snapshot from another member: for an engine to start from, when it is too far behind or empty, or for a witness to keep.
/// <para>
/// Polled by the member's thread; what takes long, checking and flushing, is done aside. The bytes come from another process: nothing in
/// them can make this one fail, and nothing is written but below the directory for what is incoming. A full disk refuses the transfer and
/// leaves the member as it was. What must hold: <see cref="IsComplete"/> only when everything is checked and durable.
/// </para>
/// </summary>
public sealed class SnapshotReceiver : IDisposable
{
    internal const int RefusalTextBytesMax = 512;
    private readonly SnapshotReceiverOptions _options;
    private readonly IPeerTransport _transport;
    private readonly SnapshotStore? _kept;
    private IncomingTransfer? _transfer;
    private Task<string?>? _finishing;
    private TransferRefusal _finishRefusal;
    private TransferHeader _finishHeader;
    private PendingAnswer? _pending;
    private long _completePosition = -1;

    /// <summary>Creates the receiver; what an interrupted transfer left behind is removed.</summary>
    public SnapshotReceiver(SnapshotReceiverOptions options, IPeerTransport transport)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _transport = transport;
        string incoming = MemberDirectories.Incoming(options.MemberDirectory);
        if (IncomingMarker.Read(incoming) is { } marker && marker.LogId == options.LogId)
        {
            _completePosition = marker.Position;
        }
        else
        {
            IncomingTransfer.Wipe(incoming);
        }

        if (options.KeepsForOthers)
        {
            _kept = new SnapshotStore(MemberDirectories.Snapshots(options.MemberDirectory), options.LogId, options.Log);
            KeptPosition = _kept.Keep(options.SnapshotsKept) >= 0 ? Newest(_kept) : -1;
        }
    }

    /// <summary>Whether a snapshot to start from is here: the member is to be opened again, which installs it.</summary>
    public bool IsComplete => _completePosition >= 0;

    /// <summary>Position of that snapshot; -1 when there is none.</summary>
    public long CompletePosition => _completePosition;

    /// <summary>Position of the newest snapshot that is kept for others; -1 when there is none.</summary>
    public long KeptPosition { get; private set; } = -1;

    /// <summary>Whether a snapshot is arriving.</summary>
    public bool IsReceiving => _transfer is not null;

    /// <summary>A snapshot to start from is not wanted when it lies at or below this position, because the member has all that and more.</summary>
    public long PositionMin { get; set; } = -1;

    /// <summary>Messages that made no sense.</summary>
    public long MalformedMessages { get; private set; }

    /// <summary>Takes a message; false when it is none that a sender sends.</summary>
    public bool OnMessage(int from, ReadOnlySpan<byte> message)
    {
        if (message.Length < sizeof(ushort))
        {
            return false;
        }

        TransferMessageType type = (TransferMessageType)MemoryMarshal.Read<ushort>(message);
        int headBytes = type switch
        {
            TransferMessageType.Offer => TransferOffer.SizeBytes,
            TransferMessageType.Chunk => TransferChunk.SizeBytes,
            TransferMessageType.End => TransferEnd.SizeBytes,
            _ => 0,
        };
        if (headBytes == 0)
        {
            return false;
        }

        if (message.Length < headBytes || (type != TransferMessageType.Chunk && message.Length != headBytes))
        {
            MalformedMessages++;
            return true;
        }

        try
        {
            Take(type, from, message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            GiveUp(from, MemoryMarshal.Read<TransferHeader>(message), e is DiskFullException ? TransferRefusal.NoRoom : TransferRefusal.Failed, e.Message);
        }

        return true;
    }

    /// <summary>Answers what could not be answered at once, and looks whether checking and flushing are done; returns whether there was something to do.</summary>
    public bool DoWork()
    {
        if (_finishing is { IsCompleted: true } finished)
        {
            _finishing = null;
            Finished(finished.Result);
            return true;
        }

        if (_pending is not { } pending)
        {
            return false;
        }

        // Not to wait for a member that is gone: when it comes back it offers again.
        bool isSent = TrySend(pending);
        _pending = isSent || !_transport.IsConnected(pending.To) ? null : pending;
        return isSent;
    }

    /// <summary>Waits for what is being done aside; what was not complete then is given up.</summary>
    public void Dispose()
    {
        _finishing?.Wait();
        if (_finishing is not null)
        {
            DoWork();
        }

        _transfer?.Dispose();
        _transfer = null;
    }

    private static long Newest(SnapshotStore store) => store.Positions() is [long newest, ..] ? newest : -1;

    private void Take(TransferMessageType type, int from, ReadOnlySpan<byte> message)
    {
        switch (type)
        {
            case TransferMessageType.Offer:
                OnOffer(from, MemoryMarshal.Read<TransferOffer>(message));
                break;
            case TransferMessageType.Chunk:
                OnChunk(from, MemoryMarshal.Read<TransferChunk>(message), message[TransferChunk.SizeBytes..]);
                break;
            default:
                OnEnd(from, MemoryMarshal.Read<TransferEnd>(message));
                break;
        }
    }

    private void OnOffer(int from, in TransferOffer offer)
    {
        if (_finishing is not null)
        {
            if (_transfer!.IsSame(from, offer.Header))
            {
                // The answer comes when the check is done.
                _finishHeader = offer.Header;
            }
            else
            {
                Refuse(from, offer.Header, TransferRefusal.NotWanted, $"the snapshot at {_transfer.Position} is being checked");
            }

            return;
        }

        if (_transfer is not null && _transfer.IsSame(from, offer.Header))
        {
            _transfer.Resume(offer.Header.Attempt);
            Answer(from, offer.Header, TransferMessageType.Acknowledgement, _transfer.Received);
            return;
        }

        long held = offer.Purpose == TransferPurpose.Keep ? KeptPosition : _completePosition;
        if (offer.LogId == _options.LogId && held >= offer.Position)
        {
            Answer(from, offer.Header, TransferMessageType.Completed, held);
            return;
        }

        if (Judge(offer) is { } refusal)
        {
            Refuse(from, offer.Header, refusal.Reason, refusal.Text);
            return;
        }

        _transfer?.Dispose();
        _transfer = null;
        _transfer = new IncomingTransfer(_options, from, offer);
        _options.Log($"receiving the snapshot at {offer.Position}, {offer.FileBytes} bytes, from member {from}");
        Answer(from, offer.Header, TransferMessageType.Acknowledgement, 0);
    }

    private (TransferRefusal Reason, string Text)? Judge(in TransferOffer offer)
    {
        if (offer.LogId != _options.LogId)
        {
            return (TransferRefusal.WrongLog, $"it is of log {offer.LogId:D}, this member's is {_options.LogId:D}");
        }

        if (offer.Position < 0 || offer.Position % EntryDescriptor.AlignmentBytes != 0 || offer.FileBytes < SnapshotFileCopy.FileBytesMin || offer.HasHistory > 1)
        {
            return (TransferRefusal.Impossible, $"position {offer.Position} and length {offer.FileBytes} cannot be those of a snapshot");
        }

        if (offer.FileBytes > _options.FileBytesMax)
        {
            return (TransferRefusal.Impossible, $"it has {offer.FileBytes} bytes, this member takes {_options.FileBytesMax}");
        }

        return offer.Purpose switch
        {
            TransferPurpose.Keep when !_options.KeepsForOthers => (TransferRefusal.NotWanted, "this member makes its own snapshots"),
            TransferPurpose.Install when IsComplete => (TransferRefusal.NotWanted, $"the snapshot at {_completePosition} waits to be installed"),
            TransferPurpose.Install when offer.Position <= PositionMin => (TransferRefusal.NotWanted, $"this member has everything to {PositionMin}"),
            TransferPurpose.Keep or TransferPurpose.Install => null,
            _ => (TransferRefusal.NotWanted, $"purpose {(byte)offer.Purpose} is not known to this release"),
        };
    }

    private void OnChunk(int from, in TransferChunk chunk, ReadOnlySpan<byte> bytes)
    {
        if (_transfer is null || _finishing is not null || !_transfer.IsOfThis(from, chunk.Header))
        {
            return;
        }

        if (chunk.Offset != _transfer.Received || bytes.IsEmpty)
        {
            MalformedMessages++;
        }
        else if (!_transfer.TryAppend(bytes))
        {
            MalformedMessages++;
            GiveUp(from, chunk.Header, TransferRefusal.Damaged, "what arrived is not what was offered");
            return;
        }

        Answer(from, chunk.Header, TransferMessageType.Acknowledgement, _transfer.Received);
    }

    private void OnEnd(int from, in TransferEnd end)
    {
        if (_transfer is not { } transfer || _finishing is not null || !transfer.IsOfThis(from, end.Header))
        {
            return;
        }

        if (end.TotalBytes > transfer.Received)
        {
            // A chunk before it was lost without a word: the sender learns how far it got, and offers again.
            MalformedMessages++;
            Answer(from, end.Header, TransferMessageType.Acknowledgement, transfer.Received);
            return;
        }

        if (!transfer.Ends(end))
        {
            GiveUp(from, end.Header, TransferRefusal.Damaged, $"{transfer.Received} bytes arrived, but {end.TotalBytes} were sent, or with another hash");
            return;
        }

        _finishHeader = end.Header;
        _finishing = _options.FinishInline ? Task.FromResult(Finish(transfer)) : Task.Run(() => Finish(transfer));
    }

    // Null when all is well, otherwise why not. The one thing that may run aside; it owns the transfer meanwhile.
    private string? Finish(IncomingTransfer transfer)
    {
        try
        {
            transfer.Complete();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _finishRefusal = e switch
            {
                LogDamagedException => TransferRefusal.Damaged,
                DiskFullException => TransferRefusal.NoRoom,
                _ => TransferRefusal.Failed,
            };
            return e.Message;
        }
    }

    private void Finished(string? failure)
    {
        if (failure is not null)
        {
            GiveUp(_transfer!.From, _finishHeader, _finishRefusal, failure);
            return;
        }

        IncomingTransfer transfer = _transfer!;
        _transfer = null;
        if (transfer.Purpose == TransferPurpose.Install)
        {
            _completePosition = transfer.Position;
        }
        else
        {
            KeptPosition = transfer.Position;
        }

        _options.Log($"the snapshot at {transfer.Position} from member {transfer.From} is here and checked");
        transfer.Dispose();
        Answer(transfer.From, _finishHeader, TransferMessageType.Completed, transfer.Position);
    }

    private void GiveUp(int to, in TransferHeader header, TransferRefusal reason, string text)
    {
        IncomingTransfer? transfer = _transfer;
        _transfer = null;
        try
        {
            transfer?.Dispose();
            IncomingTransfer.Wipe(MemberDirectories.Incoming(_options.MemberDirectory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            text += $"; and what had arrived could not be removed: {e.Message}";
        }

        _options.Log($"the snapshot from member {to} was not taken: {text}");
        Refuse(to, header, reason, text);
    }

    private void Refuse(int to, in TransferHeader header, TransferRefusal reason, string text) =>
        Answer(to, header, TransferMessageType.Refusal, (long)reason, text);

    // One answer to a member is due at most: a newer one says everything that an older one would. What is crowded out is asked for again.
    private void Answer(int to, TransferHeader header, TransferMessageType type, long value, string text = "")
    {
        header.Type = type;
        PendingAnswer answer = new(to, header, value, text);
        bool isSent = TrySend(answer);
        if (_pending is null || _pending.Value.To == to || (!isSent && _transfer?.From == to))
        {
            _pending = isSent ? null : answer;
        }
    }

    private bool TrySend(in PendingAnswer pending)
    {
        byte[] text = pending.Text.Length > 0 ? Encoding.UTF8.GetBytes(pending.Text) : [];
        int length = TransferAnswer.SizeBytes + Math.Min(text.Length, RefusalTextBytesMax);
        if (!_transport.TryClaim(pending.To, length, out Span<byte> target))
        {
            return false;
        }

        TransferAnswer answer = new() { Header = pending.Header, Value = pending.Value };
        MemoryMarshal.Write(target, in answer);
        text.AsSpan(0, length - TransferAnswer.SizeBytes).CopyTo(target[TransferAnswer.SizeBytes..]);
        _transport.Commit(pending.To, length);
        return true;
    }

    private readonly record struct PendingAnswer(int To, TransferHeader Header, long Value, string Text);
}
