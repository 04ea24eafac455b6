// The session layer: who is bound, which number is next, and what is answered.
using Exchange.Fix.Validation;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Simulation.Reference;

internal sealed partial class ReferenceExchange
{
    private const long ResendPatienceNs = 5_000_000_000;
    private const long WindowNs = 10_000_000_000;
    private const long RestatedMax = 4 * 65_536;

    private void Logon(in LogonCommand logon)
    {
        ref readonly CommandHeader header = ref logon.Header.Command;
        if (!IsFromAttached(in header))
        {
            return;
        }

        ReferenceSession session = _sessions[header.SessionId];
        ConnectionKey key = KeyOf(in header);
        if (session.Binding == key)
        {
            LogonInSession(session, in logon);
            return;
        }

        if (session.LastBinding.GatewayId == key.GatewayId && session.LastBinding.Incarnation == key.Incarnation && key.ConnectionId <= session.LastBinding.ConnectionId)
        {
            return;
        }

        if (session.IsLoggedOn)
        {
            if (!session.IsProbed)
            {
                TestRequest(session, isProbe: true);
            }

            return;
        }

        session.Binding = key;
        bool isReset = (logon.Header.Flags & FixMessageFlags.ResetSeqNum) != 0;
        long number = logon.Header.MsgSeqNum;
        if (!isReset && number < session.NextIn)
        {
            RefuseTooLow(session, in logon.Header);
        }
        else if (CheckLogon(session, in logon, isReset))
        {
            Accept(session, in logon, isReset);
        }
    }

    private void LogonInSession(ReferenceSession session, in LogonCommand logon)
    {
        bool isPossDup = (logon.Header.Flags & FixMessageFlags.PossDup) != 0;
        if ((logon.Header.Flags & FixMessageFlags.ResetSeqNum) != 0 && !isPossDup)
        {
            if (CheckLogon(session, in logon, isReset: true))
            {
                Accept(session, in logon, isReset: true);
            }
        }
        else if (Admit(session, in logon.Header) && !isPossDup)
        {
            LogOut(session, ReasonCode.LogonInSession);
        }
    }

    private void RefuseTooLow(ReferenceSession session, in FixCommandHeader message)
    {
        if (message.MsgSeqNum < 0)
        {
            LogOut(session, ReasonCode.MsgSeqNumMissing);
        }
        else if ((message.Flags & FixMessageFlags.PossDup) != 0)
        {
            Close(session);
        }
        else
        {
            LogOut(session, ReasonCode.MsgSeqNumTooLow, message.MsgSeqNum, session.NextIn);
        }
    }

    private bool CheckLogon(ReferenceSession session, in LogonCommand logon, bool isReset)
    {
        long nextOut = isReset ? 1 : session.NextOut;
        bool hasNext = (logon.Header.Flags & FixMessageFlags.HasNextExpected) != 0;
        (ReasonCode reason, long value, long limit) = (ReasonCode.None, 0L, 0L);
        if ((session.Definition.Flags & ParticipantFlags.Disabled) != 0)
        {
            reason = ReasonCode.ParticipantDisabled;
        }
        else if (isReset && logon.Header.MsgSeqNum != 1)
        {
            (reason, value, limit) = (ReasonCode.ResetRequiresSeqNumOne, logon.Header.MsgSeqNum, 1);
        }
        else if (isReset && session.RestatedCount > RestatedMax && _timeNs - session.RestatedSinceNs < WindowNs)
        {
            (reason, value, limit) = (ReasonCode.ResendLimit, session.RestatedCount, RestatedMax);
        }
        else if (logon.HeartBtIntSec < session.Definition.HeartBtIntMinSec || logon.HeartBtIntSec > session.Definition.HeartBtIntMaxSec)
        {
            (reason, value) = (ReasonCode.HeartBtIntOutOfRange, logon.HeartBtIntSec);
            limit = logon.HeartBtIntSec < session.Definition.HeartBtIntMinSec ? session.Definition.HeartBtIntMinSec : session.Definition.HeartBtIntMaxSec;
        }
        else if (hasNext && logon.NextExpectedMsgSeqNum < 1)
        {
            (reason, value, limit) = (ReasonCode.SeqNumOutOfRange, logon.NextExpectedMsgSeqNum, 1);
        }
        else if (hasNext && logon.NextExpectedMsgSeqNum > nextOut)
        {
            (reason, value, limit) = (ReasonCode.NextExpectedTooHigh, logon.NextExpectedMsgSeqNum, nextOut);
        }

        if (reason == ReasonCode.None)
        {
            return true;
        }

        if (logon.Header.MsgSeqNum == session.NextIn)
        {
            Advance(session, session.NextIn + 1);
        }

        LogOut(session, reason, value, limit);
        return false;
    }

