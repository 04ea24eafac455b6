using System.Runtime.InteropServices;
using System.Text;

namespace Exchange.Log.Tests;

public sealed class SegmentedLogTests
{
    private const long SmallSegment = LogOptions.SegmentBytesMin;

    [Fact]
    public void What_was_appended_is_read_back_with_all_its_fields()
    {
        using TempDirectory directory = new();
        using SegmentedLog log = Open(directory);
        long first = log.Append(Encoding.ASCII.GetBytes("one"), 7, 3, 1001);
        long second = log.Append([], 8, 4, 1002);
        Assert.Equal(64, first);
        Assert.Equal(96, second);

        using LogReader reader = log.OpenReader(0);
        Assert.True(reader.TryRead(out LogEntry entry));
        Assert.Equal("one", Encoding.ASCII.GetString(entry.Payload));
        Assert.Equal((0L, first, (ushort)7, 3L, 1001L), (entry.Position, entry.EndPosition, entry.Type, entry.Term, entry.TimestampNs));
        Assert.True(reader.TryRead(out entry));
        Assert.Equal((first, second, (ushort)8, 4L, 1002L, 0), (entry.Position, entry.EndPosition, entry.Type, entry.Term, entry.TimestampNs, entry.Payload.Length));
        Assert.False(reader.TryRead(out _));

        log.Append([1], 9, 4, 1003);
        Assert.True(reader.TryRead(out entry));
        Assert.Equal((ushort)9, entry.Type);
    }

