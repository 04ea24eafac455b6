using System.Diagnostics;
using Exchange.Cluster.Peers;
using Exchange.Log;

namespace Exchange.Cluster.Tests;

public sealed class FlushWakeTests
{
    [Fact]
    public void Who_waits_for_the_device_is_woken_by_the_flush_and_then_sleeps_again()
    {
        string directory = Directory.CreateTempSubdirectory("exchange-flush-").FullName;
        using (SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = directory, SegmentBytes = LogOptions.SegmentBytesMin, ZeroFill = false }))
        using (NoPeers alone = new())
        using (LogFlushThread flush = new(log, TimeSpan.Zero, alone.Poller!.Wake))
        {
            for (int round = 0; round < 20; round++)
            {
                long end = log.Append("entry"u8, 1, 1, 1);
                flush.Wake();
                long start = Stopwatch.GetTimestamp();
                while (log.FlushedPosition < end)
                {
                    Assert.True(alone.Poller.WaitForInput(30_000_000_000), "nobody woke it");
                }

                Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
            }

            // A late wake-up may be left over, and is heard as long as its thread is kept from saying that it has written; but not for ever.
            long last = Stopwatch.GetTimestamp();
            while (alone.Poller.WaitForInput(1_000_000))
            {
                Assert.True(Stopwatch.GetElapsedTime(last) < TimeSpan.FromSeconds(20), "a wake-up that was heard is heard again and again");
            }
        }

        Directory.Delete(directory, recursive: true);
    }
}