    private void Accept(ReferenceSession session, in LogonCommand logon, bool isReset)
    {
        long number = logon.Header.MsgSeqNum;
        bool hasNext = (logon.Header.Flags & FixMessageFlags.HasNextExpected) != 0;
        if (isReset)
        {
            EndNumbering(session);
            session.Epochs.Add([]);
            session.Resends.Clear();
            session.NextIn = 1;
            session.Held.Clear();
            ForgetGap(session);
            session.AskedBegin = 0;
            session.AskedCount = 0;
            session.AskedSinceNs = 0;
            session.TestReqId = "";
            session.TestReqSeqNum = 0;
            session.IsProbed = false;
        }
        else if (hasNext)
        {
            Forget(session, logon.NextExpectedMsgSeqNum);
        }

        bool isGap = number > session.NextIn;
        if (!isGap)
        {
            Advance(session, number + 1);
        }

        session.CancelDeadlineNs = long.MaxValue;
        Emit(
            session,
            "A",
            $"98=0{Soh}{Field(108, logon.HeartBtIntSec)}{(isReset ? $"141=Y{Soh}" : "")}{(hasNext ? Field(789, session.NextIn) : "")}");
        if (isReset)
        {
            Restate(session);
        }
        else if (hasNext && logon.NextExpectedMsgSeqNum < session.NextOut - 1)
        {
            session.Resends.Add(new ExpectedResend(session.Binding, logon.NextExpectedMsgSeqNum, session.NextOut - 1, _timeNs));
        }

        if (isGap)
        {
            if (hasNext)
            {
                session.HighestIn = number;
                session.ResendUntil = number - 1;
                session.ResendProgressNs = _timeNs;
            }

            NoteGap(session, number);
            Hold(session, number, command: null);
        }
    }

    private void Restate(ReferenceSession session)
    {
        List<(long SeqNum, ExpectedMessage Report)> kept = [];
        foreach ((_, ExpectedMessage report) in session.Unseen)
        {
            kept.Add((session.NextOut, report));
            Emit(session, "8", report.Body, isPossResend: true);
        }

        session.Unseen = kept;
        foreach (ReferenceOrder order in OpenOrdersOf(session))
        {
            Report(order, 'D', order.Status, order.Leaves);
        }

        TakeTold(session);

        if (_timeNs - session.RestatedSinceNs >= WindowNs)
        {
            session.RestatedCount = 0;
            session.RestatedSinceNs = _timeNs;
        }

        session.RestatedCount += session.NextOut - 2;
    }

    private void ResendRequest(ReferenceSession session, in RangeCommand request)
    {
        ref readonly FixCommandHeader message = ref request.Header;
        if (message.MsgSeqNum > session.NextIn && CheckRange(session, in request, out _, out _, out _) == ReasonCode.None)
        {
            Resend(session, in request);
            NoteGap(session, message.MsgSeqNum);
            Hold(session, message.MsgSeqNum, command: null);
            return;
        }

        if (!Admit(session, in message))
        {
            return;
        }

        ReasonCode reason = CheckRange(session, in request, out int tag, out long value, out long limit);
        if (reason == ReasonCode.None)
        {
            Resend(session, in request);
        }
        else
        {
            Reject(session, in message, reason == ReasonCode.ResendLimit ? 99 : 5, tag, Words(reason, value, limit));
        }
    }

