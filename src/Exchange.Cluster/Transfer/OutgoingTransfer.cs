using System.Runtime.InteropServices;
using Exchange.Cluster.Peers;
using Exchange.Log.History;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster.Transfer;

/// <summary>One snapshot on its way to one member; see <see cref="TransferMessageType"/> for the conversation.</summary>
internal sealed class OutgoingTransfer : IDisposable
{
    private const int ChunkBytesMax = 64 << 10;
    private const long AnswerTimeoutNs = 2_000_000_000;
    private readonly IPeerTransport _transport;
    private readonly SnapshotFileSource _source;
    private readonly MessageHistory? _history;
    private readonly ulong _transferId;
    private readonly int _windowBytes;
    private State _state = State.Offering;
    private uint _attempt;
    private long _sent;
    private long _acknowledged;
    private long _heardNs;
    private bool _isOfferOut;
    private bool _isEndOut;
    private HistoryExport? _export;
    private ContentHash _historyHash;

    /// <param name="transport">Carries the messages.</param>
    /// <param name="memberId">To whom.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="source">The snapshot; owned by this object from now on.</param>
    /// <param name="history">The outbound history that goes along; null for none.</param>
    /// <param name="transferId">Different for each transfer of this sender.</param>
    public OutgoingTransfer(IPeerTransport transport, int memberId, TransferPurpose purpose, SnapshotFileSource source, MessageHistory? history, ulong transferId)
    {
        _transport = transport;
        MemberId = memberId;
        Purpose = purpose;
        _source = source;
        _history = history;
        _transferId = transferId;

        // What is only kept goes to a member whose acknowledgements others wait for, so it takes little of the connection.
        _windowBytes = purpose == TransferPurpose.Keep ? ChunkBytesMax : 4 * ChunkBytesMax;
    }

    private enum State
    {
        /// <summary>The receiver has to say whether and from where it takes the snapshot.</summary>
        Offering,

        /// <summary>The bytes of the file go out, as far as the window allows.</summary>
        SendingSnapshot,

        /// <summary>The history follows.</summary>
        SendingHistory,

        /// <summary>Everything is out; the receiver checks it.</summary>
        Finishing,
    }

    /// <summary>To whom.</summary>
    public int MemberId { get; }

    /// <summary>What for.</summary>
    public TransferPurpose Purpose { get; }

    /// <summary>Position of the snapshot.</summary>
    public long Position => _source.Info.Position;

    /// <summary>Bytes that the receiver has acknowledged.</summary>
    public long AcknowledgedBytes => _acknowledged;

    /// <summary>Bytes of the snapshot file; how much history follows is not known before.</summary>
    public long FileBytes => _source.FileBytes;

    private bool IsWaiting => _state switch
    {
        State.Offering => _isOfferOut,
        State.Finishing => _isEndOut || _sent > _acknowledged,
        _ => _sent > _acknowledged,
    };

    /// <summary>Sends at most one message; returns whether it did.</summary>
    /// <exception cref="IOException">The snapshot file cannot be read.</exception>
    public bool DoWork(long nowNs)
    {
        if (!_transport.IsConnected(MemberId))
        {
            OfferAgain();
            return false;
        }

        if (IsWaiting && nowNs - _heardNs > AnswerTimeoutNs)
        {
            OfferAgain();
        }

        return _state switch
        {
            State.Offering => !_isOfferOut && SendOffer(nowNs),
            State.SendingSnapshot => SendSnapshot(nowNs),
            State.SendingHistory => SendHistory(nowNs),
            _ => !_isEndOut && SendEnd(nowNs),
        };
    }

    /// <summary>Takes an acknowledgement; false when it cannot be one of this transfer.</summary>
    public bool OnAcknowledged(in TransferAnswer answer, long nowNs)
    {
        if (!IsOfThis(answer.Header))
        {
            return true;
        }

        long bytes = answer.Value;
        if (_state == State.Offering)
        {
            if (bytes < 0 || bytes > FileBytes)
            {
                return false;
            }

            _sent = bytes;
            _export = null;
            _historyHash = new ContentHash();
            _state = State.SendingSnapshot;
        }
        else if (bytes < _acknowledged || bytes > _sent)
        {
            return false;
        }

        _acknowledged = bytes;
        _heardNs = nowNs;
        return true;
    }

