using Exchange.Log.History;

namespace Exchange.Log.Tests.History;

// The history is a cache of what the log can make again; damage costs messages, never wrong ones.
public sealed class HistoryDamageTests
{
    [Fact]
    public void After_a_host_crash_the_messages_are_a_prefix_that_holds_all_that_was_flushed()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 20; round++)
        {
            using TempDirectory directory = new();
            using TempDirectory image = new();
            int flushed = 1 + random.Next(8000);
            using (MessageHistory history = MessageHistoryTests.Open(directory))
            {
                MessageHistoryTests.Append(history, 1, 1, flushed);
                history.Flush();
                MessageHistoryTests.Append(history, 1, flushed + 1, flushed + random.Next(8000));
                TempDirectory.Copy(directory.Path, image.Path);
                history.Abandon();
            }

            LoseUnflushed(image.Path, flushed, random);
            using MessageHistory again = MessageHistoryTests.Open(image);
            string context = $"seed {seed}, round {round}";
            Assert.True(again.NextSeqNum(1) > flushed, $"{context}: only {again.NextSeqNum(1) - 1} of {flushed} flushed messages are there");
            MessageHistoryTests.AssertHolds(again, 1, 1, (int)again.NextSeqNum(1) - 1);
            Assert.True(again.TrimToNext(1, flushed + 1), context);
            MessageHistoryTests.Append(again, 1, flushed + 1, flushed + 100);
            MessageHistoryTests.AssertHolds(again, 1, 1, flushed + 100);
        }
    }

    [Fact]
    public void A_damaged_file_gives_no_wrong_message_and_recovers_by_replay()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using TempDirectory directory = new();
        using (MessageHistory history = MessageHistoryTests.Open(directory))
        {
            MessageHistoryTests.Append(history, 1, 1, 12_000);
        }

        for (int round = 0; round < 40; round++)
        {
            using TempDirectory image = new();
            TempDirectory.Copy(directory.Path, image.Path);
            string[] paths = Directory.GetFiles(image.Path, "*.hist");
            string victim = paths[random.Next(paths.Length)];
            byte[] bytes = File.ReadAllBytes(victim);
            switch (round % 3)
            {
                case 0:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.AsSpan(random.Next(64, bytes.Length)).Clear();
                    break;
                default:
                    bytes = bytes[..random.Next(64, bytes.Length)];
                    break;
            }

            File.WriteAllBytes(victim, bytes);
            using MessageHistory again = MessageHistoryTests.Open(image);
            string context = $"seed {seed}, round {round}, {victim}";
            for (long seq = 1; seq < again.NextSeqNum(1); seq++)
            {
                if (again.TryRead(1, seq, out ReadOnlySpan<byte> content))
                {
                    Assert.True(content.SequenceEqual(MessageHistoryTests.Record(1, seq)), $"{context}: message {seq} is wrong");
                }
            }

            long next = again.NextSeqNum(1);
            if (!again.TrimToNext(1, 10_001))
            {
                Assert.True(next < 10_001 || again.NextSeqNum(1) < 10_001, context);
                Assert.NotEmpty(again.Recovery.Dropped);
                again.StartAt(1, again.Epoch(1), 1);
            }

            MessageHistoryTests.Append(again, 1, (int)again.NextSeqNum(1), 12_000);
            MessageHistoryTests.AssertHolds(again, 1, 10_001, 12_000);
        }
    }

    [Fact]
    public void A_file_under_the_name_of_another_gives_nobody_its_messages()
    {
        using TempDirectory directory = new();
        using (MessageHistory history = MessageHistoryTests.Open(directory))
        {
            MessageHistoryTests.Append(history, 1, 1, 2_000);
            MessageHistoryTests.Append(history, 2, 1, 12_000);
        }

        string[] first = [.. Directory.GetFiles(directory.Path, "session-00000001-*").Order(StringComparer.Ordinal)];
        string[] second = [.. Directory.GetFiles(directory.Path, "session-00000002-*").Order(StringComparer.Ordinal)];
        File.Copy(second[1], first[0].Replace("session-00000001-0000000000", "session-00000001-0000000099", StringComparison.Ordinal));
        using MessageHistory again = MessageHistoryTests.Open(directory);
        Assert.Contains(again.Recovery.Dropped, line => line.Contains("the header is that of file 1 of session 2", StringComparison.Ordinal));
        Assert.Equal((2_001L, 12_001L), (again.NextSeqNum(1), again.NextSeqNum(2)));
        MessageHistoryTests.AssertHolds(again, 1, 1, 2_000);
        MessageHistoryTests.AssertHolds(again, 2, 1, 12_000);
    }

    [Fact]
    public void A_missing_file_drops_what_follows_and_says_so()
    {
        using TempDirectory directory = new();
        using (MessageHistory history = MessageHistoryTests.Open(directory))
        {
            MessageHistoryTests.Append(history, 1, 1, 20_000);
        }

        string[] paths = Directory.GetFiles(directory.Path, "*.hist");
        Array.Sort(paths, StringComparer.Ordinal);
        Assert.True(paths.Length > 3);
        File.Delete(paths[1]);
        using MessageHistory again = MessageHistoryTests.Open(directory);
        Assert.InRange(again.NextSeqNum(1), 100, 19_000);
        Assert.All(again.Recovery.Dropped, line => Assert.Contains("dropped", line, StringComparison.Ordinal));
        Assert.NotEmpty(again.Recovery.Dropped);
        Assert.False(again.TrimToNext(1, 20_001));
        MessageHistoryTests.AssertHolds(again, 1, 1, (int)again.NextSeqNum(1) - 1);
    }

    // Pages without flushed records may or may not have been written.
    private static void LoseUnflushed(string directory, long flushed, Random random)
    {
        foreach (string path in Directory.GetFiles(directory, "*.hist"))
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (bytes.Length <= HistoryDescriptor.HeaderBytes)
            {
                continue;
            }

            long first = BitConverter.ToInt64(bytes, HistoryDescriptor.FirstSeqOffset);
            bool blank = BitConverter.ToUInt64(bytes) == 0;
            if (blank)
            {
                continue;
            }

            int flushedCount = (int)Math.Max(0, flushed - first + 1);
            int end = HistoryDescriptor.HeaderBytes;
            int indexEnd = bytes.Length;
            for (int i = 0; i < flushedCount && indexEnd - 4 > end; i++)
            {
                int offset = BitConverter.ToInt32(bytes, indexEnd - 4) * 8;
                if (offset < end)
                {
                    break;
                }

                indexEnd -= 4;
                end = offset + HistoryDescriptor.Framed(BitConverter.ToInt32(bytes, offset));
            }

            for (int page = 4096; page < bytes.Length; page += 4096)
            {
                int from = Math.Max(page, end);
                int to = Math.Min(page + 4096, indexEnd);
                if (from < to && random.Next(3) == 0)
                {
                    bytes.AsSpan(from, to - from).Clear();
                }
            }

            if (flushedCount == 0 && random.Next(3) == 0)
            {
                bytes.AsSpan(0, 4096).Clear();
            }

            File.WriteAllBytes(path, bytes);
        }
    }
}
