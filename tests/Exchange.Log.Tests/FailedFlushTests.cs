using Exchange.Log.Platform;
using Exchange.Log.Segments;

namespace Exchange.Log.Tests;

public sealed unsafe class FailedFlushTests
{
    [Fact]
    public void After_a_failed_flush_the_log_refuses_everything_and_the_next_start_knows()
    {
        using TempDirectory directory = new();
        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            log.Append(new byte[100], 1, 1, 1);
            log.Flush();
            long flushed = log.FlushedPosition;
            log.Append(new byte[100_000], 1, 1, 1);

            // Flushing a range that is not mapped fails as a device would; nothing touches the hole but the flush.
            Segment segment = log.View.Segments[0];
            Assert.Equal(0, LibC.Unmap((nint)segment.Address(segment.StartPosition + (16 * 4096)), 4096));
            LogFailedException failure = Assert.Throws<LogFailedException>(log.Flush);
            Assert.Contains("start again", failure.Message, StringComparison.Ordinal);
            Assert.Equal(flushed, log.FlushedPosition);
            Assert.Throws<LogFailedException>(log.Flush);
            Assert.Throws<LogFailedException>(() => log.Append([1], 1, 1, 1));
            Assert.Throws<LogFailedException>(() => log.TruncateAfter(flushed));
        }

        using SegmentedLog again = SegmentedLogTests.Open(directory);
        Assert.False(again.PreviousShutdown.WasClean);
    }

    [Fact]
    public void The_flusher_thread_ends_and_says_why()
    {
        using TempDirectory directory = new();
        using SegmentedLog log = SegmentedLogTests.Open(directory);
        log.Append(new byte[100_000], 1, 1, 1);
        Segment segment = log.View.Segments[0];
        Assert.Equal(0, LibC.Unmap((nint)segment.Address(segment.StartPosition + (16 * 4096)), 4096));
        using LogFlusher flusher = new(log, TimeSpan.Zero);
        Assert.True(SpinWait.SpinUntil(() => flusher.Failure is not null, TimeSpan.FromSeconds(10)));
        Assert.Equal(0, log.FlushedPosition);
        flusher.Wake();
    }
}
