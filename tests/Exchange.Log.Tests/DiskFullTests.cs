using Exchange.Log.History;
using Exchange.Log.Snapshots;
using Exchange.Log.Tests.Platform;

namespace Exchange.Log.Tests;

public sealed class DiskFullTests
{
    [SmallDiskFact]
    public void A_full_disk_refuses_the_append_loses_nothing_and_goes_on_when_there_is_room()
    {
        using SmallDisk disk = new(5);
        byte[] payload = new byte[1000];
        long count = 0;
        using (SegmentedLog log = SegmentedLogTests.Open(disk.Path))
        {
            DiskFullException full = Assert.Throws<DiskFullException>(() =>
            {
                while (count < 1_000_000)
                {
                    BitConverter.TryWriteBytes(payload, count);
                    log.Append(payload, 1, 1, count);
                    count++;
                }
            });
            Assert.Contains("free space", full.Message, StringComparison.Ordinal);
            Assert.Contains(disk.Path, full.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', full.Message);
            Assert.NotNull(log.PrepareFailure);
            Assert.Throws<DiskFullException>(() => log.Append(payload, 1, 1, count));
            Assert.InRange(count, 3000, 5000);
            AssertCount(log, count);
            log.Flush();
            Assert.Equal(log.AppendPosition, log.FlushedPosition);

            log.DeleteBefore(log.AppendPosition / 2);
            BitConverter.TryWriteBytes(payload, count);
            log.Append(payload, 1, 1, count);
            count++;
            AssertCount(log, count);
        }

        using SegmentedLog again = SegmentedLogTests.Open(disk.Path);
        AssertCount(again, count);
    }

    [SmallDiskFact]
    public void A_log_that_does_not_fit_at_all_is_refused_and_leaves_nothing_half_made()
    {
        using SmallDisk disk = new(4);
        DiskFullException full = Assert.Throws<DiskFullException>(() =>
            SegmentedLog.Open(new LogOptions { Directory = disk.Path, SegmentBytes = 8 << 20 }).Dispose());
        Assert.Contains("free space", full.Message, StringComparison.Ordinal);
        SegmentedLogTests.Open(disk.Path).Dispose();
    }

    [SmallDiskFact]
    public void A_full_disk_refuses_a_message_of_the_history_and_loses_none()
    {
        using SmallDisk disk = new(5);
        int seq = 1;
        using (MessageHistory history = History.MessageHistoryTests.Open(disk.Path))
        {
            DiskFullException full = Assert.Throws<DiskFullException>(() =>
            {
                for (; seq < 1_000_000; seq++)
                {
                    history.Append(1, seq, History.MessageHistoryTests.Record(1, seq));
                }
            });
            Assert.Contains("free space", full.Message, StringComparison.Ordinal);
            Assert.True(seq > 1000);
            History.MessageHistoryTests.AssertHolds(history, 1, 1, seq - 1);
            Assert.Equal(seq, history.NextSeqNum(1));
            history.Flush();
            Assert.Throws<DiskFullException>(() => history.Append(1, seq, new byte[2000]));
        }

        using MessageHistory again = History.MessageHistoryTests.Open(disk.Path);
        History.MessageHistoryTests.AssertHolds(again, 1, 1, seq - 1);
    }

    [SmallDiskFact]
    public void A_snapshot_that_finds_the_disk_full_leaves_the_older_one()
    {
        using SmallDisk disk = new(2);
        SnapshotStore store = new(disk.Path, Guid.NewGuid(), _ => { });
        using (SnapshotFileWriter writer = store.Create(32, 1, 1))
        {
            writer.Write(new byte[100_000]);
            writer.Complete(1);
        }

        Assert.Throws<DiskFullException>(() =>
        {
            using SnapshotFileWriter writer = store.Create(64, 1, 1);
            for (int i = 0; i < 100; i++)
            {
                writer.Write(new byte[100_000]);
            }
        });
        Assert.True(store.TryOpenNewest(out SnapshotFileReader? snapshot));
        Assert.Equal(32, snapshot.Info.Position);
        snapshot.Dispose();
        Assert.Single(Directory.GetFiles(disk.Path));
    }

    private static void AssertCount(SegmentedLog log, long count)
    {
        using LogReader reader = log.OpenReader(log.StartPosition);
        long expected = -1;
        while (reader.TryRead(out LogEntry entry))
        {
            long index = BitConverter.ToInt64(entry.Payload);
            Assert.True(expected < 0 || index == expected);
            expected = index + 1;
        }

        Assert.Equal(count, expected);
    }
}
