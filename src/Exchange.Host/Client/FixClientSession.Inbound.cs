// What a client's session does with each message that arrives: header first, then the sequence number, then the message itself.
using System.Text;

namespace Exchange.Host.Client;

/// <content>Inbound messages.</content>
internal sealed partial class FixClientSession
{
    private void OnMessage(FixMessageView message, long nowNs)
    {
        if (!CheckHeader(message, out long seqNum))
        {
            return;
        }

        ReadOnlySpan<byte> type = message.MsgType;
        if (type is [(byte)'A'])
        {
            OnLogon(message, seqNum, nowNs);
            return;
        }

        if (Status == FixClientStatus.LogonSent && !_resetInSession)
        {
            OnInsteadOfLogon(message, type);
            return;
        }

        if (type is [(byte)'4'] && !message.IsYes(123))
        {
            OnSequenceResetReset(message, seqNum, nowNs);
            return;
        }

        if (type is [(byte)'2'])
        {
            // Before the gap check: the other side's request is answered even when something in front of it is missing.
            OnResendRequest(message, seqNum, nowNs);
        }

        if (seqNum < _store.NextIn)
        {
            OnLow(message, seqNum, nowNs);
        }
        else if (seqNum > _store.NextIn)
        {
            OnHigh(message, type, seqNum, nowNs);
        }
        else
        {
            // During a reset inside the session, what the exchange sent before it saw our Logon still counts by the old numbers.
            Process(message, type, seqNum, nowNs);
            DrainQueue(nowNs);
        }
    }

    private bool CheckHeader(FixMessageView message, out long seqNum)
    {
        seqNum = 0;
        if (message.Text(8) != Options.BeginString || message.Text(49) != Options.TargetCompId || message.Text(56) != Options.SenderCompId)
        {
            Fail($"the exchange calls itself {message.Text(8)} {message.Text(49)} and us {message.Text(56)}; expected {Options.BeginString} {Options.TargetCompId} and {Options.SenderCompId}");
            return false;
        }

        if (!message.TryGetInt64(34, out seqNum) || seqNum <= 0)
        {
            Fail("a message without a valid MsgSeqNum (34) arrived");
            return false;
        }

        return true;
    }

    private void OnInsteadOfLogon(FixMessageView message, ReadOnlySpan<byte> type)
    {
        string text = message.Text(58);
        string what = type is [(byte)'5'] ? "Logout" : $"a message of type {Encoding.ASCII.GetString(type)}";
        Fail($"the exchange answered our Logon with {what}{(text.Length > 0 ? ": " + text : string.Empty)}");
    }

    private void OnLogon(FixMessageView message, long seqNum, long nowNs)
    {
        if (Status != FixClientStatus.LogonSent)
        {
            Fail("a Logon arrived in an established session");
            return;
        }

        bool reset = message.IsYes(141);
        if (reset != _resetRequested || (reset && seqNum != 1))
        {
            Fail(reset ? "the exchange reset the sequence numbers without being asked" : "the exchange did not confirm the reset (141=Y, 34=1)");
            return;
        }

        if (reset)
        {
            _gap.Clear();
            _store.NextIn = 1;
            _store.ResetPending = false;
            _handler.OnEvent(FixClientEvent.Reset, "both sequence numbers start at 1");
        }

        if (seqNum < _store.NextIn && !message.IsYes(43))
        {
            Fail($"MsgSeqNum too low: the exchange is at {seqNum}, we expect {_store.NextIn}; log on with --reset if the exchange began anew");
            return;
        }

        if (message.TryGetInt64(789, out long expected) && !OnNextExpected(expected, nowNs))
        {
            return;
        }

        _keepAlive.SetInterval(message.TryGetInt64(108, out long seconds) ? seconds : Options.HeartBtIntSec);
        Status = FixClientStatus.Established;
        _handler.OnEvent(FixClientEvent.LoggedOn, $"logged on as {Options.SenderCompId}, next in {Math.Max(seqNum + 1, _store.NextIn)}, next out {_store.NextOut}");
        if (seqNum == _store.NextIn)
        {
            _store.NextIn++;
            DrainQueue(nowNs);
        }
        else if (seqNum > _store.NextIn)
        {
            OpenGap(seqNum, nowNs);
        }

        _nextExpectedSent = false;
    }

