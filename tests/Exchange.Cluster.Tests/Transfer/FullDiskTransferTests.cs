using Exchange.Cluster.Transfer;
using Exchange.Log;
using Exchange.Log.Tests.Platform;

namespace Exchange.Cluster.Tests.Transfer;

public sealed class FullDiskTransferTests
{
    [SmallDiskFact]
    public void A_disk_that_fills_up_refuses_the_transfer_and_the_member_lives_on()
    {
        using SmallDisk disk = new(6);
        using TransferPair pair = new(change: options => new SnapshotReceiverOptions
        {
            MemberDirectory = disk.Path,
            LogId = options.LogId,
            HistoryMessagesPerSession = options.HistoryMessagesPerSession,
            RoomLeftBytes = 0,
            FinishInline = true,
            Log = options.Log,
        });
        using SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(disk.Path), LogId = pair.LogId, SegmentBytes = LogOptions.SegmentBytesMin, SegmentsAhead = 1 });
        log.Append(new byte[800_000], 1, 1, 1);

        // First there is room for the file but not for the history behind it, then not even for the file.
        pair.MakeSnapshot(320, 1_000_000, 1);
        pair.AppendHistory(0, 40_000);
        AssertRefused(pair, disk.Path);
        pair.MakeSnapshot(640, 5_000_000, 1);
        AssertRefused(pair, disk.Path);
        log.Append(new byte[800_000], 1, 1, 1);
        log.Flush();
    }

    [Fact]
    public void With_nothing_to_do_a_turn_allocates_nothing()
    {
        using TransferPair pair = new();
        Turns(pair, 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turns(pair, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Turns(TransferPair pair, int count)
        {
            ReadOnlySpan<byte> consensus = [1, 0, 0, 0];
            for (int i = 0; i < count; i++)
            {
                pair.Sender.DoWork(i);
                pair.Receiver.DoWork();
                Assert.False(pair.Sender.OnMessage(1, consensus, i) || pair.Receiver.OnMessage(1, consensus));
            }
        }
    }

    private static void AssertRefused(TransferPair pair, string directory)
    {
        pair.NowNs += 10_000_000_000;
        Assert.True(pair.Begin());
        pair.Run();
        Assert.False(pair.Receiver.IsComplete);
        Assert.False(pair.Receiver.IsReceiving);
        Assert.False(Directory.Exists(MemberDirectories.Incoming(directory)));
        Assert.False(pair.Sender.Begin(TransferPair.ReceiverId, TransferPurpose.Install, pair.NowNs, out string refusal));
        Assert.Contains("refuses", refusal, StringComparison.Ordinal);
    }
}