    private ReasonCode CheckRange(ReferenceSession session, in RangeCommand request, out int tag, out long value, out long limit)
    {
        (tag, value, limit) = (7, request.BeginSeqNo, 1);
        if (request.BeginSeqNo < 1)
        {
            return ReasonCode.SeqNumOutOfRange;
        }

        limit = session.NextOut - 1;
        if (request.BeginSeqNo > limit)
        {
            return ReasonCode.ResendBeyondSent;
        }

        if (request.EndSeqNo != 0 && request.EndSeqNo < request.BeginSeqNo)
        {
            (tag, value, limit) = (16, request.EndSeqNo, request.BeginSeqNo);
            return ReasonCode.ResendRangeInverted;
        }

        (tag, limit) = (0, 8);
        if (session.AskedBegin != request.BeginSeqNo || _timeNs - session.AskedSinceNs >= WindowNs)
        {
            (session.AskedBegin, session.AskedCount, session.AskedSinceNs) = (request.BeginSeqNo, 0, _timeNs);
        }

        return ++session.AskedCount > 8 ? ReasonCode.ResendLimit : ReasonCode.None;
    }

    private void Resend(ReferenceSession session, in RangeCommand request)
    {
        Forget(session, request.BeginSeqNo);
        long last = session.NextOut - 1;
        session.Resends.Add(new ExpectedResend(session.Binding, request.BeginSeqNo, request.EndSeqNo == 0 ? last : Math.Min(request.EndSeqNo, last), _timeNs));
    }

    private void SequenceReset(ReferenceSession session, in SequenceResetCommand reset)
    {
        if ((reset.Header.Flags & FixMessageFlags.GapFill) != 0 && !Admit(session, in reset.Header))
        {
            return;
        }

        if (reset.NewSeqNo < session.NextIn)
        {
            Reject(session, in reset.Header, 5, 0, Words(ReasonCode.SequenceResetLowers, reset.NewSeqNo, session.NextIn));
        }
        else if ((reset.Header.Flags & FixMessageFlags.GapFill) != 0)
        {
            Advance(session, reset.NewSeqNo);
        }
        else
        {
            session.Held.Clear();
            ForgetGap(session);
            session.NextIn = reset.NewSeqNo;
        }
    }

    private void Logout(ReferenceSession session, in FixCommandHeader message)
    {
        bool isLate = message.MsgSeqNum >= 0 && message.MsgSeqNum < session.NextIn && (message.Flags & FixMessageFlags.PossDup) == 0;
        if (!isLate && message.MsgSeqNum <= session.NextIn && !Admit(session, in message))
        {
            return;
        }

        if (session.IsLogoutSent)
        {
            Close(session);
        }
        else
        {
            LogOut(session, ReasonCode.LogoutConfirmed);
        }
    }

    private void LogoutDue(ReferenceSession session, ReasonCode reason)
    {
        if (session.IsLogoutSent)
        {
            Close(session);
        }
        else if (reason == ReasonCode.Operator)
        {
            Emit(session, "5", Words(reason));
            session.LogoutDeadlineNs = _timeNs + 2_000_000_000;
        }
        else
        {
            LogOut(session, reason);
        }
    }

    private void Invalid(in FixCommandHeader message)
    {
        if (Find(in message.Command) is { } session)
        {
            session.IsProbed = false;
            Admit(session, in message);
        }
    }

    /// <summary>Whether a message is the next one and may be acted on; otherwise it is dealt with.</summary>
    private bool Admit(ReferenceSession session, in FixCommandHeader message)
    {
        bool isPossDup = (message.Flags & FixMessageFlags.PossDup) != 0;
        if (message.Verdict == GatewayVerdict.IncorrectBeginString)
        {
            LogOut(session, ReasonCode.IncorrectBeginString);
            return false;
        }

        if (message.Verdict == GatewayVerdict.MsgSeqNumMissing || message.MsgSeqNum < 0)
        {
            LogOut(session, ReasonCode.MsgSeqNumMissing);
            return false;
        }

        if (message.MsgSeqNum > session.NextIn)
        {
            NoteGap(session, message.MsgSeqNum);
            if (message.Verdict is not (GatewayVerdict.SendingTimeAccuracy or GatewayVerdict.CompIdProblem))
            {
                Hold(session, message.MsgSeqNum, _command);
            }

            return false;
        }

        bool isUnsound = isPossDup && message.Verdict == GatewayVerdict.Valid && IsTimeUnsound(in message);
        if (message.MsgSeqNum < session.NextIn)
        {
            if (!isPossDup)
            {
                LogOut(session, ReasonCode.MsgSeqNumTooLow, message.MsgSeqNum, session.NextIn);
            }
            else if (isUnsound)
            {
                RejectTime(session, in message);
            }

            return false;
        }

        Advance(session, message.MsgSeqNum + 1);
        if (isUnsound)
        {
            RejectTime(session, in message);
            return false;
        }

        if (message.Verdict != GatewayVerdict.Valid)
        {
            ActOnVerdict(session, in message);
            return false;
        }

        return true;
    }