    private bool OnNextExpected(long expected, long nowNs)
    {
        if (expected > _store.NextOut || expected < 1)
        {
            Fail($"the exchange expects our number {expected}, but our next is {_store.NextOut}: our store is older than the session; log on with --reset");
            return false;
        }

        if (expected < _store.NextOut)
        {
            _handler.OnEvent(FixClientEvent.Resending, $"the exchange expects {expected}: resending {expected} to {_store.NextOut - 1}");
            _outbound.Resend(expected, _store.NextOut - 1, nowNs);
        }

        return true;
    }

    private void OnSequenceResetReset(FixMessageView message, long seqNum, long nowNs)
    {
        // Reset mode ignores MsgSeqNum by definition: it is the way out when numbers are beyond repair.
        if (!message.TryGetInt64(36, out long newSeqNo) || newSeqNo < _store.NextIn)
        {
            Counters.Violations++;
            _handler.OnEvent(FixClientEvent.Violation, $"SequenceReset to {newSeqNo} would lower the expected number {_store.NextIn}");
            _admin.Reject(seqNum, 36, "4"u8, "SequenceReset would lower the sequence number", nowNs);
            return;
        }

        _store.NextIn = newSeqNo;
        _handler.OnEvent(FixClientEvent.Reset, $"the exchange continues at {newSeqNo}");
        DrainQueue(nowNs);
    }

    private void OnResendRequest(FixMessageView message, long seqNum, long nowNs)
    {
        bool valid = message.TryGetInt64(7, out long begin) & message.TryGetInt64(16, out long end);
        if (end == 0 || end >= _store.NextOut)
        {
            end = _store.NextOut - 1;
        }

        if (seqNum < _store.NextIn && message.IsYes(43))
        {
            return;
        }

        if (!valid || begin < 1 || begin > end)
        {
            Counters.Violations++;
            _handler.OnEvent(FixClientEvent.Violation, $"ResendRequest from {begin}, but our last number is {_store.NextOut - 1}");
            _admin.Reject(seqNum, 7, "2"u8, "no such range was sent", nowNs);
            return;
        }

        Counters.ResendRequestsAnswered++;
        _handler.OnEvent(FixClientEvent.Resending, $"resending {begin} to {end} on request");
        _outbound.Resend(begin, end, nowNs);
    }

    private void OnLow(FixMessageView message, long seqNum, long nowNs)
    {
        if (message.IsYes(43))
        {
            Counters.DuplicatesIgnored++;
            return;
        }

        string text = $"MsgSeqNum too low, expecting {_store.NextIn} but received {seqNum}";
        Counters.Violations++;
        _admin.Logout(text, nowNs);
        Fail(text);
    }

    private void OnHigh(FixMessageView message, ReadOnlySpan<byte> type, long seqNum, long nowNs)
    {
        if (type is [(byte)'5'])
        {
            // The exchange is leaving; the gap is asked for after the next Logon.
            _admin.Logout(string.Empty, nowNs);
            End(FixClientEvent.LoggedOut, $"the exchange logged out: {message.Text(58)}");
            return;
        }

        if (Status == FixClientStatus.LogonSent)
        {
            // A reset is under way; the old numbers, gap included, are about to end.
            return;
        }

        if (type is not [(byte)'2'])
        {
            _gap.Keep(seqNum, message.Frame);
        }

        OpenGap(seqNum, nowNs);
    }

    private void OpenGap(long seqNum, long nowNs)
    {
        if (!_gap.IsOpen)
        {
            Counters.Gaps++;
            _handler.OnEvent(FixClientEvent.Gap, $"expected {_store.NextIn}, received {seqNum}: asking for what is missing");
        }

        if (_nextExpectedSent && !_gap.IsOpen)
        {
            // Our Logon said with 789 what we expect; the exchange resends without being asked. Only a stall makes us ask.
            _gap.Await(_store.NextIn, seqNum, nowNs);
            return;
        }

        if (_gap.See(seqNum, _store.NextIn))
        {
            AskForGap(nowNs);
        }
    }