    /// <summary>Whether a message belongs to the present attempt of this transfer.</summary>
    public bool IsOfThis(in TransferHeader header) => header.TransferId == _transferId && header.Attempt == _attempt;

    /// <summary>The connection is gone: everything that was under way is lost.</summary>
    public void OfferAgain()
    {
        _state = State.Offering;
        _isOfferOut = false;
        _isEndOut = false;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private bool SendOffer(long nowNs)
    {
        if (!_transport.TryClaim(MemberId, TransferOffer.SizeBytes, out Span<byte> target))
        {
            return false;
        }

        _attempt++;
        SnapshotInfo info = _source.Info;
        TransferOffer offer = new()
        {
            Header = Header(TransferMessageType.Offer),
            LogId = info.LogId,
            Position = info.Position,
            Term = info.Term,
            TimestampNs = info.TimestampNs,
            FileBytes = FileBytes,
            StateHash = info.StateHash,
            Purpose = Purpose,
            HasHistory = (byte)(_history is null ? 0 : 1),
        };
        MemoryMarshal.Write(target, in offer);
        _transport.Commit(MemberId, TransferOffer.SizeBytes);
        _isOfferOut = true;
        _heardNs = nowNs;
        return true;
    }

    private bool SendSnapshot(long nowNs)
    {
        int length = (int)Math.Min(ChunkBytesMax, FileBytes - _sent);
        if (length == 0)
        {
            _export = _history is null ? null : new HistoryExport(_history);
            _state = _export is null ? State.Finishing : State.SendingHistory;
            return false;
        }

        if (!TryClaimChunk(length, out Span<byte> chunk))
        {
            return false;
        }

        try
        {
            _source.Read(_sent, chunk);
        }
        catch
        {
            _transport.Commit(MemberId, 0);
            throw;
        }

        CommitChunk(length, nowNs);
        return true;
    }

    private bool SendHistory(long nowNs)
    {
        if (_export!.IsFinished)
        {
            _state = State.Finishing;
            return false;
        }

        if (!TryClaimChunk(ChunkBytesMax, out Span<byte> chunk))
        {
            return false;
        }

        int length = _export.Fill(chunk);
        if (length == 0)
        {
            _transport.Commit(MemberId, 0);
            return true;
        }

        _historyHash.Add(chunk[..length]);
        CommitChunk(length, nowNs);
        return true;
    }

    private bool SendEnd(long nowNs)
    {
        if (!_transport.TryClaim(MemberId, TransferEnd.SizeBytes, out Span<byte> target))
        {
            return false;
        }

        TransferEnd end = new() { Header = Header(TransferMessageType.End), TotalBytes = _sent, HistoryHash = _historyHash.Finish() };
        MemoryMarshal.Write(target, in end);
        _transport.Commit(MemberId, TransferEnd.SizeBytes);
        _isEndOut = true;
        _heardNs = nowNs;
        return true;
    }

    private bool TryClaimChunk(int length, out Span<byte> chunk)
    {
        if (_sent - _acknowledged + length > _windowBytes || !_transport.TryClaim(MemberId, TransferChunk.SizeBytes + length, out chunk))
        {
            chunk = default;
            return false;
        }

        TransferChunk header = new() { Header = Header(TransferMessageType.Chunk), Offset = _sent };
        MemoryMarshal.Write(chunk, in header);
        chunk = chunk[TransferChunk.SizeBytes..];
        return true;
    }

    private void CommitChunk(int length, long nowNs)
    {
        _transport.Commit(MemberId, TransferChunk.SizeBytes + length);
        if (_sent == _acknowledged)
        {
            _heardNs = nowNs;
        }

        _sent += length;
    }

    private TransferHeader Header(TransferMessageType type) => new() { Type = type, Attempt = _attempt, TransferId = _transferId };
}
