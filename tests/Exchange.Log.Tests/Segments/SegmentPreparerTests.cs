using System.Diagnostics;
using Exchange.Log.Segments;
using Exchange.Log.Tests.Platform;

namespace Exchange.Log.Tests.Segments;

public sealed class SegmentPreparerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void As_many_segments_as_asked_for_are_ready_and_no_more(int ahead)
    {
        using TempDirectory directory = new();
        using SegmentedLog log = Open(directory.Path, ahead);
        Until(() => Count(directory.Path) == 1 + ahead, "the stock is not there");
        for (int round = 1; round < 8; round++)
        {
            FillOne(log);
            Until(() => Count(directory.Path) == round + ahead, $"the stock is not there in round {round}");
        }
    }

    [Fact]
    public void Segments_that_were_ready_are_kept_by_a_restart_and_by_a_truncation()
    {
        using TempDirectory directory = new();
        using (SegmentedLog log = Open(directory.Path, 3))
        {
            Until(() => Count(directory.Path) == 4, "the stock is not there");
            log.Append([1], 1, 1, 1);
            log.Abandon();
        }

        using SegmentedLog again = Open(directory.Path, 3);
        string[] before = SegmentDirectory.Paths(directory.Path);
        Assert.Equal(4, before.Length);
        long position = again.AppendPosition;
        again.Append([2], 1, 1, 1);
        again.TruncateAfter(position);
        for (int i = 0; i < 4; i++)
        {
            FillOne(again);
        }

        string[] after = SegmentDirectory.Paths(directory.Path);
        Assert.All(before, path => Assert.Contains(path, after));
        again.TruncateAfter(position);
        Assert.Equal(position, again.AppendPosition);
        Assert.Equal(again.LogId, LogVerifier.Verify(directory.Path).LogId);
        Until(() => Count(directory.Path) == 4, "the stock is not there");
        Assert.True(LogVerifier.Verify(directory.Path).IsSound);
    }

    [Fact]
    public void A_crash_while_segments_are_being_made_and_used_never_breaks_the_chain()
    {
        using TempDirectory directory = new();
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 12; round++)
        {
            using TempDirectory image = new();
            using SegmentedLog log = Open(directory.Path, 1 + random.Next(4));
            for (int i = random.Next(4); i > 0; i--)
            {
                FillOne(log);
            }

            log.TruncateAfter(random.Next(2) == 0 ? log.AppendPosition : log.StartPosition);
            TempDirectory.Copy(directory.Path, image.Path);
            long end = log.AppendPosition;
            using SegmentedLog recovered = Open(image.Path, 2);
            Assert.True(recovered.AppendPosition == end, $"seed {seed}, round {round}: {recovered.AppendPosition} instead of {end}");
        }
    }

    [SmallDiskFact]
    public void A_stock_that_found_the_disk_full_is_filled_up_as_soon_as_there_is_room()
    {
        using SmallDisk disk = new(5);
        string ballast = Path.Combine(disk.Path, "ballast");
        File.WriteAllBytes(ballast, new byte[(2 << 20) + (1 << 19)]);
        using SegmentedLog log = Open(disk.Path, 3);
        Until(() => log.PrepareFailure is DiskFullException, "the disk is not full");
        File.Delete(ballast);
        Until(() => log.PrepareFailure is null && Count(disk.Path) == 4, "the stock was not filled up");
    }

    [Fact]
    public void Wrong_numbers_are_refused()
    {
        using TempDirectory directory = new();
        Assert.Throws<ArgumentException>(() => Open(directory.Path, 0));
        Assert.Contains("from 1 to 16", Assert.Throws<ArgumentException>(() => Open(directory.Path, 17)).Message, StringComparison.Ordinal);
    }

    private static SegmentedLog Open(string directory, int ahead) =>
        SegmentedLog.Open(new LogOptions { Directory = directory, SegmentBytes = LogOptions.SegmentBytesMin, SegmentsAhead = ahead });

    private static void FillOne(SegmentedLog log)
    {
        for (int i = 0; i < 2; i++)
        {
            log.Append(new byte[520_000], 1, 1, 1);
        }
    }

    private static int Count(string directory) => SegmentDirectory.Paths(directory).Length;

    private static void Until(Func<bool> condition, string message)
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < s_patience, message);
            Thread.Yield();
        }
    }
}
