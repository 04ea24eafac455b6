// One FIX session of the load generator: buffers of fixed size, a non-blocking socket, and the bookkeeping that tells whether every
// request was answered exactly once.
//
// Unlike FixClientSession it keeps nothing for a resend and asks for none: a run starts at number 1 (141=Y), and on a healthy
// connection every number must follow the one before. Whatever breaks that is counted and fails the run.
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Exchange.Host.Client;
using Heard = Exchange.Host.Load.OrderLedger.Heard;

namespace Exchange.Host.Load;

/// <summary>One session of a load run; used by the sending thread only.</summary>
internal sealed class LoadSession : IDisposable
{
    private const int BufferBytes = 1 << 18;

    /// <summary>Kept free for admin messages while orders fill the buffer.</summary>
    private const int AdminBytes = 4096;

    private readonly int _index;
    private readonly LoadOptions _options;
    private readonly LoadTotals _totals;
    private readonly OrderWriter _writer;
    private readonly byte[] _idPrefix;
    private readonly FixMessageBuilder _admin = new();
    private readonly byte[] _out = new byte[BufferBytes];
    private readonly byte[] _in = new byte[BufferBytes];
    private int _outStart;
    private int _outEnd;
    private int _inBytes;
    private long _lastSentNs;
    private Socket? _socket;

    /// <summary>Prepares a session.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="options">The run.</param>
    /// <param name="runStamp">Part of each ClOrdID that differs from run to run.</param>
    /// <param name="totals">Where to count.</param>
    public LoadSession(int index, LoadOptions options, string runStamp, LoadTotals totals)
    {
        _index = index;
        _options = options;
        _totals = totals;
        CompId = $"{options.SessionPrefix}{index + 1}";
        string idPrefix = $"{runStamp}{index + 1:D2}";
        _idPrefix = System.Text.Encoding.ASCII.GetBytes(idPrefix);
        _writer = new OrderWriter(options, CompId, idPrefix);
    }

    /// <summary>SenderCompID (49).</summary>
    public string CompId { get; }

    /// <summary>The orders of this session.</summary>
    public OrderLedger Ledger { get; } = new();

    /// <summary>The exchange accepted the Logon.</summary>
    public bool IsLoggedOn { get; private set; }

    /// <summary>Why the session is over; null while it lives.</summary>
    public string? EndReason { get; private set; }

    /// <summary>We ended it on purpose.</summary>
    public bool IsLoggingOut { get; private set; }

    /// <summary>MsgSeqNum expected next.</summary>
    public long NextIn { get; private set; } = 1;

    /// <summary>MsgSeqNum of our next message.</summary>
    public long NextOut { get; private set; } = 1;

    /// <summary>Handle of the socket, to wait on; -1 without one.</summary>
    public int Handle => _socket is null ? -1 : (int)_socket.Handle;

    /// <summary>Bytes wait for the socket.</summary>
    public bool HasOutput => _outEnd > _outStart;

