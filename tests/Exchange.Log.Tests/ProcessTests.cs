using System.Globalization;
using Exchange.Log.History;

namespace Exchange.Log.Tests;

public sealed class ProcessTests
{
    [Fact]
    public void A_killed_process_loses_no_committed_entry_however_often_it_is_killed()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using TempDirectory directory = new();
        long before = 0;
        for (int round = 0; round < 6; round++)
        {
            long said;
            using (Child child = new("append", directory.Path))
            {
                child.WaitForLines(1 + random.Next(60));
                child.Kill();
                said = long.Parse(child.LastLine, CultureInfo.InvariantCulture);
            }

            using SegmentedLog log = SegmentedLogTests.Open(directory);
            Assert.False(log.PreviousShutdown.WasClean);
            Assert.False(log.PreviousShutdown.HostRebooted);
            Assert.False(log.PreviousShutdown.MayHaveLostEntries);
            long count = CountAndCheck(log);
            Assert.True(count >= said && said > before, $"seed {seed}, round {round}: {count} entries, but the child had written {said}");
            before = count;
        }
    }

    [Fact]
    public void A_killed_process_loses_no_message_of_the_history()
    {
        using TempDirectory directory = new();
        for (int round = 0; round < 3; round++)
        {
            long said;
            using (Child child = new("history", directory.Path))
            {
                child.WaitForLines(50);
                child.Kill();
                said = long.Parse(child.LastLine, CultureInfo.InvariantCulture);
            }

            using MessageHistory history = History.MessageHistoryTests.Open(directory);
            Assert.Empty(history.Recovery.Dropped);
            Assert.True(history.NextSeqNum(1) > said);
            byte[] expected = new byte[1024];
            long first = history.FirstSeqNum(1);

            // A quick child may have written more than is kept.
            Assert.True(first == 1 || history.NextSeqNum(1) - first >= new HistoryOptions { Directory = directory.Path, LogId = Guid.Empty }.MessagesPerSession);
            for (long seq = first; seq < history.NextSeqNum(1); seq++)
            {
                int length = Program.Fill(expected, seq);
                Assert.True(history.TryRead(1, seq, out ReadOnlySpan<byte> content) && content.SequenceEqual(expected.AsSpan(0, length)), $"message {seq}");
            }
        }
    }

    [Fact]
    public void A_second_process_is_told_who_holds_the_log_and_can_still_read_and_verify_it()
    {
        using TempDirectory directory = new();
        using (Child child = new("hold", directory.Path))
        {
            child.WaitForLines(1);
            IOException refused = Assert.ThrowsAny<IOException>(() => SegmentedLogTests.Open(directory));
            Assert.Contains("in use by process", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
            using (ReadOnlyLog log = SegmentedLog.OpenReadOnly(directory.Path))
            using (LogReader reader = log.OpenReader(log.StartPosition))
            {
                Assert.True(reader.TryRead(out LogEntry entry));
                Assert.Equal(new byte[] { 1, 2, 3 }, entry.Payload.ToArray());
            }

            LogVerification verification = LogVerifier.Verify(directory.Path);
            Assert.True(verification.IsSound);
            Assert.Equal(1, verification.EntryCount);
            child.Kill();
        }

        SegmentedLogTests.Open(directory).Dispose();
    }

    private static long CountAndCheck(SegmentedLog log)
    {
        byte[] expected = new byte[1024];
        long count = 0;
        using LogReader reader = log.OpenReader(0);
        while (reader.TryRead(out LogEntry entry))
        {
            int length = Program.Fill(expected, count);
            Assert.Equal(count, entry.TimestampNs);
            Assert.True(entry.Payload.SequenceEqual(expected.AsSpan(0, length)));
            count++;
        }

        return count;
    }
}
