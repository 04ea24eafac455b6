using System.Runtime.InteropServices;
using System.Text;
using Exchange.Cluster.Peers;
using Exchange.Log.History;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster.Transfer;

/// <summary>
/// Gives snapshots to members: to one that needs entries which this log has no more, together with the outbound history, so that it can
/// serve resends once it leads; and to a witness that keeps them for others.
/// <para>
/// Polled by the member's thread, which owns the history too. Each turn sends at most one chunk a member, and no more than a window is
/// under way, so neither the member nor the connection is ever busy with it for long. One transfer at a time goes to each member; it
/// outlives connections. What must hold: nothing is taken for received before the receiver says that it is durable.
/// </para>
/// </summary>
public sealed class SnapshotSender : IDisposable
{
    private const long RefusedPauseNs = 5_000_000_000;
    private const long InstallPauseNs = 2_000_000_000;
    private const long NothingPauseNs = 1_000_000_000;
    private readonly IPeerTransport _transport;
    private readonly SnapshotStore _store;
    private readonly MessageHistory? _history;
    private readonly Action<string> _log;
    private readonly List<OutgoingTransfer> _transfers = [];
    private readonly Dictionary<int, long> _held = [];
    private readonly Dictionary<int, (long UntilNs, string Reason)> _notBefore = [];
    private readonly Dictionary<int, long> _damagedFrom = [];
    private ulong _count;

    /// <summary>Creates the sender.</summary>
    /// <param name="transport">Carries the messages.</param>
    /// <param name="store">Snapshots to choose from.</param>
    /// <param name="history">Outbound history that goes along with what is to be installed; null on a witness.</param>
    /// <param name="log">Told one line per event worth telling.</param>
    public SnapshotSender(IPeerTransport transport, SnapshotStore store, MessageHistory? history, Action<string> log)
    {
        _transport = transport;
        _store = store;
        _history = history;
        _log = log;
    }

    /// <summary>Snapshots that arrived at their receivers.</summary>
    public long CompletedCount { get; private set; }

    /// <summary>Messages that made no sense.</summary>
    public long MalformedMessages { get; private set; }

    /// <summary>Whether a snapshot is on its way to the member.</summary>
    public bool IsSending(int memberId) => Find(memberId) is not null;

    /// <summary>How much of the file the member has acknowledged, and its length; what goes beyond is history. Both 0 when none is on its way.</summary>
    public (long AcknowledgedBytes, long FileBytes) Progress(int memberId) =>
        Find(memberId) is { } transfer ? (transfer.AcknowledgedBytes, transfer.FileBytes) : (0, 0);

    /// <summary>Position of the newest snapshot that the member is known to hold; -1 when nothing is known.</summary>
    public long HeldPosition(int memberId) => _held.GetValueOrDefault(memberId, -1);

    /// <summary>Begins to send the newest snapshot; true also when one is on its way already, or when the member is known to keep it.</summary>
    /// <param name="memberId">To whom.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="nowNs">The present.</param>
    /// <param name="refusal">Why it cannot be: there is no snapshot, or the member has just refused one or is about to install one.</param>
    public bool Begin(int memberId, TransferPurpose purpose, long nowNs, out string refusal)
    {
        refusal = string.Empty;
        OutgoingTransfer? present = Find(memberId);
        if (present is not null && (present.Purpose == purpose || purpose == TransferPurpose.Keep))
        {
            return true;
        }

        if (_notBefore.TryGetValue(memberId, out (long UntilNs, string Reason) pause) && nowNs < pause.UntilNs)
        {
            refusal = pause.Reason;
            return false;
        }

        if (!_store.TryOpenSource(_damagedFrom.GetValueOrDefault(memberId, long.MaxValue), out SnapshotFileSource? source))
        {
            _damagedFrom.Remove(memberId);
            refusal = "there is no snapshot to send";
            _notBefore[memberId] = (nowNs + NothingPauseNs, refusal);
            return false;
        }

        if (purpose == TransferPurpose.Keep && HeldPosition(memberId) >= source.Info.Position)
        {
            // One that is newer exists, perhaps, but cannot be read: nor could it a moment later.
            source.Dispose();
            _notBefore[memberId] = (nowNs + NothingPauseNs, $"member {memberId} keeps the newest snapshot that can be read");
            return true;
        }

        if (present is not null)
        {
            Remove(present);
        }

        MessageHistory? history = purpose == TransferPurpose.Install ? _history : null;
        ulong transferId = unchecked((ulong)nowNs * 0x9E3779B97F4A7C15) + ++_count;
        _transfers.Add(new OutgoingTransfer(_transport, memberId, purpose, source, history, transferId));
        _log($"sending the snapshot at {source.Info.Position}, {source.FileBytes} bytes, to member {memberId} to {(purpose == TransferPurpose.Install ? "start from" : "keep")}");
        return true;
    }

