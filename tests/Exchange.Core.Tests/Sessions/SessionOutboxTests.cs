using System.Runtime.InteropServices;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Tests.Sessions;

/// <summary>Numbering and stamping of what goes to clients.</summary>
public sealed class SessionOutboxTests
{
    [Fact]
    public void A_restated_fill_keeps_its_body_and_its_texts_and_gets_a_new_header()
    {
        using SessionTable sessions = new();
        using EventBuffer events = new();
        SessionOutbox outbox = new(sessions);
        DefineParticipantCommand definition = CoreHarness.Participant("HFT1");
        Session session = sessions.Add(in definition);
        outbox.Begin(new CommandContext(Position: 64, Term: 1, LogTimeNs: 1_000), events);
        ref ExecutionReportEvent report = ref outbox.Append<ExecutionReportEvent>(EventType.ExecutionReport, session.Id, tailBytes: 80);
        report.ExecId = 77;
        report.Tail = ReportTail.OrigClOrdId | ReportTail.SymbolOrStatusReqId;
        outbox.LastTail(80).Fill(0xAB);
        outbox.TradeCompleted(session.Id, in report);
        byte[] original = events.WrittenSpan.ToArray();

        events.Clear();
        session.NextOut = 5;
        outbox.Begin(new CommandContext(Position: 128, Term: 1, LogTimeNs: 2_000), events);
        outbox.Restate(session, fillIndex: 0);
        ReadOnlySpan<byte> restated = events.WrittenSpan;
        Assert.True(restated[EventHeader.SizeBytes..].SequenceEqual(original.AsSpan(EventHeader.SizeBytes)));
        EventHeader header = MemoryMarshal.Read<EventHeader>(restated);
        Assert.Equal((5, 128, 2_000, EventFlags.PossResend, original.Length), (header.MsgSeqNum, header.LogPosition, header.SendingTimeNs, header.Flags, header.Length));
        Assert.Equal(5, session.UnseenFills[0].Header.MsgSeqNum);
    }

    [Fact]
    public void A_report_that_is_not_the_last_of_its_session_cannot_be_completed()
    {
        using SessionTable sessions = new();
        using EventBuffer events = new();
        SessionOutbox outbox = new(sessions);
        DefineParticipantCommand definition = CoreHarness.Participant("HFT1");
        int id = sessions.Add(in definition).Id;
        outbox.Begin(new CommandContext(Position: 64, Term: 1, LogTimeNs: 1_000), events);
        ExecutionReportEvent early = outbox.Append<ExecutionReportEvent>(EventType.ExecutionReport, id);
        outbox.Append<ExecutionReportEvent>(EventType.ExecutionReport, id);
        Assert.Throws<InvariantException>(() => outbox.TradeCompleted(id, in early));
        Assert.Throws<InvariantException>(() => outbox.Append<LogoutEvent>(EventType.Logout, id + 1));
    }
}
