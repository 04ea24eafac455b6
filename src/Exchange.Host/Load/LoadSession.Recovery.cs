// What a load session repeats, and has repeated, after a connection was lost.
//
// Nothing is resubmitted blindly. A number that was used stays used; the exchange asks for what it never sequenced (ResendRequest)
// and gets exactly that again, with 43=Y; what we missed we ask for. With a reset (141=Y) both numbers begin anew instead, and
// restatements tell what became of the orders that were on their way.
using System.Runtime.CompilerServices;
using Exchange.Host.Client;
using Heard = Exchange.Host.Load.OrderLedger.Heard;

namespace Exchange.Host.Load;

/// <content>Gaps, resends and restatements.</content>
internal sealed partial class LoadSession
{
    private const int ResendBytesMax = BufferBytes / 2;
    private const int KeptMax = 1 << 16;
    private const string RestatedTestId = "restated";
    private readonly SentRing? _sent;
    private readonly FixGap _gap = new(KeptMax, 5 * FixTime.NsPerSec);
    private readonly byte[] _sentTime = new byte[FixTime.BytesMax];
    private long _resendNext;
    private long _resendLast;
    private bool _awaitsRestatement;

    private bool IsResending => _resendNext <= _resendLast && _resendLast > 0;

    private void OnUnexpectedNumber(in ReportScan scan, ReadOnlySpan<byte> frame, long nowNs)
    {
        if (scan.MsgType == 'A' && new FixMessageView(frame).IsYes(141))
        {
            // A reset begins a new count, whatever was expected.
            _gap.Clear();
            Process(scan, frame, nowNs);
            return;
        }

        if (scan.SeqNum < NextIn)
        {
            if (scan.MsgType == 'A')
            {
                EndReason ??= $"the exchange went back to number {scan.SeqNum}, expected was {NextIn}";
                Lose(EndReason, isSilent: false);
                return;
            }

            // A repeated message was processed before. Anything else with a low number is a mistake, and may be an answer given twice.
            _totals.SequenceErrors += scan.IsPossDup ? 0 : 1;
            _totals.Duplicates += scan.IsPossDup ? 0 : 1;
            return;
        }

        OnGap(scan, frame, nowNs);
    }

    /// <summary>Numbers before this one are missing.</summary>
    private void OnGap(in ReportScan scan, ReadOnlySpan<byte> frame, long nowNs)
    {
        if (scan.MsgType == 'A')
        {
            OnLoggedOn(nowNs);
        }
        else if (!_gap.IsOpen)
        {
            // Only a Logon may be ahead of what we expect.
            _totals.SequenceErrors++;
        }

        if (scan.MsgType == '2')
        {
            // The other side's request is answered even when something in front of it is missing.
            OnResendRequest(new FixMessageView(frame), nowNs);
        }
        else
        {
            _gap.Keep(scan.SeqNum, frame);
        }

        if (_gap.See(scan.SeqNum, NextIn))
        {
            AskForGap(nowNs);
        }
    }

    private void DrainGap(long nowNs)
    {
        while (_socket is not null && _gap.TryTake(NextIn, out byte[]? frame))
        {
            ReportScan scan = ReportScan.Read(frame);
            if (scan.MsgType == 'A')
            {
                NextIn++;
            }
            else
            {
                Process(scan, frame, nowNs);
            }
        }

        if (_gap.OnProgress(NextIn, nowNs))
        {
            AskForGap(nowNs);
        }
    }

    private void AskForGap(long nowNs)
    {
        long begin = NextIn;
        SendAdmin("2", nowNs, b => b.Add(7, begin).Add(16, 0));
        if (_gap.IsOpen)
        {
            _gap.Await(NextIn, _gap.Highest, nowNs);
        }
    }

    private void OnResendRequest(FixMessageView message, long nowNs)
    {
        long begin = message.TryGetInt64(7, out long from) && from > 0 ? from : 1;
        long end = message.TryGetInt64(16, out long to) && to > 0 ? Math.Min(to, NextOut - 1) : NextOut - 1;
        if (_sent is null)
        {
            // The exchange misses something that was sent: nothing is kept, so it is filled, and what it held counts as lost.
            _totals.SequenceErrors++;
            GapFill(begin, end + 1, nowNs);
            return;
        }

        end = IsResending ? Math.Max(end, _resendLast) : end;
        _resendNext = begin;
        _resendLast = end;
        PumpResend(nowNs);
    }

    /// <summary>Goes on with a resend while there is room for it.</summary>
    private void PumpResend(long nowNs)
    {
        while (IsResending && _outEnd + AdminBytes < ResendBytesMax)
        {
            SentRing.Entry entry = _sent!.Find(_resendNext);
            if (entry.Kind == SentRing.Kind.Admin)
            {
                long begin = _resendNext;
                while (IsResending && _sent.Find(_resendNext).Kind == SentRing.Kind.Admin)
                {
                    _resendNext++;
                }

                GapFill(begin, _resendNext, nowNs);
            }
            else
            {
                Repeat(entry, nowNs);
                _resendNext++;
            }
        }
    }

    private void Repeat(in SentRing.Entry entry, long nowNs)
    {
        int original = FixTime.Write(entry.SentNs, 3, _sentTime);
        Span<byte> now = stackalloc byte[FixTime.BytesMax];
        int length = FixTime.Write(nowNs, 3, now);
        _outEnd += _writer.WriteAgain(
            _out.AsSpan(_outEnd), entry.SeqNum, entry.Number, ShapeOf(entry.Number), now[..length], _sentTime.AsSpan(0, original), isCancel: entry.Kind == SentRing.Kind.Cancel);
        _totals.Resent++;
    }

    private void GapFill(long begin, long next, long nowNs)
    {
        long nextOut = NextOut;
        NextOut = begin;
        SendAdmin("4", nowNs, b => b.Add(43, 'Y').AddTime(122, nowNs, 3).Add(123, 'Y').Add(36, next));
        NextOut = nextOut;
    }

    private void OnHeartbeat(string testId, long nowNs)
    {
        if (testId != RestatedTestId)
        {
            return;
        }

        _awaitsRestatement = false;
        for (long number = Math.Max(0, Ledger.Next - OrderLedger.Capacity); number < Ledger.Next; number++)
        {
            ref OrderLedger.Slot slot = ref Ledger.Find(number);
            if (!Unsafe.IsNullRef(ref slot))
            {
                GiveUp(ref slot, nowNs);
            }
        }
    }

    /// <summary>After a reset the exchange has told everything it knows; a request that it did not mention never reached it.</summary>
    private void GiveUp(ref OrderLedger.Slot slot, long nowNs)
    {
        if ((slot.State & Heard.Answered) == 0)
        {
            slot.State |= Heard.Answered | Heard.Done;
            _unanswered--;
            _totals.NotReceived++;
        }

        if ((slot.State & (Heard.CancelSent | Heard.CancelAnswered)) == Heard.CancelSent)
        {
            OnCancelAnswer(ref slot, nowNs);
        }
    }

    private void OnRestated(long number, long nowNs)
    {
        ref OrderLedger.Slot slot = ref Ledger.Find(number);
        if (!Unsafe.IsNullRef(ref slot) && (slot.State & Heard.Answered) == 0)
        {
            OnFirstAnswer(ref slot, nowNs, isRepeated: true);
        }
    }
}