    private void AskForGap(long nowNs)
    {
        SendResendRequest(_store.NextIn, 0, nowNs);
        _gap.Await(_store.NextIn, _gap.Highest, nowNs);
    }

    private void DrainQueue(long nowNs)
    {
        while (Status is FixClientStatus.Established or FixClientStatus.LogoutSent or FixClientStatus.LogonSent
            && _gap.TryTake(_store.NextIn, out byte[]? frame))
        {
            FixMessageView message = new(frame);
            Process(message, message.MsgType, _store.NextIn, nowNs);
        }

        if (_gap.OnProgress(_store.NextIn, nowNs))
        {
            AskForGap(nowNs);
        }
    }

    /// <summary>A message with exactly the expected number.</summary>
    private void Process(FixMessageView message, ReadOnlySpan<byte> type, long seqNum, long nowNs)
    {
        if (message.IsYes(43))
        {
            CheckPossDup(message, seqNum);
        }

        long next = seqNum + 1;
        switch (type)
        {
            case [(byte)'0']:
                OnHeartbeat(message);
                break;
            case [(byte)'1']:
                _admin.Heartbeat(message.TryGet(112, out ReadOnlySpan<byte> id) ? id : default, nowNs);
                break;
            case [(byte)'2']:
                break;
            case [(byte)'4']:
                next = OnGapFill(message, seqNum, nowNs);
                break;
            case [(byte)'5']:
                _store.NextIn = next;
                OnLogout(message, nowNs);
                return;
            default:
                Counters.Delivered++;
                _handler.OnMessage(message, nowNs);
                break;
        }

        _store.NextIn = next;
    }

    private void CheckPossDup(FixMessageView message, long seqNum)
    {
        if (!message.TryGet(122, out ReadOnlySpan<byte> original) || !FixTime.TryRead(original, out long originalNs)
            || !message.TryGet(52, out ReadOnlySpan<byte> sent) || !FixTime.TryRead(sent, out long sentNs) || originalNs > sentNs)
        {
            Counters.Violations++;
            _handler.OnEvent(FixClientEvent.Violation, $"PossDup message {seqNum} without an OrigSendingTime (122) at or before its SendingTime (52)");
        }
    }

    private void OnHeartbeat(FixMessageView message)
    {
        string id = message.Text(112);
        if (id.Length > 0 && id == _userTest)
        {
            _userTest = string.Empty;
            _handler.OnEvent(FixClientEvent.TestAnswered, id);
        }
    }

    private long OnGapFill(FixMessageView message, long seqNum, long nowNs)
    {
        if (message.TryGetInt64(36, out long newSeqNo) && newSeqNo > seqNum)
        {
            if (_gap.HoldsApplicationBelow(newSeqNo))
            {
                Counters.Violations++;
                _handler.OnEvent(FixClientEvent.Violation, $"gap fill {seqNum} to {newSeqNo} covers an application message that was received");
            }

            return newSeqNo;
        }

        Counters.Violations++;
        _handler.OnEvent(FixClientEvent.Violation, $"gap fill {seqNum} with NewSeqNo {newSeqNo}");
        _admin.Reject(seqNum, 36, "4"u8, "NewSeqNo must be above MsgSeqNum", nowNs);
        return seqNum + 1;
    }

    private void OnLogout(FixMessageView message, long nowNs)
    {
        string text = message.Text(58);
        if (Status != FixClientStatus.LogoutSent)
        {
            _admin.Logout(string.Empty, nowNs);
            End(FixClientEvent.LoggedOut, text.Length > 0 ? $"the exchange logged out: {text}" : "the exchange logged out");
            return;
        }

        End(FixClientEvent.LoggedOut, "logged out");
    }
}
