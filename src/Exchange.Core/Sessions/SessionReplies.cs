using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Sessions;

/// <summary>The session messages that the core sends, other than Logon and Logout.</summary>
internal sealed class SessionReplies
{
    private readonly SessionOutbox _outbox;

    /// <summary>Creates replies that go out through <paramref name="outbox"/>.</summary>
    public SessionReplies(SessionOutbox outbox) => _outbox = outbox;

    /// <summary>Heartbeat (0), with the TestReqID that it answers; empty when it answers none.</summary>
    public void Heartbeat(Session session, in Text64 testReqId) =>
        _outbox.Append<TestReqEvent>(EventType.Heartbeat, session.Id).TestReqId = testReqId;

    /// <summary>
    /// TestRequest (1). Its TestReqID is the log position of the command that caused it: replicas agree on it, and it never comes
    /// twice, not even after the sequence numbers have been reset.
    /// </summary>
    public void TestRequest(Session session, bool isProbe, in CommandContext context)
    {
        Span<byte> text = stackalloc byte[Text64.LengthMax];
        "TEST-"u8.CopyTo(text);
        bool fits = context.Position.TryFormat(text[5..], out int digits, provider: null);
        Invariant.Require(fits);
        Text64.TryCreate(text[..(5 + digits)], out session.TestReqId);
        ref TestReqEvent request = ref _outbox.Append<TestReqEvent>(EventType.TestRequest, session.Id);
        request.TestReqId = session.TestReqId;
        request.Probe = isProbe ? 1 : 0;
        session.TestReqSeqNum = request.Header.MsgSeqNum;
        session.ProbeOutstanding |= isProbe;
    }

    /// <summary>ResendRequest (2) from the number expected next up to <paramref name="end"/>; 0 for everything.</summary>
    public void ResendRequest(Session session, long end)
    {
        ref RangeEvent request = ref _outbox.Append<RangeEvent>(EventType.ResendRequest, session.Id);
        request.BeginSeqNo = session.NextIn;
        request.EndSeqNo = end;
    }

    /// <summary>Has egress resend what was sent under the numbers from <paramref name="begin"/> to <paramref name="end"/>, both included.</summary>
    public void ResendRange(Session session, long begin, long end)
    {
        Invariant.Require(begin >= 1 && begin <= end && end < session.NextOut);
        ref RangeEvent range = ref _outbox.AppendUnsequenced<RangeEvent>(EventType.ResendRange, session);
        range.BeginSeqNo = begin;
        range.EndSeqNo = end;
    }

    /// <summary>Reject (3) of a message, with 371 and 373 and the words of 58.</summary>
    public void Reject(Session session, in FixCommandHeader message, ushort reason, int refTag, ReasonCode text, long value = 0, long limit = 0) =>
        Refuse(EventType.Reject, session, in message, reason, refTag, text, value, limit);

    /// <summary>BusinessMessageReject (j) of a message, with 380.</summary>
    public void BusinessReject(Session session, in FixCommandHeader message, ReasonCode text, long limit = 0) =>
        Refuse(EventType.BusinessReject, session, in message, message.Reason, message.RefTagId, text, value: 0, limit);

    private void Refuse(EventType type, Session session, in FixCommandHeader message, ushort reason, int refTag, ReasonCode text, long value, long limit)
    {
        ref RejectEvent reject = ref _outbox.Append<RejectEvent>(type, session.Id);
        reject.RefSeqNum = message.MsgSeqNum;
        reject.RefMsgType = message.MsgType;
        reject.RefTagId = refTag;
        reject.Reason = reason;
        reject.Text = text;
        reject.Value = value;
        reject.Limit = limit;
    }
}