    private static bool IsTimeUnsound(in FixCommandHeader message) => message.OrigSendingTimeNs == FixedPoint.Absent
        ? message.Command.Type != CommandType.SequenceReset
        : message.OrigSendingTimeNs > message.SendingTimeNs;

    private void RejectTime(ReferenceSession session, in FixCommandHeader message)
    {
        bool isMissing = message.OrigSendingTimeNs == FixedPoint.Absent;
        ReasonCode reason = isMissing ? ReasonCode.OrigSendingTimeMissing : ReasonCode.OrigSendingTimeAfterSendingTime;
        Reject(session, in message, isMissing ? 1 : 10, isMissing ? 122 : 0, Words(reason));
    }

    private void ActOnVerdict(ReferenceSession session, in FixCommandHeader message)
    {
        switch (message.Verdict)
        {
            case GatewayVerdict.SessionReject:
                string text = System.Text.Encoding.Latin1.GetString(ReasonText.RejectWords((SessionRejectReason)message.Reason));
                Reject(session, in message, message.Reason, message.RefTagId, Field(58, text));
                break;
            case GatewayVerdict.BusinessReject:
                if (_isTold)
                {
                    break;
                }

                ReasonCode reason = message.Reason == 3 ? ReasonCode.UnsupportedMessageType : ReasonCode.InvalidMessage;
                Emit(session, "j", $"{Field(45, message.MsgSeqNum)}{Words(reason)}{Field(372, message.MsgType.ToString())}{Field(380, message.Reason)}");
                break;
            case GatewayVerdict.SendingTimeAccuracy:
                Reject(session, in message, 10, 0, Words(ReasonCode.SendingTimeAccuracy));
                LogOut(session, ReasonCode.None);
                break;
            default:
                Reject(session, in message, 9, message.RefTagId, Words(ReasonCode.CompIdProblem));
                LogOut(session, ReasonCode.None);
                break;
        }
    }

    private void Reject(ReferenceSession session, in FixCommandHeader message, long reason, int tag, string text) =>
        Emit(session, "3", $"{Field(45, message.MsgSeqNum)}{text}{(tag == 0 ? "" : Field(371, tag == int.MinValue ? 0 : tag))}{Field(372, message.MsgType.ToString())}{Field(373, reason)}");

    private static void Forget(ReferenceSession session, long below) => session.Unseen.RemoveAll(fill => fill.SeqNum < below);

    private void Heartbeat(ReferenceSession session, string testReqId) => Emit(session, "0", Field(112, testReqId));

    private void TestRequest(ReferenceSession session, bool isProbe)
    {
        session.TestReqId = $"TEST-{_position}";
        session.TestReqSeqNum = Emit(session, "1", Field(112, session.TestReqId)).SeqNum;
        session.IsProbed |= isProbe;
    }

    private void LogOut(ReferenceSession session, ReasonCode reason, long value = 0, long limit = 0)
    {
        Emit(session, "5", Words(reason, value, limit));
        Close(session);
    }

    private void Close(ReferenceSession session)
    {
        session.Held.Clear();
        Unbind(session);
    }

    private void Unbind(ReferenceSession session)
    {
        TakeTold(session);
        session.LastBinding = session.Binding;
        session.Binding = default;
        session.Held.Clear();
        ForgetGap(session);
        session.TestReqId = "";
        session.TestReqSeqNum = 0;
        session.IsProbed = false;
        session.LogoutDeadlineNs = long.MaxValue;
        if ((session.Definition.Flags & ParticipantFlags.CancelOnDisconnect) != 0 && session.CancelDeadlineNs == long.MaxValue)
        {
            session.CancelDeadlineNs = _timeNs + Math.Max(0, session.Definition.CancelOnDisconnectGraceNs);
        }
    }

    private bool IsFromAttached(in CommandHeader header) =>
        header.LeadershipTerm == _term && header.ConnectionId != 0 && header.SessionId >= 0 && header.SessionId < _sessions.Count
        && _gateways.TryGetValue(header.GatewayId, out long life) && life == header.GatewayIncarnation;
}
