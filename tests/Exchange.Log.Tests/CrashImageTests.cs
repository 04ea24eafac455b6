using Exchange.Log.Segments;

namespace Exchange.Log.Tests;

// A crash leaves the directory as some mixture of what was flushed and what happened to be written. These tests copy a live log,
// spoil the copy in the ways a crash or a bad device can, and open it: what is recovered must be a prefix of what was appended and
// hold everything that was flushed, or damage must be reported.
public sealed class CrashImageTests
{
    private const int SectorBytes = 512;
    private const int PageBytes = 4096;

    [Fact]
    public void After_a_host_crash_the_log_is_a_prefix_that_holds_all_that_was_flushed()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 25; round++)
        {
            using TempDirectory directory = new();
            using TempDirectory image = new();
            List<byte[]> payloads = SegmentedLogTests.Payloads(random.Next(), 200 + random.Next(3000), 1 + random.Next(2000));
            long flushed;
            using (SegmentedLog log = SegmentedLogTests.Open(directory))
            {
                foreach (byte[] payload in payloads)
                {
                    log.Append(payload, 1, 1, 0);
                    if (random.Next(200) == 0)
                    {
                        log.Flush();
                    }
                }

                flushed = log.FlushedPosition;
                TempDirectory.Copy(directory.Path, image.Path);
            }

            LoseUnflushedPages(image.Path, flushed, random);
            using SegmentedLog recovered = SegmentedLogTests.Open(image);
            AssertPrefix(recovered, payloads, flushed, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void A_log_cut_off_at_any_byte_above_the_flushed_position_is_a_prefix()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using TempDirectory directory = new();
        using SegmentedLog log = SegmentedLogTests.Open(directory);
        List<byte[]> payloads = SegmentedLogTests.Payloads(seed, 600, 300);
        for (int i = 0; i < payloads.Count; i++)
        {
            log.Append(payloads[i], 1, 1, 0);
            if (i == 300)
            {
                log.Flush();
            }
        }

        for (int round = 0; round < 40; round++)
        {
            using TempDirectory image = new();
            TempDirectory.Copy(directory.Path, image.Path);
            string segment = SegmentDirectory.Paths(image.Path)[0];
            byte[] bytes = File.ReadAllBytes(segment);
            long cut = random.NextInt64(log.FlushedPosition, log.AppendPosition + 1);
            bytes.AsSpan((int)(PageBytes + cut)).Clear();
            File.WriteAllBytes(segment, bytes);
            using SegmentedLog recovered = SegmentedLogTests.Open(image);
            AssertPrefix(recovered, payloads, log.FlushedPosition, $"seed {seed}, cut at {cut}");
        }
    }

    [Fact]
    public void A_flipped_bit_in_a_closed_log_is_reported_or_harmless()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using TempDirectory directory = new();
        List<byte[]> payloads = SegmentedLogTests.Payloads(seed, 3000, 1000);
        long end = Write(directory, payloads);
        int reported = 0;
        for (int round = 0; round < 60; round++)
        {
            using TempDirectory image = new();
            TempDirectory.Copy(directory.Path, image.Path);
            string[] used = Array.FindAll(SegmentDirectory.Paths(image.Path), path => string.CompareOrdinal(Path.GetFileName(path), SegmentDescriptor.FileName(end)) < 0);
            string victim = used[random.Next(used.Length)];
            byte[] bytes = File.ReadAllBytes(victim);
            bytes[random.Next(round % 4 == 0 ? PageBytes : bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(victim, bytes);
            LogVerification verification = LogVerifier.Verify(image.Path);
            try
            {
                using SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = image.Path, SegmentBytes = LogOptions.SegmentBytesMin, VerifyAllOnOpen = true });
                Assert.True(log.AppendPosition == end, $"seed {seed}, round {round}: cut below what had been flushed");
                SegmentedLogTests.AssertHolds(log, payloads, payloads.Count);
                Assert.True(verification.IsSound);
            }
            catch (LogDamagedException damage)
            {
                reported++;
                Assert.Contains(Path.GetFileName(victim), damage.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', damage.Message);
                Assert.False(verification.IsSound);
            }
        }

        Assert.True(reported > 15, $"seed {seed}: only {reported} of 60 were noticed");
    }

    [Fact]
    public void A_damaged_old_entry_is_reported_by_the_reader_when_opening_skips_it()
    {
        using TempDirectory directory = new();
        Write(directory, SegmentedLogTests.Payloads(1, 3000, 1000));
        string first = SegmentDirectory.Paths(directory.Path)[0];
        byte[] bytes = File.ReadAllBytes(first);
        bytes[PageBytes + 20_000] ^= 1;
        File.WriteAllBytes(first, bytes);
        using SegmentedLog log = SegmentedLogTests.Open(directory);
        using LogReader reader = log.OpenReader(0);
        LogDamagedException damage = Assert.Throws<LogDamagedException>(() =>
        {
            while (reader.TryRead(out _))
            {
            }
        });
        Assert.Equal(first, damage.Segment);
        Assert.InRange(damage.Position, 18_000, 20_000);
        Assert.Contains("restore", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_entry_is_told_from_a_torn_tail_by_what_later_entries_say()
    {
        using TempDirectory directory = new();
        using TempDirectory image = new();
        long damaged;
        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            log.Append(new byte[100], 1, 1, 0);
            damaged = log.Append(new byte[100], 1, 1, 0);
            log.Append(new byte[100], 1, 1, 0);
            log.Flush();
            log.Append(new byte[100], 1, 1, 0);
            TempDirectory.Copy(directory.Path, image.Path);
        }

        string segment = SegmentDirectory.Paths(image.Path)[0];
        byte[] bytes = File.ReadAllBytes(segment);
        bytes.AsSpan(SegmentDescriptor.SlotAOffset, PageBytes - SegmentDescriptor.SlotAOffset).Clear();
        bytes[(int)(PageBytes + damaged + 50)] ^= 1;
        File.WriteAllBytes(segment, bytes);
        LogDamagedException damage = Assert.Throws<LogDamagedException>(() => SegmentedLogTests.Open(image).Dispose());
        Assert.Equal(damaged, damage.Position);
    }

    [Fact]
    public void Entries_behind_a_torn_one_never_come_back()
    {
        using TempDirectory directory = new();
        using TempDirectory image = new();
        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            log.Append(new byte[32], 1, 1, 0);
            log.Flush();
            for (int i = 0; i < 10; i++)
            {
                log.Append(new byte[32], 2, 1, i);
            }

            TempDirectory.Copy(directory.Path, image.Path);
        }

        string segment = SegmentDirectory.Paths(image.Path)[0];
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[PageBytes + 64 + 40] ^= 1;
        File.WriteAllBytes(segment, bytes);
        using (SegmentedLog log = SegmentedLogTests.Open(image))
        {
            Assert.Equal(64, log.AppendPosition);
            Assert.Equal(640, log.Recovery.TornBytes, 32.0);
            log.Append(new byte[32], 3, 1, 0);
            log.Abandon();
        }

        using SegmentedLog again = SegmentedLogTests.Open(image);
        Assert.Equal(128, again.AppendPosition);
        Assert.Equal(0, again.Recovery.TornBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_truncation_that_a_crash_interrupted_is_finished_when_the_log_is_opened(bool laterSegmentsGone)
    {
        using TempDirectory directory = new();
        List<byte[]> payloads = SegmentedLogTests.Payloads(4, 4000, 1000);
        Write(directory, payloads);
        File.Delete(directory[ShutdownMarker.FileName]);
        LogMetadata metadata = LogMetadata.Read(directory.Path)!;
        long position = 0;
        int kept = 0;
        using (ReadOnlyLog log = SegmentedLog.OpenReadOnly(directory.Path))
        using (LogReader reader = log.OpenReader(0))
        {
            for (; kept < 100; kept++)
            {
                Assert.True(reader.TryRead(out LogEntry entry));
                position = entry.EndPosition;
            }
        }

        string[] paths = SegmentDirectory.Paths(directory.Path);
        Segment first = Segment.Open(paths[0], writable: true);
        first.WriteWatermark(position, truncateTo: position);
        first.Zero(position, position + 3200);
        first.FlushHeader();
        first.Release();
        if (laterSegmentsGone)
        {
            (metadata with { LastSegmentStart = 0 }).Write(directory.Path);
            File.Delete(paths[^1]);
        }

        using SegmentedLog again = SegmentedLogTests.Open(directory);
        Assert.True(again.Recovery.TruncationFinished);
        Assert.Equal(position, again.AppendPosition);
        SegmentedLogTests.AssertHolds(again, payloads, kept);
    }

    internal static long Write(TempDirectory directory, List<byte[]> payloads)
    {
        using SegmentedLog log = SegmentedLogTests.Open(directory);
        foreach (byte[] payload in payloads)
        {
            log.Append(payload, 1, 1, 0);
        }

        return log.AppendPosition;
    }

    private static void LoseUnflushedPages(string directory, long flushed, Random random)
    {
        long start = 0;
        foreach (string path in SegmentDirectory.Paths(directory))
        {
            byte[] bytes = File.ReadAllBytes(path);
            long capacity = bytes.Length - PageBytes;
            for (long offset = 0; offset < capacity; offset += PageBytes)
            {
                Span<byte> page = bytes.AsSpan((int)(PageBytes + offset), (int)Math.Min(PageBytes, capacity - offset));
                int kept = (int)Math.Clamp(flushed - (start + offset), 0, page.Length);
                Span<byte> lost = page[kept..];
                switch (random.Next(4))
                {
                    case 0:
                        lost.Clear();
                        break;
                    case 1 when kept == 0:
                        page[(random.Next(PageBytes / SectorBytes) * SectorBytes)..].Clear();
                        break;
                    default:
                        break;
                }
            }

            // The newest watermark may not have reached the device either.
            if (random.Next(2) == 0)
            {
                bytes.AsSpan(SegmentDescriptor.SlotAOffset, SectorBytes).Clear();
            }

            File.WriteAllBytes(path, bytes);
            start += capacity;
        }
    }

    private static void AssertPrefix(SegmentedLog log, List<byte[]> payloads, long flushed, string context)
    {
        Assert.True(log.AppendPosition >= flushed, $"{context}: {log.AppendPosition} is below what was flushed, {flushed}");
        using LogReader reader = log.OpenReader(0);
        int index = 0;
        while (reader.TryRead(out LogEntry entry))
        {
            Assert.True(entry.Payload.SequenceEqual(payloads[index]), $"{context}: entry {index} differs");
            index++;
        }
    }
}
