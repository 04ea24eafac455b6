using System.Runtime.InteropServices;
using Exchange.Cluster.Recovery;
using Exchange.Ipc.Agents;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Cluster.Tests;

/// <summary>A whole member between a scripted gateway and a toy state machine.</summary>
public sealed class MemberTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-member-").FullName;

    private string AeronDirectory => Path.Combine(_directory, "aeron");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Durability.Fsync)]
    [InlineData(Durability.Replicated)]
    public void Commands_are_answered_in_order_and_each_once(Durability durability)
    {
        using Member member = Open(durability);
        using AgentRunner runner = AgentRunner.Start(member.Agent);
        using ScriptedGateway gateway = Attach(1, 100);
        LogOn(gateway, 0, 7);
        const int count = 5000;
        Heartbeats(gateway, 0, 7, count);
        gateway.Until(() => gateway.SequencedCount == count + 1, "not every command was answered");
        AssertConsecutive(Sequenced(gateway, 0), 1);
    }

    [Fact]
    public void A_gateway_that_reads_late_gets_everything_in_order_from_the_history()
    {
        using Member member = Open(Durability.Replicated);
        using AgentRunner runner = AgentRunner.Start(member.Agent);
        using ScriptedGateway gateway = Attach(1, 100);
        LogOn(gateway, 0, 7);

        // Far more than the term buffers hold: the member has to stop feeding, and to go on from the history.
        const int count = 200_000;
        Heartbeats(gateway, 0, 7, count);
        gateway.Until(() => gateway.SequencedCount == count + 1, "not every command was answered");
        AssertConsecutive(Sequenced(gateway, 0), 1);
    }

    [Fact]
    public void A_resend_repeats_reports_marked_and_fills_the_rest()
    {
        using Member member = Open(Durability.Replicated);
        using AgentRunner runner = AgentRunner.Start(member.Agent);
        using ScriptedGateway gateway = Attach(1, 100);
        LogOn(gateway, 0, 7);
        Heartbeats(gateway, 0, 7, 3);
        TestReqCommand test = default;
        gateway.Send(CommandType.TestRequest, 0, 7, ref test);
        Heartbeats(gateway, 0, 7, 1);
        gateway.Until(() => Sequenced(gateway, 0).Count == 6, "not every command was answered");
        gateway.Received.Clear();
        RangeCommand range = default;
        range.BeginSeqNo = 1;
        range.EndSeqNo = long.MaxValue;
        gateway.Send(CommandType.ResendRequest, 0, 7, ref range);
        gateway.Until(() => gateway.Received.Count == 6, "the resend is not complete");

        // 1 was the Logon, 2 to 4 reports, 5 a Heartbeat, 6 a report.
        List<EventHeader> headers = gateway.Received.ConvertAll(ScriptedGateway.Header);
        Assert.Equal([1L, 2, 3, 4, 5, 6], headers.ConvertAll(static header => header.MsgSeqNum));
        Assert.Equal(
            [EventType.GapFill, EventType.ExecutionReport, EventType.ExecutionReport, EventType.ExecutionReport, EventType.GapFill, EventType.ExecutionReport],
            headers.ConvertAll(static header => header.Type));
        Assert.All(headers, static header => Assert.True((header.Flags & EventFlags.PossDup) != 0));
        Assert.Equal(2, MemoryMarshal.AsRef<RangeEvent>(gateway.Received[0]).EndSeqNo);
        Assert.Equal(6, MemoryMarshal.AsRef<RangeEvent>(gateway.Received[4]).EndSeqNo);
        Assert.All(headers.FindAll(static header => header.Type == EventType.ExecutionReport), static header => Assert.True(header.OrigSendingTimeNs > 0 && header.OrigSendingTimeNs <= header.SendingTimeNs));
    }

    [Fact]
    public void A_resend_asked_for_while_the_gateway_lags_repeats_only_what_was_sent_before()
    {
        using Member member = Open(Durability.Replicated);
        using AgentRunner runner = AgentRunner.Start(member.Agent);
        using ScriptedGateway gateway = Attach(1, 100);
        LogOn(gateway, 0, 7);
        const int count = 150_000;
        Heartbeats(gateway, 0, 7, count);
        RangeCommand range = default;
        range.BeginSeqNo = 2;
        range.EndSeqNo = long.MaxValue;
        gateway.Send(CommandType.ResendRequest, 0, 7, ref range);
        Heartbeats(gateway, 0, 7, 1);
        gateway.Until(() => gateway.Received.Count > count + 2 && Live(gateway) == count + 2, "not every command was answered");
        long next = 1;
        foreach (byte[] record in gateway.Received)
        {
            EventHeader header = ScriptedGateway.Header(record);
            if (header.MsgSeqNum > 0 && (header.Flags & EventFlags.PossDup) == 0)
            {
                Assert.Equal(next++, header.MsgSeqNum);
            }
            else
            {
                Assert.True(header.MsgSeqNum < next, $"{header.MsgSeqNum} was resent before it was sent; live stood at {next}");
            }
        }
    }

    [Fact]
    public void A_close_comes_behind_everything_the_session_was_sent()
    {
        using Member member = Open(Durability.Fsync);
        using AgentRunner runner = AgentRunner.Start(member.Agent);
        using ScriptedGateway gateway = Attach(1, 100);
        LogOn(gateway, 0, 7);
        Heartbeats(gateway, 0, 7, 1000);
        FixCommandHeader logout = default;
        gateway.Send(CommandType.Logout, 0, 7, ref logout);
        gateway.Until(() => gateway.Received.Exists(static record => ScriptedGateway.Header(record).Type == EventType.CloseConnection), "no close came");
        Assert.Equal(EventType.CloseConnection, ScriptedGateway.Header(gateway.Received[^1]).Type);
        Assert.Equal(EventType.Logout, ScriptedGateway.Header(gateway.Received[^2]).Type);
        AssertConsecutive(Sequenced(gateway, 0), 1);
    }

    [Fact]
    public void After_a_restart_numbers_go_on_and_old_messages_can_be_resent()
    {
        using (Member member = Open(Durability.Fsync))
        using (AgentRunner runner = AgentRunner.Start(member.Agent))
        using (ScriptedGateway gateway = Attach(1, 100))
        {
            LogOn(gateway, 0, 7);
            Heartbeats(gateway, 0, 7, 100);
            gateway.Until(() => Sequenced(gateway, 0).Count == 101, "not every command was answered");
        }

        using Member again = Open(Durability.Fsync);
        Assert.Equal(2, again.Term);
        Assert.False(again.WasEmpty);
        using AgentRunner runnerAgain = AgentRunner.Start(again.Agent);
        using ScriptedGateway next = Attach(1, 101);
        LogOn(next, 0, 1);
        Heartbeats(next, 0, 1, 5);
        RangeCommand range = default;
        range.BeginSeqNo = 50;
        range.EndSeqNo = 60;
        next.Send(CommandType.ResendRequest, 0, 1, ref range);
        next.Until(() => Sequenced(next, 0).Count == 6 + 11, "live messages and resend did not come");
        List<EventHeader> live = Sequenced(next, 0).FindAll(static header => (header.Flags & EventFlags.PossDup) == 0);
        List<EventHeader> resent = Sequenced(next, 0).FindAll(static header => (header.Flags & EventFlags.PossDup) != 0);
        AssertConsecutive(live, 102);
        AssertConsecutive(resent, 50);
    }

    [Fact]
    public void Snapshot_and_tail_give_the_same_state_as_the_whole_log()
    {
        MemberOptions options = Options(Durability.Replicated, snapshotEveryBytes: 1 << 20);
        using (Member member = Member.Open(options))
        using (AgentRunner runner = AgentRunner.Start(member.Agent))
        using (ScriptedGateway gateway = Attach(1, 100))
        {
            LogOn(gateway, 1, 7);
            Heartbeats(gateway, 1, 7, 20_000);
            gateway.Until(() => gateway.SequencedCount == 20_001, "not every command was answered");
            string snapshots = MemberDirectories.Snapshots(options.Directory);
            gateway.Until(() => Directory.Exists(snapshots) && Directory.GetFiles(snapshots, "*snap*").Any(static path => !path.EndsWith("tmp", StringComparison.Ordinal)), "no snapshot was taken");
            Heartbeats(gateway, 1, 7, 10);
            gateway.Until(() => gateway.SequencedCount == 20_011, "not every command was answered");
        }

        OfflineReplayResult fromSnapshot = OfflineReplay.Run(options.Directory, static () => new EchoMachine(), true, static _ => { }, static _ => { }, default);
        OfflineReplayResult fromZero = OfflineReplay.Run(options.Directory, static () => new EchoMachine(), false, static _ => { }, static _ => { }, default);
        Assert.True(fromSnapshot.SnapshotPosition > 0);
        Assert.True(fromZero.SnapshotsChecked > 0);
        Assert.Equal(fromZero.StateHash, fromSnapshot.StateHash);
        Assert.Equal(fromZero.EndPosition, fromSnapshot.EndPosition);
    }

    [Fact]
    public void A_new_life_of_a_gateway_replaces_the_old_one_whose_frames_are_discarded()
    {
        using Member member = Open(Durability.Replicated);
        using AgentRunner runner = AgentRunner.Start(member.Agent);
        using ScriptedGateway old = Attach(1, 100);
        LogOn(old, 0, 7);
        using ScriptedGateway next = Attach(1, 101);
        LogOn(next, 0, 1);
        TestReqCommand heartbeat = default;
        old.Send(CommandType.Heartbeat, 0, 7, ref heartbeat);
        Heartbeats(next, 0, 1, 10);
        next.Until(() => Sequenced(next, 0).Count == 11, "not every command was answered");
        AssertConsecutive(Sequenced(next, 0), 2);
    }

    [Fact]
    public void Malformed_frames_are_discarded_and_harm_nobody()
    {
        using Member member = Open(Durability.Replicated);
        using AgentRunner runner = AgentRunner.Start(member.Agent);
        using ScriptedGateway gateway = Attach(1, 100);
        LogOn(gateway, 0, 7);
        CommandHeader tooShort = default;
        gateway.Send(CommandType.Heartbeat, 0, 7, ref tooShort);
        CommandHeader notAllowed = default;
        gateway.Send(CommandType.TermStarted, 0, 7, ref notAllowed);
        Heartbeats(gateway, 0, 7, 3);
        gateway.Until(() => Sequenced(gateway, 0).Count == 4, "not every command was answered");
    }

    private static int Live(ScriptedGateway gateway) => gateway.Received.Count(static record => ScriptedGateway.Header(record) is { MsgSeqNum: > 0 } header && (header.Flags & EventFlags.PossDup) == 0);

    private static void LogOn(ScriptedGateway gateway, int sessionId, long connectionId)
    {
        LogonCommand logon = default;
        gateway.Send(CommandType.Logon, sessionId, connectionId, ref logon);
        gateway.Until(() => Sequenced(gateway, sessionId).Exists(static header => header.Type == EventType.Logon), "no Logon came back");
    }

    private static void Heartbeats(ScriptedGateway gateway, int sessionId, long connectionId, int count)
    {
        TestReqCommand heartbeat = default;
        for (int i = 0; i < count; i++)
        {
            gateway.Send(CommandType.Heartbeat, sessionId, connectionId, ref heartbeat);
        }
    }

    private static List<EventHeader> Sequenced(ScriptedGateway gateway, int sessionId) =>
        gateway.Received.ConvertAll(ScriptedGateway.Header).FindAll(header => header.MsgSeqNum > 0 && header.SessionId == sessionId);

    private static void AssertConsecutive(List<EventHeader> headers, long first)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            Assert.Equal(first + i, headers[i].MsgSeqNum);
        }
    }

    private ScriptedGateway Attach(int id, long incarnation)
    {
        ScriptedGateway gateway = new(AeronDirectory, id, incarnation);
        gateway.UntilReady();
        return gateway;
    }

    private Member Open(Durability durability) => Member.Open(Options(durability, long.MaxValue));

    private MemberOptions Options(Durability durability, long snapshotEveryBytes) => new()
    {
        Directory = Path.Combine(_directory, "member-1"),
        AeronDirectory = AeronDirectory,
        Durability = durability,
        SegmentBytes = 1 << 20,
        SnapshotEveryBytes = snapshotEveryBytes,
        StateMachineFactory = static () => new EchoMachine(),
    };
}
