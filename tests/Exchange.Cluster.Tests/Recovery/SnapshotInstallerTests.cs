using Exchange.Cluster.Egress;
using Exchange.Cluster.Gateways;
using Exchange.Cluster.Recovery;
using Exchange.Cluster.Snapshots;
using Exchange.Cluster.Tests.Transfer;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Log.Snapshots;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Tests.Recovery;

public sealed class SnapshotInstallerTests : IDisposable
{
    private const long SegmentBytes = LogOptions.SegmentBytesMin;
    private readonly string _root = Directory.CreateTempSubdirectory("exchange-install-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_crash_before_any_step_and_again_before_any_later_one_ends_in_the_same_member()
    {
        using TransferPair pair = new();
        pair.MakeSnapshot(3_200_000, 100_000, 1);
        pair.AppendHistory(0, 1000);
        Assert.True(pair.Begin());
        pair.Run();
        MakeOld(pair.ReceiverDirectory, pair.LogId);
        List<string> steps = [];
        string reference = Image(pair, "reference");
        Assert.True(SnapshotInstaller.Run(reference, pair.LogId, SegmentBytes, static _ => { }, steps.Add));
        Assert.Equal(8, steps.Count);
        string expected = Describe(reference, pair.LogId);
        for (int first = 0; first < steps.Count; first++)
        {
            for (int second = 0; second < steps.Count; second++)
            {
                string image = Image(pair, $"{first}-{second}");
                CrashAt(image, pair.LogId, first);
                CrashAt(image, pair.LogId, second);
                SnapshotInstaller.Run(image, pair.LogId, SegmentBytes, static _ => { });
                Assert.Equal(expected, Describe(image, pair.LogId));
                Assert.False(Directory.Exists(MemberDirectories.Incoming(image)));
                Directory.Delete(image, recursive: true);
            }
        }
    }

    [Fact]
    public void Half_removed_directories_are_no_obstacle()
    {
        using TransferPair pair = new();
        pair.MakeSnapshot(3_200_000, 100_000, 1);
        pair.AppendHistory(0, 1000);
        Assert.True(pair.Begin());
        pair.Run();
        MakeOld(pair.ReceiverDirectory, pair.LogId);
        string reference = Image(pair, "reference");
        Assert.True(SnapshotInstaller.Run(reference, pair.LogId, SegmentBytes, static _ => { }));
        string expected = Describe(reference, pair.LogId);
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 20; round++)
        {
            string image = Image(pair, $"half-{round}");
            CrashAt(image, pair.LogId, random.Next(3));
            string log = MemberDirectories.Log(image);
            if (Directory.Exists(log))
            {
                foreach (string file in Directory.GetFiles(log).Where(_ => random.Next(2) == 0))
                {
                    File.Delete(file);
                }
            }

            Assert.True(SnapshotInstaller.Run(image, pair.LogId, SegmentBytes, static _ => { }), $"seed {seed}");
            Assert.True(expected == Describe(image, pair.LogId), $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Another_logs_snapshot_and_one_that_was_damaged_meanwhile_replace_nothing()
    {
        using TransferPair pair = new();
        pair.MakeSnapshot(3_200_000, 100_000, 1);
        Assert.True(pair.Begin());
        pair.Run();
        MakeOld(pair.ReceiverDirectory, pair.LogId);
        string foreign = Image(pair, "foreign");
        string before = Describe(foreign, pair.LogId);
        Assert.False(SnapshotInstaller.Run(foreign, Guid.NewGuid(), SegmentBytes, static _ => { }));
        Assert.Equal(before, Describe(foreign, pair.LogId));

        string damaged = Image(pair, "damaged");
        using (FileStream file = new(SnapshotFileCopy.PathOf(MemberDirectories.Incoming(damaged), 3_200_000), FileMode.Open))
        {
            file.Position = 5000;
            file.WriteByte(unchecked((byte)(file.ReadByte() + 1)));
        }

        Assert.Contains("start again", Assert.Throws<LogDamagedException>(() => SnapshotInstaller.Run(damaged, pair.LogId, SegmentBytes, static _ => { })).Message, StringComparison.Ordinal);
        Assert.Equal(before, Describe(damaged, pair.LogId));
        Assert.False(SnapshotInstaller.Run(damaged, pair.LogId, SegmentBytes, static _ => { }));

        string spoiledMarker = Image(pair, "marker");
        File.AppendAllText(Cluster.Transfer.IncomingMarker.PathIn(MemberDirectories.Incoming(spoiledMarker)), "x");
        Assert.False(SnapshotInstaller.Run(spoiledMarker, pair.LogId, SegmentBytes, static _ => { }));
        Assert.Equal(before, Describe(spoiledMarker, pair.LogId));
    }

    [Fact]
    public void A_member_that_started_from_a_snapshot_comes_to_the_state_and_the_messages_of_the_one_that_gave_it()
    {
        using TransferPair pair = new();
        using SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(pair.SenderDirectory), LogId = pair.LogId, SegmentBytes = SegmentBytes });
        EchoMachine machine = new();
        HistoryMarks marks = new();
        EgressAgent egress = new(pair.History!, marks, new GatewayLinks(), 1000);
        using LogReplayer leader = new(machine, marks, 0);
        Append(log, CommandType.Logon, 1);
        Append(log, CommandType.Heartbeat, 20_000);
        Replay(leader, log, egress);
        pair.History!.Flush();
        using (SnapshotFileWriter file = pair.Store.Create(leader.Position, leader.LastTerm, leader.LastLogTimeNs))
        {
            SnapshotWriter writer = new(file);
            MemberSnapshot.Write(writer, marks, machine);
            file.Complete(writer.Complete());
        }

        long snapshot = leader.Position;
        Append(log, CommandType.Heartbeat, 5000);
        Replay(leader, log, egress);
        Assert.True(pair.Begin());
        pair.Run();
        Assert.True(SnapshotInstaller.Run(pair.ReceiverDirectory, pair.LogId, SegmentBytes, static _ => { }));

        MemberOptions options = new() { Directory = pair.ReceiverDirectory, AeronDirectory = _root, StateMachineFactory = static () => new EchoMachine(), SegmentBytes = (int)SegmentBytes };
        using SegmentedLog copy = SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(pair.ReceiverDirectory), LogId = pair.LogId, SegmentBytes = SegmentBytes });
        using MessageHistory history = pair.OpenHistory(pair.ReceiverDirectory);
        RecoveredState state = MemberRecovery.Load(options, copy, history);
        Assert.Equal((snapshot, snapshot, false), (state.Position, copy.AppendPosition, state.IsEmpty));

