using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

/// <summary>
/// Answers the client's ResendRequests with a range for egress to stream, so many within a while and no more. A client that asks for the same range again and again, because
/// it cannot digest what it gets, is stopped after a while: each round would cost more than it cost the client to ask.
/// </summary>
internal sealed class ResendDesk
{
    /// <summary>How often the same BeginSeqNo is answered within <see cref="RepeatWindowNs"/>.</summary>
    public const int RepeatMax = 8;

    /// <summary>Log time after which a repeated range is a new one.</summary>
    public const long RepeatWindowNs = 10_000_000_000;

    /// <summary>ResendRequests of any range answered within <see cref="RepeatWindowNs"/>, unless the participant has a limit of its own.</summary>
    public const int RequestsMax = 100;

    private readonly SessionReplies _replies;

    /// <summary>Creates the desk.</summary>
    public ResendDesk(SessionReplies replies) => _replies = replies;

    /// <summary>Answers a request that was the next message, or rejects it.</summary>
    public void Answer(Session session, in RangeCommand request, in CommandContext context)
    {
        ReasonCode reason = Check(session, in request, in context, out int tag, out long value, out long limit);
        if (reason == ReasonCode.None)
        {
            Resend(session, in request);
            return;
        }

        ushort code = reason is ReasonCode.ResendLimit or ReasonCode.ResendRate ? SessionRejectReason.Other : SessionRejectReason.ValueIsIncorrect;
        _replies.Reject(session, in request.Header, code, tag, reason, value, limit);
    }

    /// <summary>
    /// Answers a request that came behind a gap (case 20): both sides miss something, and if each waited for the other first, neither
    /// would go on.
    /// </summary>
    /// <returns>False when it is a bad one: it is rejected when its turn comes.</returns>
    public bool TryAnswerBehindGap(Session session, in RangeCommand request, in CommandContext context)
    {
        bool isSound = Check(session, in request, in context, out _, out _, out _) == ReasonCode.None;
        if (isSound)
        {
            Resend(session, in request);
        }

        return isSound;
    }

    private static ReasonCode Check(Session session, in RangeCommand request, in CommandContext context, out int tag, out long value, out long limit)
    {
        tag = FixTag.BeginSeqNo;
        value = request.BeginSeqNo;
        limit = 1;
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
            (tag, value, limit) = (FixTag.EndSeqNo, request.EndSeqNo, request.BeginSeqNo);
            return ReasonCode.ResendRangeInverted;
        }

        int requestsMax = session.Definition.ResendRequestsMax == 0 ? RequestsMax : session.Definition.ResendRequestsMax;
        if (CountRequest(session, in context) > requestsMax)
        {
            (tag, value, limit) = (0, session.ResendsCount, requestsMax);
            return ReasonCode.ResendRate;
        }

        (tag, limit) = (0, RepeatMax);
        return IsAskedTooOften(session, request.BeginSeqNo, in context) ? ReasonCode.ResendLimit : ReasonCode.None;
    }

    private static long CountRequest(Session session, in CommandContext context)
    {
        if (context.LogTimeNs - session.ResendsSinceNs >= RepeatWindowNs)
        {
            session.ResendsSinceNs = context.LogTimeNs;
            session.ResendsCount = 0;
        }

        return ++session.ResendsCount;
    }

    private static bool IsAskedTooOften(Session session, long begin, in CommandContext context)
    {
        if (session.AskedBegin != begin || context.LogTimeNs - session.AskedSinceNs >= RepeatWindowNs)
        {
            session.AskedBegin = begin;
            session.AskedCount = 0;
            session.AskedSinceNs = context.LogTimeNs;
        }

        session.AskedCount++;
        return session.AskedCount > RepeatMax;
    }

    private void Resend(Session session, in RangeCommand request)
    {
        // Whoever asks from here on has what came before.
        session.UnseenFills.ForgetBelow(request.BeginSeqNo);
        long last = session.NextOut - 1;
        _replies.ResendRange(session, request.BeginSeqNo, request.EndSeqNo == 0 ? last : Math.Min(request.EndSeqNo, last));
    }
}