    /// <summary>Sends what may be sent; returns how many messages that were.</summary>
    public int DoWork(long nowNs)
    {
        int work = 0;
        for (int i = _transfers.Count - 1; i >= 0; i--)
        {
            OutgoingTransfer transfer = _transfers[i];
            try
            {
                work += transfer.DoWork(nowNs) ? 1 : 0;
            }
            catch (IOException e)
            {
                Refused(transfer, nowNs, $"the snapshot cannot be read: {e.Message}");
                _damagedFrom[transfer.MemberId] = transfer.Position;
            }
        }

        return work;
    }

    /// <summary>Takes a message; false when it is none that a receiver sends.</summary>
    public bool OnMessage(int from, ReadOnlySpan<byte> message, long nowNs)
    {
        if (message.Length < sizeof(ushort))
        {
            return false;
        }

        TransferMessageType type = (TransferMessageType)MemoryMarshal.Read<ushort>(message);
        if (type is not (TransferMessageType.Acknowledgement or TransferMessageType.Completed or TransferMessageType.Refusal))
        {
            return false;
        }

        if (message.Length < TransferAnswer.SizeBytes)
        {
            MalformedMessages++;
            return true;
        }

        TransferAnswer answer = MemoryMarshal.Read<TransferAnswer>(message);
        OutgoingTransfer? transfer = Find(from);
        if (transfer is null || !transfer.IsOfThis(answer.Header))
        {
            return true;
        }

        switch (type)
        {
            case TransferMessageType.Acknowledgement:
                MalformedMessages += transfer.OnAcknowledged(answer, nowNs) ? 0 : 1;
                break;
            case TransferMessageType.Completed:
                Completed(transfer, answer.Value, nowNs);
                break;
            default:
                OnRefused(transfer, answer, message[TransferAnswer.SizeBytes..], nowNs);
                break;
        }

        return true;
    }

    /// <summary>The connection to a member is gone. A transfer goes on when there is another; what the member held it must then say again, for it may come back empty.</summary>
    public void OnDisconnected(int memberId)
    {
        _held.Remove(memberId);
        Find(memberId)?.OfferAgain();
    }

    /// <summary>Gives everything up: this member leads no more.</summary>
    public void CancelAll()
    {
        _transfers.ForEach(static transfer => transfer.Dispose());
        _transfers.Clear();
        _held.Clear();
        _notBefore.Clear();
        _damagedFrom.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => CancelAll();

    private void Completed(OutgoingTransfer transfer, long position, long nowNs)
    {
        // A receiver that had a newer one already says so.
        if (position < transfer.Position)
        {
            MalformedMessages++;
            return;
        }

        _held[transfer.MemberId] = position;
        _damagedFrom.Remove(transfer.MemberId);
        CompletedCount++;
        if (transfer.Purpose == TransferPurpose.Install)
        {
            // Until the member has opened what it got, it still looks as if it needed it.
            _notBefore[transfer.MemberId] = (nowNs + InstallPauseNs, $"member {transfer.MemberId} is installing the snapshot at {position}");
        }

        _log($"member {transfer.MemberId} has the snapshot at {position}");
        Remove(transfer);
    }

    private void OnRefused(OutgoingTransfer transfer, in TransferAnswer answer, ReadOnlySpan<byte> text, long nowNs)
    {
        TransferRefusal reason = (TransferRefusal)(byte)answer.Value;
        if (reason == TransferRefusal.Damaged)
        {
            _damagedFrom[transfer.MemberId] = transfer.Position;
        }

        // The text comes from another process: one line, and nothing that a terminal would act upon.
        string words = Encoding.UTF8.GetString(text[..Math.Min(text.Length, SnapshotReceiver.RefusalTextBytesMax)]);
        words = string.Concat(words.Select(static c => char.IsControl(c) ? ' ' : c));
        Refused(transfer, nowNs, $"member {transfer.MemberId} refuses the snapshot at {transfer.Position}: {words}");
    }

    private void Refused(OutgoingTransfer transfer, long nowNs, string reason)
    {
        _notBefore[transfer.MemberId] = (nowNs + RefusedPauseNs, reason);
        _log(reason);
        Remove(transfer);
    }

    private void Remove(OutgoingTransfer transfer)
    {
        _transfers.Remove(transfer);
        transfer.Dispose();
    }

    private OutgoingTransfer? Find(int memberId)
    {
        foreach (OutgoingTransfer transfer in _transfers)
        {
            if (transfer.MemberId == memberId)
            {
                return transfer;
            }
        }

        return null;
    }
}