    [Fact]
    public void A_claim_is_invisible_until_it_is_committed_and_can_be_given_up()
    {
        using TempDirectory directory = new();
        using SegmentedLog log = Open(directory);
        log.Claim(100).Fill(0xAB);
        Assert.Equal(0, log.AppendPosition);
        Span<byte> claim = log.Claim(5);
        claim.Fill(0xCD);
        Assert.Equal(64, log.Commit(1, 1, 1));
        log.Claim(500).Fill(0xEF);
        log.AbandonClaim();
        Assert.Throws<InvalidOperationException>(() => log.Commit(1, 1, 1));
        using LogReader reader = log.OpenReader(0);
        Assert.True(reader.TryRead(out LogEntry entry));
        Assert.Equal(new byte[] { 0xCD, 0xCD, 0xCD, 0xCD, 0xCD }, entry.Payload.ToArray());
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Entries_run_over_segment_boundaries_and_are_all_there_after_reopening()
    {
        using TempDirectory directory = new();
        List<byte[]> payloads = Payloads(seed: 1, count: 6000, lengthMax: 2000);
        long end;
        Guid id;
        using (SegmentedLog log = Open(directory))
        {
            id = log.LogId;
            for (int i = 0; i < payloads.Count; i++)
            {
                log.Append(payloads[i], 1, 1, i);
            }

            end = log.AppendPosition;
            AssertHolds(log, payloads, payloads.Count);
        }

        using SegmentedLog again = Open(directory);
        Assert.Equal(end, again.AppendPosition);
        Assert.Equal(end, again.FlushedPosition);
        Assert.Equal(id, again.LogId);
        Assert.Equal(0, again.Recovery.TornBytes);
        Assert.True(again.PreviousShutdown.WasClean);
        Assert.False(again.PreviousShutdown.HostRebooted);
        AssertHolds(again, payloads, payloads.Count);
        Assert.True(Directory.GetFiles(directory.Path, "*.seg").Length > 5);
    }

    [Fact]
    public void The_largest_payload_fits_and_one_byte_more_is_refused()
    {
        using TempDirectory directory = new();
        using SegmentedLog log = Open(directory);
        byte[] payload = new byte[log.PayloadBytesMax];
        payload.AsSpan().Fill(0x5A);
        log.Append([1], 1, 1, 1);
        log.Append(payload, 1, 1, 2);
        log.Append(payload, 1, 1, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Claim(payload.Length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Claim(-1));
        using LogReader reader = log.OpenReader(0);
        Assert.True(reader.TryRead(out LogEntry entry));
        Assert.True(reader.TryRead(out entry));
        Assert.True(reader.TryRead(out entry));
        Assert.True(entry.Payload.SequenceEqual(payload));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Flush_covers_everything_appended_before_it()
    {
        using TempDirectory directory = new();
        using SegmentedLog log = Open(directory);
        for (int i = 0; i < 3000; i++)
        {
            log.Append(new byte[900], 1, 1, i);
        }

        Assert.Equal(0, log.FlushedPosition);
        log.Flush();
        Assert.Equal(log.AppendPosition, log.FlushedPosition);
    }

    [Fact]
    public void Appending_allocates_nothing_even_across_segments()
    {
        using TempDirectory directory = new();
        using SegmentedLog log = Open(directory);
        byte[] payload = new byte[200];
        for (int i = 0; i < 50 && (i == 0 || log.PrepareWaitCount == 0); i++)
        {
            // Until the writer has also had to wait for a segment once, so that this path is warm too.
            Append(log, payload, 10_000);
        }

        int warm = (int)(log.AppendPosition / 256);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Append(log, payload, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        using LogReader reader = log.OpenReader(0);
        Assert.InRange(Read(reader, 10_000), 1, 10_000);
        before = GC.GetAllocatedBytesForCurrentThread();
        int rest = Read(reader, int.MaxValue);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(rest, warm - 1_000, warm);

        static void Append(SegmentedLog log, byte[] payload, int count)
        {
            for (int i = 0; i < count; i++)
            {
                log.Append(payload, 1, 1, i);
            }
        }

        static int Read(LogReader reader, int countMax)
        {
            int count = 0;
            while (count < countMax && reader.TryRead(out _))
            {
                count++;
            }

            return count;
        }
    }

    [Fact]
    public void Readers_follow_the_writer_on_other_threads_and_see_only_whole_entries()
    {
        using TempDirectory directory = new();
        using SegmentedLog log = Open(directory);
        const int Count = 200_000;
        using LogFlusher flusher = new(log, TimeSpan.FromMilliseconds(1));
        Exception? failure = null;
        Thread[] readers = new Thread[2];
        for (int i = 0; i < readers.Length; i++)
        {
            readers[i] = new Thread(() => failure ??= Record.Exception(() => Follow(log, Count)));
            readers[i].Start();
        }

        for (int i = 0; i < Count; i++)
        {
            int value = i;
            log.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref value)), 1, 1, i);
            flusher.Wake();
        }

        foreach (Thread reader in readers)
        {
            Assert.True(reader.Join(TimeSpan.FromSeconds(60)));
        }

        Assert.Null(failure);
        Assert.Null(flusher.Failure);
        flusher.Dispose();
        Assert.Equal(log.AppendPosition, log.FlushedPosition);

        static void Follow(SegmentedLog log, int count)
        {
            using LogReader reader = log.OpenReader(0);
            for (int expected = 0; expected < count;)
            {
                if (reader.TryRead(out LogEntry entry))
                {
                    Assert.Equal(expected++, BitConverter.ToInt32(entry.Payload));
                }
                else
                {
                    Thread.Yield();
                }
            }
        }
    }

    [Fact]
    public void Truncation_removes_exactly_what_lies_behind_and_other_entries_take_its_place()
    {
        using TempDirectory directory = new();
        List<byte[]> payloads = Payloads(seed: 2, count: 5000, lengthMax: 1500);
        List<long> starts = [];
        using (SegmentedLog log = Open(directory))
        {
            foreach (byte[] payload in payloads)
            {
                starts.Add(log.AppendPosition);
                log.Append(payload, 1, 1, 0);
            }

            log.Flush();
            Assert.Throws<ArgumentException>(() => log.TruncateAfter(starts[10] + 32));
            using LogReader behind = log.OpenReader(starts[4999]);
            using LogReader before = log.OpenReader(starts[500]);
            log.TruncateAfter(starts[1000]);
            Assert.Equal(starts[1000], log.AppendPosition);
            Assert.Equal(starts[1000], log.FlushedPosition);
            Assert.Throws<InvalidOperationException>(() => behind.TryRead(out _));
            Assert.True(before.TryRead(out LogEntry entry));
            Assert.True(entry.Payload.SequenceEqual(payloads[500]));
            AssertHolds(log, payloads, 1000);

            payloads.RemoveRange(1000, payloads.Count - 1000);
            payloads.AddRange(Payloads(seed: 3, count: 5000, lengthMax: 1500));
            for (int i = 1000; i < payloads.Count; i++)
            {
                log.Append(payloads[i], 1, 2, 0);
            }

            AssertHolds(log, payloads, payloads.Count);
        }

        using SegmentedLog again = Open(directory);
        AssertHolds(again, payloads, payloads.Count);
    }

    [Fact]
    public void Deleting_removes_whole_flushed_segments_only_and_the_rest_reopens()
    {
        using TempDirectory directory = new();
        long start;
        using (SegmentedLog log = Open(directory))
        {
            for (int i = 0; i < 5000; i++)
            {
                log.Append(new byte[1000], 1, 1, i);
            }

            log.DeleteBefore(log.AppendPosition);
            Assert.Equal(0, log.StartPosition);
            log.Flush();
            log.DeleteBefore(log.AppendPosition / 2);
            start = log.StartPosition;
            Assert.True(start > 0 && start <= log.AppendPosition / 2);
            Assert.Throws<ArgumentOutOfRangeException>(() => log.OpenReader(0));
        }

        using SegmentedLog again = Open(directory);
        Assert.Equal(start, again.StartPosition);
        using LogReader reader = again.OpenReader(start);
        long expected = -1;
        while (reader.TryRead(out LogEntry entry))
        {
            Assert.True(expected < 0 || entry.TimestampNs == expected);
            expected = entry.TimestampNs + 1;
        }

        Assert.Equal(5000, expected);
    }

    [Fact]
    public void Wrong_options_are_refused_with_the_range_that_is_allowed()
    {
        Assert.Contains("1048576 to 1073741824", Assert.Throws<ArgumentException>(
            () => SegmentedLog.Open(new LogOptions { Directory = "/nonexistent", SegmentBytes = 4096 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SegmentedLog.Open(new LogOptions { Directory = " " }));
    }

    internal static SegmentedLog Open(TempDirectory directory) => Open(directory.Path);

    internal static SegmentedLog Open(string directory) => SegmentedLog.Open(new LogOptions { Directory = directory, SegmentBytes = SmallSegment });

    internal static List<byte[]> Payloads(int seed, int count, int lengthMax)
    {
        Random random = new(seed);
        List<byte[]> payloads = [];
        for (int i = 0; i < count; i++)
        {
            byte[] payload = new byte[random.Next(lengthMax + 1)];
            random.NextBytes(payload);
            payloads.Add(payload);
        }

        return payloads;
    }

    internal static void AssertHolds(SegmentedLog log, List<byte[]> payloads, int count)
    {
        using LogReader reader = log.OpenReader(log.StartPosition);
        for (int i = 0; i < count; i++)
        {
            Assert.True(reader.TryRead(out LogEntry entry), $"entry {i} is missing");
            Assert.True(entry.Payload.SequenceEqual(payloads[i]), $"entry {i} differs");
        }

        Assert.False(reader.TryRead(out _));
    }
}