    /// <summary>Whether an order and a cancel fit into the buffers and the ledger.</summary>
    public bool HasRoom
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BufferBytes - _outEnd >= (2 * OrderWriter.BytesMax) + AdminBytes && Ledger.HasRoom;
    }

    /// <summary>Connects and sends the Logon with 141=Y.</summary>
    public void Connect(EndPoint address, long nowNs)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
            socket.NoDelay = true;
            socket.Blocking = false;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new HostException($"cannot connect {CompId} to {HostAddress.Format(address)}: {new SocketException((int)e.SocketErrorCode).Message}; start the exchange or give --connect HOST:PORT");
        }

        _socket = socket;
        SendAdmin("A", nowNs, b => b.Add(98, 0).Add(108, 30).Add(141, 'Y').Add(553, CompId).Add(554, CompId));
    }

    /// <summary>Writes the session's next order, and the cancel that the mix wants with it.</summary>
    public void SendOrder(long dueNs, ReadOnlySpan<byte> time)
    {
        long number = Ledger.Add(dueNs);
        OrderShape shape = ShapeOf(number);
        _outEnd += _writer.WriteNew(_out.AsSpan(_outEnd), NextOut++, number, shape, time);
        _totals.OrdersSent++;
        if (_options.Mix.CancelLag >= 0 && number >= _options.Mix.CancelLag)
        {
            SendCancel(number - _options.Mix.CancelLag, dueNs, time);
        }
    }

    /// <summary>Writes the cancel of an order, unless it is known to be done.</summary>
    /// <returns>Whether a cancel was written.</returns>
    public bool SendCancel(long number, long dueNs, ReadOnlySpan<byte> time)
    {
        ref OrderLedger.Slot slot = ref Ledger.Find(number);
        if (!Unsafe.IsNullRef(ref slot))
        {
            if ((slot.State & (Heard.Done | Heard.CancelSent)) != 0)
            {
                return false;
            }

            slot.State |= Heard.CancelSent;
            slot.CancelDueNs = dueNs;
        }

        _outEnd += _writer.WriteCancel(_out.AsSpan(_outEnd), NextOut++, number, ShapeOf(number), time);
        _totals.CancelsSent++;
        return true;
    }

    /// <summary>Gives the socket what it takes.</summary>
    /// <returns>Whether anything was written.</returns>
    public bool Flush(long nowNs)
    {
        if (_outEnd == _outStart || _socket is null)
        {
            return false;
        }

        int sent = _socket.Send(_out.AsSpan(_outStart, _outEnd - _outStart), SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            End($"write failed: {error}");
            return true;
        }

        if (error == SocketError.Success)
        {
            _outStart += sent;
            _lastSentNs = nowNs;
        }

        if (_outStart == _outEnd)
        {
            _outStart = 0;
            _outEnd = 0;
        }
        else if (_outStart > BufferBytes / 2)
        {
            _out.AsSpan(_outStart, _outEnd - _outStart).CopyTo(_out);
            _outEnd -= _outStart;
            _outStart = 0;
        }

        return error == SocketError.Success;
    }

    /// <summary>Takes what has arrived.</summary>
    /// <returns>Whether anything arrived.</returns>
    public bool Receive(ClientClock clock)
    {
        if (_socket is null)
        {
            return false;
        }

        int read = _socket.Receive(_in.AsSpan(_inBytes), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (error != SocketError.Success || read == 0)
        {
            End(error == SocketError.Success ? "the exchange closed the connection" : $"read failed: {error}");
            return true;
        }

        long nowNs = clock.NowNs;
        _inBytes += read;
        int at = 0;
        while (FixFrames.Find(_in.AsSpan(at, _inBytes - at), out int length) is var result && result != FrameResult.NeedMore)
        {
            if (result == FrameResult.Garbled)
            {
                _totals.SequenceErrors++;
            }
            else
            {
                OnFrame(_in.AsSpan(at, length), nowNs);
            }

            at += length;
        }

        _inBytes -= at;
        _in.AsSpan(at, _inBytes).CopyTo(_in);
        return true;
    }

    /// <summary>Heartbeats, when nothing else was sent for a while. What still waits for the socket is as good as one.</summary>
    public void KeepAlive(long nowNs)
    {
        if (IsLoggedOn && EndReason is null && !HasOutput && nowNs - _lastSentNs > 10 * FixTime.NsPerSec)
        {
            SendAdmin("0", nowNs, static b => b);
        }
    }

    /// <summary>Sends the Logout.</summary>
    public void LogOut(long nowNs)
    {
        if (EndReason is null)
        {
            IsLoggingOut = true;
            SendAdmin("5", nowNs, static b => b);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private OrderShape ShapeOf(long number) => _options.Mix.Shape(_index, number, _options.Sessions, _options.Symbols.Count);

    private void SendAdmin(string type, long nowNs, Func<FixMessageBuilder, FixMessageBuilder> fields)
    {
        _admin.Open().Add(35, type).Add(34, NextOut++).Add(49, CompId).Add(56, _options.TargetCompId).AddTime(52, nowNs, 3);
        ReadOnlySpan<byte> frame = fields(_admin).Close("FIX.4.4");
        if (frame.Length > BufferBytes - _outEnd)
        {
            End("the exchange takes no bytes any more");
            return;
        }

        frame.CopyTo(_out.AsSpan(_outEnd));
        _outEnd += frame.Length;
        Flush(nowNs);
    }

    private void OnFrame(ReadOnlySpan<byte> frame, long nowNs)
    {
        _totals.MessagesReceived++;
        ReportScan scan = ReportScan.Read(frame);
        if (scan.SeqNum != NextIn && !OnUnexpectedNumber(scan))
        {
            return;
        }

        NextIn = scan.SeqNum + 1;
        switch (scan.MsgType)
        {
            case (byte)'8':
                OnReport(scan, frame, nowNs);
                break;
            case (byte)'9':
                OnCancelReject(scan, nowNs);
                break;
            case (byte)'0':
                break;
            default:
                OnRare(scan.MsgType, new FixMessageView(frame), nowNs);
                break;
        }
    }

    private bool OnUnexpectedNumber(ReportScan scan)
    {
        if (scan.SeqNum < NextIn && scan.IsPossDup)
        {
            return false;
        }

        _totals.SequenceErrors++;
        if (scan.SeqNum < NextIn)
        {
            _totals.Duplicates++;
            return false;
        }

        return true;
    }

    private void OnReport(ReportScan scan, ReadOnlySpan<byte> frame, long nowNs)
    {
        if (!TryIdentify(scan.ClOrdId, out bool isCancel, out long number) || scan.ExecType is (byte)'D' or (byte)'I')
        {
            _totals.Foreign++;
            return;
        }

        ref OrderLedger.Slot slot = ref Ledger.Find(number);
        if (Unsafe.IsNullRef(ref slot))
        {
            // Only the sweep at the end cancels orders that are older than the ledger remembers.
            _totals.CancelsAnswered += isCancel ? 1 : 0;
            _totals.Cancelled += isCancel ? 1 : 0;
            _totals.Duplicates += isCancel ? 0 : 1;
            return;
        }

        if (isCancel)
        {
            OnCancelAnswer(ref slot, nowNs);
            OnDone(ref slot);
            _totals.Cancelled++;
            return;
        }

        bool isFirst = (slot.State & Heard.Answered) == 0;
        if (isFirst)
        {
            OnFirstAnswer(ref slot, nowNs);
        }

        switch (scan.ExecType)
        {
            case (byte)'0':
                _totals.Duplicates += isFirst ? 0 : 1;
                break;
            case (byte)'F':
                OnTrade(ref slot, scan);
                break;
            case (byte)'8':
                _totals.Rejected++;
                NoteReject(frame);
                OnDone(ref slot);
                break;
            case (byte)'4' or (byte)'C':
                _totals.Cancelled++;
                OnDone(ref slot);
                break;
        }
    }

    private void OnFirstAnswer(ref OrderLedger.Slot slot, long nowNs)
    {
        slot.State |= Heard.Answered;
        _totals.OrdersAnswered++;
        _totals.Interval.Record(nowNs - slot.DueNs);
        if (slot.DueNs >= _totals.MeasureFromNs)
        {
            _totals.MeasuredAnswered++;
            _totals.OrderLatency.Record(nowNs - slot.DueNs);
        }
    }

    private void OnTrade(ref OrderLedger.Slot slot, ReportScan scan)
    {
        _totals.Trades++;
        if (scan.CumQty != slot.CumQty + scan.LastQty || scan.LastQty <= 0)
        {
            _totals.Duplicates++;
        }

        slot.CumQty = (int)scan.CumQty;
        if (scan.OrdStatus == '2')
        {
            _totals.Filled++;
            OnDone(ref slot);
        }
    }

    private void OnDone(ref OrderLedger.Slot slot)
    {
        if ((slot.State & Heard.Done) != 0)
        {
            _totals.Duplicates++;
        }

        slot.State |= Heard.Done;
    }

    private void OnCancelReject(ReportScan scan, long nowNs)
    {
        if (!TryIdentify(scan.ClOrdId, out bool isCancel, out long number) || !isCancel)
        {
            _totals.Foreign++;
            return;
        }

        _totals.CancelsRefused++;
        ref OrderLedger.Slot slot = ref Ledger.Find(number);
        if (Unsafe.IsNullRef(ref slot))
        {
            _totals.CancelsAnswered++;
        }
        else
        {
            OnCancelAnswer(ref slot, nowNs);
        }
    }

    private void OnCancelAnswer(ref OrderLedger.Slot slot, long nowNs)
    {
        if ((slot.State & Heard.CancelAnswered) != 0)
        {
            _totals.Duplicates++;
            return;
        }

        slot.State |= Heard.CancelAnswered;
        _totals.CancelsAnswered++;
        if (slot.CancelDueNs >= _totals.MeasureFromNs)
        {
            _totals.CancelLatency.Record(nowNs - slot.CancelDueNs);
        }
    }

    private bool TryIdentify(ReadOnlySpan<byte> id, out bool isCancel, out long number)
    {
        isCancel = false;
        number = 0;
        if (id.Length <= _idPrefix.Length + 1 || !id.StartsWith(_idPrefix))
        {
            return false;
        }

        isCancel = id[_idPrefix.Length] == 'C';
        number = ReportScan.Number(id[(_idPrefix.Length + 1)..]);
        return true;
    }

    private void OnRare(byte type, FixMessageView message, long nowNs)
    {
        switch (type)
        {
            case (byte)'A':
                IsLoggedOn = true;
                break;
            case (byte)'1':
                string id = message.Text(112);
                SendAdmin("0", nowNs, b => b.Add(112, id));
                break;
            case (byte)'2':
                // The exchange misses something that was sent: nothing is kept, so it is filled, and what it held counts as lost.
                _totals.SequenceErrors++;
                SendGapFill(message.TryGetInt64(7, out long begin) ? begin : 1, nowNs);
                break;
            case (byte)'4':
                _totals.SequenceErrors++;
                NextIn = message.TryGetInt64(36, out long next) ? next : NextIn;
                break;
            case (byte)'5':
                End(message.TryGet(58, out _) ? $"the exchange logged out: {message.Text(58)}" : "logged out");
                break;
            default:
                _totals.MessageRejects++;
                NoteReject(message.Frame);
                break;
        }
    }

    private void SendGapFill(long begin, long nowNs)
    {
        long next = NextOut;
        NextOut = begin;
        SendAdmin("4", nowNs, b => b.Add(43, 'Y').AddTime(122, nowNs, 3).Add(123, 'Y').Add(36, next));
        NextOut = next;
    }

    private void NoteReject(ReadOnlySpan<byte> frame)
    {
        if (_totals.FirstReject.Length == 0)
        {
            _totals.FirstReject = $"{CompId}: {new FixMessageView(frame).Text(58)}";
        }
    }

    private void End(string why)
    {
        EndReason ??= why;
        _socket?.Dispose();
        _socket = null;
    }
}
