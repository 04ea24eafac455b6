using System.Runtime.InteropServices;
using Exchange.Cluster.Recovery;
using Exchange.Cluster.Transfer;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster.Tests.Transfer;

public sealed class SnapshotTransferTests
{
    private const long SegmentBytes = LogOptions.SegmentBytesMin;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_440)]
    [InlineData(1_000_003)]
    public void An_empty_member_gets_snapshot_and_history_and_starts_from_them(int contentBytes)
    {
        using TransferPair pair = new();
        SnapshotInfo info = pair.MakeSnapshot(3_200_000, contentBytes, 1);
        pair.AppendHistory(0, 5000);
        pair.AppendHistory(3, 10);
        pair.History!.Reset(3);
        pair.AppendHistory(3, 7);
        pair.History.StartAt(9, 4, 1000);
        pair.AppendHistory(9, 1);
        pair.History.Append(7, 1, new byte[700_000]);
        pair.History.Append(7, 2, []);
        Assert.True(pair.Begin());
        pair.Run();
        Assert.True(pair.Receiver.IsComplete);
        Assert.Equal(info.Position, pair.Receiver.CompletePosition);
        Assert.Equal(info.Position, pair.Sender.HeldPosition(TransferPair.ReceiverId));
        Assert.False(pair.Sender.Begin(TransferPair.ReceiverId, TransferPurpose.Install, pair.NowNs, out string busy));
        Assert.Contains("installing", busy, StringComparison.Ordinal);

        pair.RestartReceiver();
        Assert.True(pair.Receiver.IsComplete);
        Assert.True(SnapshotInstaller.Run(pair.ReceiverDirectory, pair.LogId, SegmentBytes, static _ => { }));
        Assert.False(SnapshotInstaller.Run(pair.ReceiverDirectory, pair.LogId, SegmentBytes, static _ => { }));
        AssertInstalled(pair, info);
        using MessageHistory there = pair.OpenHistory(pair.ReceiverDirectory);
        AssertSame(pair.History, there, [0, 3, 7, 9]);
        Assert.Equal((4L, 1000L, 1001L), (there.Epoch(9), there.FirstSeqNum(9), there.NextSeqNum(9)));
    }

    [Fact]
    public void A_last_chunk_that_is_lost_without_a_word_is_sent_again() => Disturbed(17716790, rounds: 1);

    [Fact]
    public void Whatever_is_lost_on_the_way_the_transfer_ends_with_everything_there() => Disturbed(Environment.TickCount, rounds: 6);

    [Fact]
    public void Messages_sent_meanwhile_resets_and_drops_do_not_confuse_what_arrives()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using TransferPair pair = new();
        pair.MakeSnapshot(64, 10, 1);
        for (int session = 0; session < 20; session++)
        {
            pair.AppendHistory(session, random.Next(2000));
        }

        Dictionary<int, (long Epoch, long Next)> atStart = [];
        for (int session = 0; session < 20; session++)
        {
            atStart[session] = (pair.History!.Epoch(session), pair.History.NextSeqNum(session));
        }

        Assert.True(pair.Begin());
        while (pair.Sender.IsSending(TransferPair.ReceiverId))
        {
            pair.AppendHistory(random.Next(20), random.Next(200));
            if (random.Next(20) == 0)
            {
                pair.History!.Reset(random.Next(20));
            }

            pair.Turn();
        }

        Assert.True(SnapshotInstaller.Run(pair.ReceiverDirectory, pair.LogId, SegmentBytes, static _ => { }));
        using MessageHistory there = pair.OpenHistory(pair.ReceiverDirectory);
        foreach ((int session, (long epoch, long next)) in atStart)
        {
            // Of the epoch in which the session was when it was read, everything up to then, and nothing else. What was sent before a
            // reset is of no use any more.
            long came = there.Epoch(session);
            Assert.True(came >= epoch && came <= pair.History!.Epoch(session), $"seed {seed}");
            Assert.True(pair.History.Epoch(session) > epoch || there.Reaches(session, epoch, next), $"seed {seed}, session {session}");
            for (long seq = there.FirstSeqNum(session); seq < there.NextSeqNum(session); seq++)
            {
                Assert.True(there.TryRead(session, seq, out ReadOnlySpan<byte> record) && record.SequenceEqual(TransferPair.Record(session, came, seq)), $"seed {seed}");
            }
        }
    }

    [Fact]
    public void A_witness_keeps_what_it_is_given_says_what_it_has_and_hands_it_out()
    {
        using TransferPair pair = new(keepsForOthers: true);
        for (long position = 320; position <= 1600; position += 320)
        {
            pair.MakeSnapshot(position, 200_000, (int)position);
            Assert.True(pair.Begin(TransferPurpose.Keep));
            pair.Run();
            Assert.Equal(position, pair.Receiver.KeptPosition);
            Assert.Equal(position, pair.Sender.HeldPosition(TransferPair.ReceiverId));
            Assert.False(pair.Receiver.IsComplete);
        }

        string snapshots = MemberDirectories.Snapshots(pair.ReceiverDirectory);
        Assert.Equal(2, Directory.GetFiles(snapshots).Length);
        Assert.True(pair.Begin(TransferPurpose.Keep));
        Assert.False(pair.Sender.IsSending(TransferPair.ReceiverId));

        // A new leader knows nothing of that and asks.
        pair.Sender.CancelAll();
        pair.RestartReceiver();
        Assert.Equal(1600, pair.Receiver.KeptPosition);
        long sent = pair.ToReceiver.Sent;
        Assert.True(pair.Begin(TransferPurpose.Keep));
        pair.Run();
        Assert.Equal(sent + 1, pair.ToReceiver.Sent);

        SnapshotStore store = new(snapshots, pair.LogId, static _ => { });
        using LinkedTransport wire = new();
        using SnapshotSender witness = new(wire, store, null, static _ => { });
        Assert.True(witness.Begin(1, TransferPurpose.Install, 1, out _));
        Assert.True(store.TryOpenNewest(out SnapshotFileReader? reader));
        using (reader)
        {
            Assert.Equal(1600, reader.Info.Position);
        }
    }

    [Fact]
    public void A_snapshot_that_does_not_check_is_refused_and_an_older_one_sent()
    {
        using TransferPair pair = new();
        pair.MakeSnapshot(320, 300_000, 1);
        SnapshotInfo newest = pair.MakeSnapshot(640, 300_000, 2);
        using (FileStream file = new(newest.Path, FileMode.Open))
        {
            file.Position = 150_000;
            file.WriteByte(unchecked((byte)(file.ReadByte() + 1)));
        }

        Assert.True(pair.Begin());
        pair.Run();
        Assert.False(pair.Receiver.IsComplete);
        Assert.False(pair.Sender.Begin(TransferPair.ReceiverId, TransferPurpose.Install, pair.NowNs, out string refusal));
        Assert.Contains("checksum", refusal, StringComparison.Ordinal);
        pair.NowNs += 10_000_000_000;
        Assert.True(pair.Begin());
        pair.Run();
        Assert.Equal(320, pair.Receiver.CompletePosition);
    }

    [Fact]
    public void What_is_not_wanted_is_refused_with_words()
    {
        using TransferPair old = new();
        old.MakeSnapshot(320, 10, 1);
        old.Receiver.PositionMin = 320;
        AssertRefused(old, TransferPurpose.Install, "everything to 320");
        AssertRefused(old, TransferPurpose.Keep, "its own snapshots");

        using TransferPair foreign = new(change: static options => With(options, Guid.NewGuid(), options.FileBytesMax, 0));
        foreign.MakeSnapshot(320, 10, 1);
        AssertRefused(foreign, TransferPurpose.Install, foreign.LogId.ToString("D"));

        using TransferPair large = new(change: static options => With(options, options.LogId, 1000, 0));
        large.MakeSnapshot(320, 2000, 1);
        AssertRefused(large, TransferPurpose.Install, "takes 1000");

        using TransferPair full = new(change: static options => With(options, options.LogId, options.FileBytesMax, long.MaxValue / 2));
        full.MakeSnapshot(320, 2000, 1);
        AssertRefused(full, TransferPurpose.Install, "are free");
        Assert.Empty(Directory.GetFileSystemEntries(full.ReceiverDirectory));

        using TransferPair none = new();
        Assert.False(none.Sender.Begin(TransferPair.ReceiverId, TransferPurpose.Install, 1, out string refusal));
        Assert.Contains("no snapshot", refusal, StringComparison.Ordinal);

        // The directory is not read again and again: it is asked once a second.
        none.MakeSnapshot(320, 2000, 1);
        Assert.False(none.Sender.Begin(TransferPair.ReceiverId, TransferPurpose.Install, 1_000_000, out refusal));
        Assert.True(none.Sender.Begin(TransferPair.ReceiverId, TransferPurpose.Install, 1_500_000_000, out _));
    }

    [Fact]
    public void What_another_member_offers_meanwhile_changes_no_answer_to_the_sender()
    {
        using TransferPair pair = new();
        pair.MakeSnapshot(320, 500_000, 1);
        Assert.True(pair.Begin());
        TransferOffer offer = new() { Header = new TransferHeader { Type = TransferMessageType.Offer, Attempt = 7, TransferId = 99 }, LogId = Guid.NewGuid() };
        byte[] stranger = MemoryMarshal.AsBytes(new ReadOnlySpan<TransferOffer>(in offer)).ToArray();
        for (int turn = 0; pair.Sender.IsSending(TransferPair.ReceiverId); turn++)
        {
            Assert.True(turn < 1000, "the transfer does not end");
            pair.NowNs += 1_000_000;
            pair.Sender.DoWork(pair.NowNs);
            while (pair.ToReceiver.TryTake(out byte[] message))
            {
                // The answer has to wait, and a stranger comes in between.
                pair.ToSender.QueueMax = 0;
                pair.Receiver.OnMessage(TransferPair.SenderId, message);
                pair.Receiver.OnMessage(9, stranger);
                pair.ToSender.QueueMax = 8;
                pair.Receiver.DoWork();
                Assert.Equal(TransferPair.SenderId, pair.ToSender.LastTo);
                Assert.True(pair.ToSender.TryTake(out byte[] answer));
                Assert.NotEqual(99ul, MemoryMarshal.Read<TransferHeader>(answer).TransferId);
                pair.Sender.OnMessage(TransferPair.ReceiverId, answer, pair.NowNs);
            }
        }

        Assert.Equal(320, pair.Receiver.CompletePosition);
    }

    [Fact]
    public void An_interrupted_snapshot_goes_on_where_it_stopped()
    {
        using TransferPair pair = new(withHistory: false);
        pair.MakeSnapshot(320, 3_000_000, 1);
        Assert.True(pair.Begin());
        while (pair.Sender.Progress(TransferPair.ReceiverId).AcknowledgedBytes < 2_000_000)
        {
            pair.Turn();
        }

        pair.ToReceiver.Cut();
        pair.ToSender.Cut();
        pair.Turn();
        pair.ToReceiver.IsUp = true;
        pair.ToSender.IsUp = true;
        long sent = pair.ToReceiver.Sent;
        pair.Run();
        Assert.True(pair.Receiver.IsComplete);
        Assert.InRange(pair.ToReceiver.Sent - sent, 3, 20);
    }

    [Fact]
    public void A_transfer_cut_off_by_a_crash_leaves_nothing_that_counts()
    {
        using TransferPair pair = new();
        pair.MakeSnapshot(320, 1_000_000, 1);
        pair.AppendHistory(0, 5000);
        Assert.True(pair.Begin());
        for (int turn = 0; turn < 20; turn++)
        {
            pair.Turn();
        }

        Assert.True(pair.Receiver.IsReceiving);
        string image = Path.Combine(pair.SenderDirectory, "image");
        TransferPair.Copy(pair.ReceiverDirectory, image);
        Assert.True(Directory.Exists(MemberDirectories.Incoming(image)));
        Assert.False(SnapshotInstaller.Run(image, pair.LogId, SegmentBytes, static _ => { }));
        Assert.Empty(Directory.GetFileSystemEntries(image));
    }

    [Fact]
    public void Checking_aside_gives_the_same()
    {
        using TransferPair pair = new(change: static options => new SnapshotReceiverOptions { MemberDirectory = options.MemberDirectory, LogId = options.LogId, RoomLeftBytes = 0 });
        pair.MakeSnapshot(320, 1_000_000, 1);
        pair.AppendHistory(0, 5000);
        Assert.True(pair.Begin());
        long deadline = Environment.TickCount64 + 30_000;
        while (pair.Sender.IsSending(TransferPair.ReceiverId))
        {
            Assert.True(Environment.TickCount64 < deadline, "the transfer does not end");
            pair.Turn();
        }

        Assert.True(pair.Receiver.IsComplete);
    }

    private static void Disturbed(int seed, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            Random random = new(seed + round);
            using TransferPair pair = new();
            SnapshotInfo info = pair.MakeSnapshot(6_400_000, random.Next(2_000_000), seed);
            pair.AppendHistory(1, 20_000);
            pair.AppendHistory(2, 3000);
            Assert.True(pair.Begin());
            for (int turn = 0; pair.Sender.IsSending(TransferPair.ReceiverId); turn++)
            {
                Assert.True(turn < 200_000, $"seed {seed + round}: the transfer does not end");
                Disturb(pair, random, turn);
                pair.Turn(random.Next(5));
            }

            Assert.True(pair.Receiver.IsComplete, $"seed {seed + round}: {string.Join("; ", pair.Said)}");
            Assert.True(SnapshotInstaller.Run(pair.ReceiverDirectory, pair.LogId, SegmentBytes, static _ => { }));
            AssertInstalled(pair, info);
            using MessageHistory there = pair.OpenHistory(pair.ReceiverDirectory);
            AssertSame(pair.History!, there, [1, 2]);
        }
    }

    private static void Disturb(TransferPair pair, Random random, int turn)
    {
        switch (random.Next(60))
        {
            case 0:
                pair.ToReceiver.Cut();
                pair.ToSender.Cut();
                if (random.Next(2) == 0)
                {
                    pair.Sender.OnDisconnected(TransferPair.ReceiverId);
                }

                break;
            case 1 when turn < 400:
                // Lost without a word, as when the other process died and came back between two looks.
                pair.ToReceiver.Cut();
                pair.ToSender.Cut();
                pair.ToReceiver.IsUp = true;
                pair.ToSender.IsUp = true;
                break;
            case 2 when turn < 400 && !pair.Receiver.IsComplete:
                pair.RestartReceiver();
                break;
            default:
                pair.ToReceiver.IsUp = true;
                pair.ToSender.IsUp = true;
                break;
        }
    }

    private static SnapshotReceiverOptions With(SnapshotReceiverOptions options, Guid logId, long fileBytesMax, long roomLeft) => new()
    {
        MemberDirectory = options.MemberDirectory,
        LogId = logId,
        FileBytesMax = fileBytesMax,
        RoomLeftBytes = roomLeft,
        FinishInline = true,
        Log = options.Log,
    };

    private static void AssertRefused(TransferPair pair, TransferPurpose purpose, string words)
    {
        pair.NowNs += 10_000_000_000;
        Assert.True(pair.Begin(purpose));
        pair.Run();
        Assert.False(pair.Receiver.IsComplete);
        Assert.False(pair.Sender.Begin(TransferPair.ReceiverId, purpose, pair.NowNs, out string refusal));
        Assert.Contains(words, refusal, StringComparison.Ordinal);
    }

    private static void AssertInstalled(TransferPair pair, SnapshotInfo info)
    {
        Assert.False(Directory.Exists(MemberDirectories.Incoming(pair.ReceiverDirectory)));
        using SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(pair.ReceiverDirectory), LogId = pair.LogId, SegmentBytes = SegmentBytes });
        Assert.Equal((info.Position, info.Position), (log.StartPosition, log.AppendPosition));
        SnapshotStore store = new(MemberDirectories.Snapshots(pair.ReceiverDirectory), pair.LogId, static line => Assert.Fail(line));
        Assert.True(store.TryOpenNewest(out SnapshotFileReader? reader));
        using (reader)
        {
            Assert.Equal(info with { Path = reader.Info.Path }, reader.Info);
        }

        Assert.Equal(File.ReadAllBytes(info.Path), File.ReadAllBytes(SnapshotFileCopy.PathOf(store.Directory, info.Position)));
    }

    private static void AssertSame(MessageHistory here, MessageHistory there, int[] sessions)
    {
        foreach (int session in sessions)
        {
            Assert.Equal((here.Epoch(session), here.FirstSeqNum(session), here.NextSeqNum(session)), (there.Epoch(session), there.FirstSeqNum(session), there.NextSeqNum(session)));
            for (long seq = here.FirstSeqNum(session); seq < here.NextSeqNum(session); seq++)
            {
                Assert.True(here.TryRead(session, seq, out ReadOnlySpan<byte> expected) && there.TryRead(session, seq, out ReadOnlySpan<byte> actual) && actual.SequenceEqual(expected), $"message {seq} of session {session}");
            }
        }
    }
}
