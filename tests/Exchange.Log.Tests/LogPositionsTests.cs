using Exchange.Log.Segments;

namespace Exchange.Log.Tests;

// Members of a cluster compare positions, so a position must follow from the entries alone: not from claims that were given up, from
// truncations, from crashes, nor from where a log happens to begin.
public sealed class LogPositionsTests
{
    private const long Capacity = LogOptions.SegmentBytesMin - 4096;

    [Fact]
    public void Equal_entries_have_equal_positions_whatever_happened_in_between()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using TempDirectory plain = new();
        using TempDirectory troubled = new();
        using SegmentedLog reference = SegmentedLogTests.Open(plain);
        SegmentedLog log = SegmentedLogTests.Open(troubled);
        try
        {
            for (int i = 0; i < 400; i++)
            {
                byte[] payload = new byte[random.Next(random.Next(20) == 0 ? 600_000 : 4000)];
                switch (random.Next(5))
                {
                    case 0:
                        log.Claim(random.Next(log.PayloadBytesMax)).Fill(1);
                        log.AbandonClaim();
                        break;
                    case 1:
                        Disturb(log, random);
                        break;
                    case 2 when random.Next(10) == 0:
                        log.Abandon();
                        log = SegmentedLogTests.Open(troubled);
                        break;
                    default:
                        break;
                }

                long expected = reference.Append(payload, 1, 1, i);
                Assert.True(expected == log.Append(payload, 1, 1, i), $"seed {seed}, entry {i}");
            }
        }
        finally
        {
            log.Dispose();
        }
    }

    [Fact]
    public void An_entry_that_a_crash_took_takes_the_padding_before_it_along()
    {
        using TempDirectory directory = new();
        using TempDirectory image = new();
        long before;
        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            before = log.Append(new byte[900_000], 1, 1, 1);
            log.Flush();
            log.Append(new byte[900_000], 1, 1, 2);
            TempDirectory.Copy(directory.Path, image.Path);
        }

        using (FileStream second = new(image[SegmentDescriptor.FileName(Capacity)], FileMode.Open))
        {
            second.Position = SegmentDescriptor.HeaderBytes;
            second.Write(new byte[900_100]);
        }

        using SegmentedLog recovered = SegmentedLogTests.Open(image);
        Assert.Equal(before, recovered.AppendPosition);
        Assert.Equal(before + 64, recovered.Append([1], 1, 1, 3));
        Assert.Equal(2, Count(recovered));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Capacity)]
    [InlineData((5 * Capacity) + 32)]
    [InlineData((7 * Capacity) + 500_000 - (500_000 % 32))]
    [InlineData((8 * Capacity) - 32)]
    public void A_log_may_begin_at_any_position_and_keeps_the_segment_boundaries_of_one_that_begins_at_zero(long start)
    {
        using TempDirectory directory = new();
        Guid id = Guid.NewGuid();
        List<byte[]> payloads = SegmentedLogTests.Payloads(3, 4000, 1000);
        long end;
        using (SegmentedLog log = Open(directory, id, start))
        {
            Assert.Equal((id, start, start, start), (log.LogId, log.StartPosition, log.AppendPosition, log.FlushedPosition));
            Assert.Throws<ArgumentException>(() => log.TruncateAfter(start - 32));
        }

        using (SegmentedLog log = Open(directory, id, 0))
        {
            Assert.Equal((start, start), (log.StartPosition, log.AppendPosition));
            payloads.ForEach(payload => log.Append(payload, 1, 1, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => log.OpenReader(start - 1));
            SegmentedLogTests.AssertHolds(log, payloads, payloads.Count);
            end = log.AppendPosition;
            log.TruncateAfter(start);
            Assert.Equal(start, log.AppendPosition);
            payloads.ForEach(payload => log.Append(payload, 1, 1, 1));
            Assert.Equal(end, log.AppendPosition);
            log.Abandon();
        }

        LogVerification verification = LogVerifier.Verify(directory.Path);
        Assert.Null(verification.Damage);
        Assert.Equal((start, end, payloads.Count), (verification.StartPosition, verification.EndPosition, verification.EntryCount));
        using (ReadOnlyLog tool = SegmentedLog.OpenReadOnly(directory.Path))
        {
            Assert.Equal((start, end), (tool.StartPosition, tool.EndPosition));
        }

        using SegmentedLog again = Open(directory, null, 0);
        SegmentedLogTests.AssertHolds(again, payloads, payloads.Count);
        foreach (string path in SegmentDirectory.Paths(directory.Path))
        {
            Assert.Equal(0, long.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture) % Capacity);
        }

        again.DeleteBefore(end);
        Assert.True(again.StartPosition > start && again.StartPosition % Capacity == 0);
    }

    [Fact]
    public void A_creation_that_a_crash_cut_short_is_done_again()
    {
        using TempDirectory directory = new();
        Guid id = Guid.NewGuid();
        Open(directory, id, 3_200_000).Dispose();
        File.Delete(directory[LogMetadata.FileName]);
        using SegmentedLog log = Open(directory, id, 6_400_000);
        Assert.Equal(6_400_000, log.StartPosition);
    }

    [Fact]
    public void A_spoiled_start_is_damage()
    {
        using TempDirectory directory = new();
        Open(directory, Guid.NewGuid(), 3_200_000).Dispose();
        using (FileStream first = new(SegmentDirectory.Paths(directory.Path)[0], FileMode.Open))
        {
            first.Position = SegmentDescriptor.HeaderBytes + 1;
            first.WriteByte(0xFF);
        }

        Assert.Throws<LogDamagedException>(() => Open(directory, null, 0));
    }

    [Fact]
    public void Another_identity_is_refused_with_both_names()
    {
        using TempDirectory directory = new();
        Guid one = Guid.NewGuid();
        Guid other = Guid.NewGuid();
        Open(directory, one, 0).Dispose();
        IOException refused = Assert.Throws<IOException>(() => Open(directory, other, 0));
        Assert.Contains(one.ToString("D"), refused.Message, StringComparison.Ordinal);
        Assert.Contains(other.ToString("D"), refused.Message, StringComparison.Ordinal);
        Open(directory, one, 0).Dispose();
        Assert.Throws<ArgumentException>(() => Open(directory, Guid.Empty, 0));
        Assert.Throws<ArgumentException>(() => Open(directory, one, 33));
    }

    private static SegmentedLog Open(TempDirectory directory, Guid? id, long start) => SegmentedLog.Open(
        new LogOptions { Directory = directory.Path, SegmentBytes = LogOptions.SegmentBytesMin, LogId = id, StartPosition = start, VerifyAllOnOpen = true });

    // What a follower goes through when another leader takes over: entries that do not last, up to several segments of them.
    private static void Disturb(SegmentedLog log, Random random)
    {
        long keep = log.AppendPosition;
        long first = -1;
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            byte[] payload = new byte[random.Next(900_000)];
            log.Append(payload, 1, 1, 1);
            if (first < 0)
            {
                // Where the entry itself begins, behind the padding if there is some.
                using LogReader reader = log.OpenReader(keep);
                _ = reader.TryRead(out LogEntry entry);
                first = entry.Position;
            }
        }

        log.TruncateAfter(random.Next(2) == 0 ? keep : first);
        Assert.Equal(keep, log.AppendPosition);
    }

    private static int Count(SegmentedLog log)
    {
        using LogReader reader = log.OpenReader(log.StartPosition);
        int count = 0;
        while (reader.TryRead(out _))
        {
            count++;
        }

        return count;
    }
}
