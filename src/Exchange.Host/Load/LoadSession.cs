// One FIX session of the load generator: buffers of fixed size and the bookkeeping that tells whether every request was answered
// exactly once. What concerns the connection, its loss and the next one is in LoadSession.Link.cs.
//
// A run starts at number 1 (141=Y), and on a healthy connection every number must follow the one before; whatever breaks that is
// counted and fails the run. Only behind a Logon that continues an earlier connection may numbers be missing: they are asked for.
using System.Runtime.CompilerServices;
using Exchange.Host.Client;
using Heard = Exchange.Host.Load.OrderLedger.Heard;

namespace Exchange.Host.Load;

/// <summary>One session of a load run; used by the sending thread only.</summary>
internal sealed partial class LoadSession : IDisposable
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
    private long _lastAckNs;
    private long _unanswered;

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
        _rotation = new AddressRotation(options.Addresses.Count);
        _sent = options.Reconnects ? new SentRing() : null;
    }

    /// <summary>SenderCompID (49).</summary>
    public string CompId { get; }

    /// <summary>The orders of this session.</summary>
    public OrderLedger Ledger { get; } = new();

    /// <summary>MsgSeqNum expected next.</summary>
    public long NextIn { get; private set; } = 1;

    /// <summary>MsgSeqNum of our next message.</summary>
    public long NextOut { get; private set; } = 1;

    /// <summary>Whether an order and a cancel fit into the buffers and the ledger, and there is an exchange to take them.</summary>
    public bool HasRoom
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsLoggedOn && !IsResending && BufferBytes - _outEnd >= (2 * OrderWriter.BytesMax) + AdminBytes
            && _unanswered < SentRing.Capacity / 2 && Ledger.HasRoom;
    }

    /// <summary>Writes the session's next order, and the cancel that the mix wants with it.</summary>
    public void SendOrder(long dueNs, ReadOnlySpan<byte> time)
    {
        long number = Ledger.Add(dueNs);
        OrderShape shape = ShapeOf(number);
        Note(SentRing.Kind.New, number);
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

        Note(SentRing.Kind.Cancel, number);
        _outEnd += _writer.WriteCancel(_out.AsSpan(_outEnd), NextOut++, number, ShapeOf(number), time);
        _totals.CancelsSent++;
        return true;
    }

    private OrderShape ShapeOf(long number) => _options.Mix.Shape(_index, number, _options.Sessions, _options.Symbols.Count);

    private void Note(SentRing.Kind kind, long number)
    {
        _sent?.Note(NextOut, kind, number, _nowNs);
        if (_unanswered++ == 0)
        {
            _silentNs = 0;
        }
    }

    private void OnReport(ReportScan scan, ReadOnlySpan<byte> frame, long nowNs)
    {
        if (!TryIdentify(scan.ClOrdId, out bool isCancel, out long number) || scan.ExecType is (byte)'D' or (byte)'I')
        {
            if (_awaitsRestatement && scan.ExecType == 'D' && !isCancel)
            {
                OnRestated(number, nowNs);
                return;
            }

            _totals.Foreign++;
            return;
        }

        ref OrderLedger.Slot slot = ref Ledger.Find(number);
        if (Unsafe.IsNullRef(ref slot))
        {
            // Only the sweep at the end cancels orders that are older than the ledger remembers.
            _unanswered -= isCancel ? 1 : 0;
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
            OnFirstAnswer(ref slot, nowNs, scan.IsPossDup);
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

    private void OnFirstAnswer(ref OrderLedger.Slot slot, long nowNs, bool isRepeated)
    {
        slot.State |= Heard.Answered;
        _unanswered--;
        _totals.OrdersAnswered++;
        if (!isRepeated)
        {
            EndOutage(nowNs);
            _lastAckNs = nowNs;
        }

        _totals.Interval.Record(nowNs - slot.DueNs);
        if (slot.DueNs >= _totals.MeasureFromNs)
        {
            _totals.MeasuredAnswered++;
            _totals.OrderLatency.Record(nowNs - slot.DueNs);
            if (_resumedNs == 0)
            {
                _totals.BeforeOutage.Record(nowNs - slot.DueNs);
            }
            else if (slot.DueNs - _resumedNs is >= 0 and < FixTime.NsPerSec)
            {
                _totals.AfterOutage.Record(nowNs - slot.DueNs);
            }
        }
    }

    private void OnTrade(ref OrderLedger.Slot slot, ReportScan scan)
    {
        if (_awaitsRestatement && scan.CumQty <= slot.CumQty)
        {
            // After a reset the exchange tells every fill that we may not have seen; we have seen this one.
            return;
        }

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
            _unanswered--;
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
        _unanswered--;
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

    private void NoteReject(ReadOnlySpan<byte> frame)
    {
        if (_totals.FirstReject.Length == 0)
        {
            _totals.FirstReject = $"{CompId}: {new FixMessageView(frame).Text(58)}";
        }
    }
}