        // The entries behind it, as they come from the leader.
        using (LogReader reader = log.OpenReader(snapshot))
        {
            while (reader.TryRead(out LogEntry entry))
            {
                Assert.Equal(entry.EndPosition, copy.Append(entry.Payload, entry.Type, entry.Term, entry.TimestampNs));
            }
        }

        // A restart before anything of that is known to be committed applies none of it.
        RecoveredState again = MemberRecovery.Load(options, copy, history);
        Assert.Equal((snapshot, state.LastTerm, state.LastLogTimeNs), (again.Position, again.LastTerm, again.LastLogTimeNs));
        Assert.Equal(MemberSnapshot.Hash(state.Marks, state.Machine), MemberSnapshot.Hash(again.Marks, again.Machine));
        Assert.Equal(20_002, history.NextSeqNum(0));

        using LogReplayer follower = new(state.Machine, state.Marks, state.Position);
        Replay(follower, copy, state.Egress);
        Assert.Equal(MemberSnapshot.Hash(marks, machine), MemberSnapshot.Hash(state.Marks, state.Machine));
        Assert.Equal(pair.History.NextSeqNum(0), history.NextSeqNum(0));
        for (long seq = 1; seq < history.NextSeqNum(0); seq++)
        {
            Assert.True(pair.History.TryRead(0, seq, out ReadOnlySpan<byte> expected) & history.TryRead(0, seq, out ReadOnlySpan<byte> actual));
            Assert.True(actual.SequenceEqual(expected), $"message {seq}");
        }

        copy.Flush();
        OfflineReplayResult tool = OfflineReplay.Run(pair.ReceiverDirectory, static () => new EchoMachine(), true, static _ => { }, static _ => { }, default);
        Assert.Equal((copy.AppendPosition, snapshot), (tool.EndPosition, tool.SnapshotPosition));
        Assert.Equal(MemberSnapshot.Hash(marks, machine), tool.StateHash);
    }

    private static void Append(SegmentedLog log, CommandType type, int count)
    {
        for (int i = 0; i < count; i++)
        {
            TestReqCommand command = default;
            System.Runtime.CompilerServices.Unsafe.As<TestReqCommand, CommandHeader>(ref command).Type = type;
            log.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<TestReqCommand>(in command)), LogEntryTypes.Command, 2, i);
        }
    }

    private static void Replay(LogReplayer replayer, SegmentedLog log, EgressAgent egress)
    {
        using LogReader reader = log.OpenReader(replayer.Position);
        while (reader.TryRead(out LogEntry entry))
        {
            replayer.Apply(entry, egress.Deliver);
        }
    }

    private static void CrashAt(string image, Guid logId, int step)
    {
        int count = 0;
        try
        {
            SnapshotInstaller.Run(image, logId, SegmentBytes, static _ => { }, _ =>
            {
                if (count++ == step)
                {
                    throw new OperationCanceledException();
                }
            });
        }
        catch (OperationCanceledException)
        {
            // The crash.
        }
    }

    private static void MakeOld(string directory, Guid logId)
    {
        using SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(directory), LogId = logId, SegmentBytes = SegmentBytes });
        log.Append(new byte[100], 1, 1, 1);
        SnapshotStore store = new(MemberDirectories.Snapshots(directory), logId, static _ => { });
        using (SnapshotFileWriter writer = store.Create(160, 1, 1))
        {
            writer.Complete(1);
        }

        using MessageHistory history = MessageHistory.Open(new HistoryOptions { Directory = MemberDirectories.History(directory), LogId = logId });
        history.Append(5, 1, [1, 2, 3]);
    }

    private static string Describe(string directory, Guid logId)
    {
        using SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(directory), LogId = logId, SegmentBytes = SegmentBytes });
        SnapshotStore store = new(MemberDirectories.Snapshots(directory), logId, static _ => { });
        using MessageHistory history = MessageHistory.Open(new HistoryOptions { Directory = MemberDirectories.History(directory), LogId = logId });
        return $"log {log.StartPosition} to {log.AppendPosition}; snapshots {string.Join(',', store.Positions())}; history {history.NextSeqNum(0)} {history.NextSeqNum(5)}";
    }

    private string Image(TransferPair pair, string name)
    {
        string image = Path.Combine(_root, name);
        TransferPair.Copy(pair.ReceiverDirectory, image);
        return image;
    }
}
