using Exchange.Log.History;
using Exchange.Log.Tests.Platform;

namespace Exchange.Log.Tests;

public sealed class FailedFlushTests
{
    [FailingDiskFact]
    public void After_a_failed_flush_the_log_refuses_everything_and_does_not_claim_a_clean_shutdown()
    {
        using FailingDisk disk = new();
        LogOptions options = new() { Directory = disk.Path, SegmentBytes = 4 << 20, ZeroFill = false };
        using SegmentedLog log = SegmentedLog.Open(options);
        log.Append(new byte[100], 1, 1, 1);
        log.Flush();
        long flushed = log.FlushedPosition;
        log.Append(new byte[3_000_000], 1, 1, 1);
        disk.Break();
        LogFailedException failure = Assert.Throws<LogFailedException>(log.Flush);
        Assert.Contains("start again", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Equal(flushed, log.FlushedPosition);
        Assert.Throws<LogFailedException>(log.Flush);
        Assert.Throws<LogFailedException>(() => log.Append([1], 1, 1, 1));
        Assert.Throws<LogFailedException>(() => log.TruncateAfter(flushed));
        log.Dispose();
        Assert.DoesNotContain("clean", File.ReadAllText(Path.Combine(disk.Path, "shutdown.marker")), StringComparison.Ordinal);
    }

    [FailingDiskFact]
    public void The_flusher_thread_ends_and_says_why()
    {
        using FailingDisk disk = new();
        using SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = disk.Path, SegmentBytes = 4 << 20, ZeroFill = false });
        using LogFlusher flusher = new(log, TimeSpan.Zero);
        disk.Break();
        log.Append(new byte[3_000_000], 1, 1, 1);
        flusher.Wake();
        Assert.True(SpinWait.SpinUntil(() => flusher.Failure is not null, TimeSpan.FromSeconds(30)));
        Assert.Equal(0, log.FlushedPosition);
        flusher.Wake();
    }

    [FailingDiskFact]
    public void A_history_whose_flush_failed_never_claims_to_be_durable()
    {
        using FailingDisk disk = new();
        using MessageHistory history = MessageHistory.Open(new HistoryOptions { Directory = disk.Path, LogId = Guid.NewGuid(), FirstSegmentBytes = 4 << 20 });
        byte[] record = new byte[100_000];
        for (int seq = 1; seq <= 30; seq++)
        {
            history.Append(1, seq, record);
        }

        disk.Break();
        Assert.Throws<LogFailedException>(history.Flush);
        Assert.Throws<LogFailedException>(history.Flush);
    }
}
