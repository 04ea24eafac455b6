using System.Text;
using Exchange.Log.History;

namespace Exchange.Log.Tests.History;

public sealed class MessageHistoryTests
{
    internal static readonly Guid LogId = Guid.Parse("22222222-2222-3333-4444-555555555555");

    [Fact]
    public void Messages_of_many_sessions_are_read_back_by_number()
    {
        using TempDirectory directory = new();
        using MessageHistory history = Open(directory);
        for (int seq = 1; seq <= 3000; seq++)
        {
            foreach (int session in (int[])[0, 7, 65_000, 70_001])
            {
                history.Append(session, seq, Record(session, seq));
            }
        }

        foreach (int session in (int[])[0, 7, 65_000, 70_001])
        {
            Assert.Equal((1L, 3001L), (history.FirstSeqNum(session), history.NextSeqNum(session)));
            AssertHolds(history, session, 1, 3000);
            Assert.False(history.TryRead(session, 0, out _));
            Assert.False(history.TryRead(session, 3001, out _));
        }

        Assert.Equal((1L, 1L), (history.FirstSeqNum(99), history.NextSeqNum(99)));
        Assert.False(history.TryRead(99, 1, out _));
        Assert.False(history.TryRead(-1, 1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => history.Append(-1, 1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => history.Append(1, 1, new byte[MessageHistory.RecordBytesMax + 1]));
    }

    [Fact]
    public void A_cursor_streams_over_file_boundaries_and_follows_what_is_appended()
    {
        using TempDirectory directory = new();
        using MessageHistory history = Open(directory);
        HistoryCursor cursor = history.OpenCursor(3, 1);
        Assert.Equal(HistoryReadResult.End, cursor.TryNext(out _));
        for (int seq = 1; seq <= 20_000; seq++)
        {
            history.Append(3, seq, Record(3, seq));
            Assert.Equal(HistoryReadResult.Record, cursor.TryNext(out ReadOnlySpan<byte> content));
            Assert.True(content.SequenceEqual(Record(3, seq)));
        }

        Assert.Equal(HistoryReadResult.End, cursor.TryNext(out _));
        cursor.MoveTo(1);
        for (int seq = 1; seq <= 20_000; seq++)
        {
            Assert.Equal(HistoryReadResult.Record, cursor.TryNext(out ReadOnlySpan<byte> content));
            Assert.True(content.SequenceEqual(Record(3, seq)));
        }
    }

    [Fact]
    public void An_existing_number_replaces_what_was_there_and_everything_behind_it()
    {
        using TempDirectory directory = new();
        using MessageHistory history = Open(directory);
        Append(history, 1, 1, 10_000);
        HistoryCursor cursor = history.OpenCursor(1, 9_000);
        Assert.Equal(HistoryReadResult.Record, cursor.TryNext(out _));
        history.Append(1, 150, Encoding.ASCII.GetBytes("again"));
        Assert.Equal(151, history.NextSeqNum(1));
        Assert.True(history.TryRead(1, 150, out ReadOnlySpan<byte> content));
        Assert.Equal("again", Encoding.ASCII.GetString(content));
        Assert.False(history.TryRead(1, 151, out _));
        Assert.Equal(HistoryReadResult.End, cursor.TryNext(out _));
        AssertHolds(history, 1, 1, 149);
        Append(history, 1, 150, 12_000);
        AssertHolds(history, 1, 1, 12_000);
        history.Append(1, 1, Record(1, 1));
        Assert.Equal((1L, 2L), (history.FirstSeqNum(1), history.NextSeqNum(1)));
        Assert.Throws<InvalidOperationException>(() => history.Append(1, 3, []));
        Assert.Throws<InvalidOperationException>(() => history.Append(1, 0, []));
    }

    [Fact]
    public void Reopening_finds_all_messages_flushed_or_not()
    {
        using TempDirectory directory = new();
        using (MessageHistory history = Open(directory))
        {
            Append(history, 1, 1, 15_000);
            history.Flush();
            Append(history, 1, 15_001, 20_000);
            Append(history, 2, 1, 10);
            history.Abandon();
        }

        using (MessageHistory again = Open(directory))
        {
            Assert.Equal(20_010, again.Recovery.RecordCount);
            Assert.Empty(again.Recovery.Dropped);
            AssertHolds(again, 1, 1, 20_000);
            AssertHolds(again, 2, 1, 10);
            Append(again, 1, 20_001, 25_000);
        }

        using MessageHistory third = Open(directory);
        AssertHolds(third, 1, 1, 25_000);
    }

    [Fact]
    public void Trimming_after_a_snapshot_drops_exactly_what_came_after_it()
    {
        using TempDirectory directory = new();
        using (MessageHistory history = Open(directory))
        {
            Append(history, 1, 1, 9000);
        }

        using MessageHistory again = Open(directory);
        Assert.True(again.Reaches(1, 1, 9001));
        Assert.False(again.TrimToNext(1, 9002));
        Assert.Equal(9001, again.NextSeqNum(1));
        Assert.True(again.TrimToNext(1, 9001));
        Assert.True(again.TrimToNext(1, 4001));
        Assert.Equal(4001, again.NextSeqNum(1));
        AssertHolds(again, 1, 1, 4000);
        Assert.False(again.TryRead(1, 4001, out _));
        Assert.True(again.TrimToNext(5, 1));
        Assert.False(again.TrimToNext(5, 2));
        again.StartAt(5, 1, 77);
        Assert.Equal((77L, 77L), (again.FirstSeqNum(5), again.NextSeqNum(5)));
        again.Append(5, 77, [1]);
        Assert.True(again.TryRead(5, 77, out _));
    }

    [Fact]
    public void A_reset_starts_again_at_one_and_a_snapshot_from_before_it_can_still_be_loaded()
    {
        using TempDirectory directory = new();
        long epoch;
        using (MessageHistory history = Open(directory))
        {
            Append(history, 1, 1, 500);
            epoch = history.Epoch(1);
            history.Flush();
            history.Reset(1);
            Assert.Equal((1L, 1L), (history.FirstSeqNum(1), history.NextSeqNum(1)));
            Assert.False(history.TryRead(1, 1, out _));
            history.Append(1, 1, Encoding.ASCII.GetBytes("new epoch"));
            Assert.Equal(epoch + 1, history.Epoch(1));
            history.Abandon();
        }

        using (MessageHistory again = Open(directory))
        {
            Assert.Equal(epoch + 1, again.Epoch(1));
            Assert.True(again.TryRead(1, 1, out ReadOnlySpan<byte> content));
            Assert.Equal("new epoch", Encoding.ASCII.GetString(content));
            Assert.True(again.TrimToNext(1, epoch, 301));
            Assert.Equal((epoch, 301L), (again.Epoch(1), again.NextSeqNum(1)));
            AssertHolds(again, 1, 1, 300);
            again.Abandon();
        }

        using MessageHistory third = Open(directory);
        AssertHolds(third, 1, 1, 300);
        third.Reset(1);
        third.Append(1, 1, [1]);
        third.Flush();
        third.Flush();
        Assert.False(third.Reaches(1, epoch, 300));
        Assert.Single(Directory.GetFiles(directory.Path, "*.hist"));
    }

    [Fact]
    public void Endless_resets_do_not_fill_the_disk()
    {
        using TempDirectory directory = new();
        using (MessageHistory history = Open(directory))
        {
            for (int i = 0; i < 500; i++)
            {
                history.Append(1, 1, [1]);
                history.Reset(1);
            }
        }

        Assert.InRange(Directory.GetFiles(directory.Path, "*.hist").Length, 1, 8);
    }

    [Fact]
    public void A_session_keeps_its_newest_messages_and_old_files_go()
    {
        using TempDirectory directory = new();
        HistoryOptions options = new() { Directory = directory.Path, LogId = LogId, MessagesPerSession = 2000, FirstSegmentBytes = 32 << 10, SegmentBytesMax = 64 << 10 };
        using MessageHistory history = MessageHistory.Open(options);
        for (int seq = 1; seq <= 50_000; seq++)
        {
            history.Append(1, seq, Record(1, seq));
            Assert.InRange(history.NextSeqNum(1) - history.FirstSeqNum(1), Math.Min(seq, 2000), 3000);
        }

        AssertHolds(history, 1, 48_001, 50_000);
        Assert.False(history.TryRead(1, 40_000, out _));
        HistoryCursor cursor = history.OpenCursor(1, 40_000);
        Assert.Equal(HistoryReadResult.Gone, cursor.TryNext(out _));
        cursor.MoveTo(history.FirstSeqNum(1));
        Assert.Equal(HistoryReadResult.Record, cursor.TryNext(out _));
        history.Dispose();
        Assert.InRange(Directory.GetFiles(directory.Path, "*.hist").Length, 1, 12);
    }

    [Fact]
    public void Files_that_serve_again_bring_nothing_back_of_what_they_held()
    {
        using TempDirectory directory = new();
        using (MessageHistory history = OpenSmall(directory))
        {
            for (int seq = 1; seq <= 20_000; seq++)
            {
                history.Append(1, seq, Record(1, seq));
                history.Append(2, seq, Record(2, seq));
            }

            history.Append(1, 19_900, Record(1, 19_900));
            history.Abandon();
            Assert.True(history.ReusedFileCount > 100, $"{history.ReusedFileCount} files served again");
        }

        // As after a crash: nothing was flushed.
        using MessageHistory again = OpenSmall(directory);
        Assert.Empty(again.Recovery.Dropped);
        Assert.Equal((19_901L, 20_001L), (again.NextSeqNum(1), again.NextSeqNum(2)));
        AssertHolds(again, 1, 19_401, 19_900);
        AssertHolds(again, 2, 19_501, 20_000);
        Append(again, 1, 19_901, 21_000);
        AssertHolds(again, 1, 20_501, 21_000);
    }

    [Fact]
    public void A_message_larger_than_a_whole_file_gets_a_file_of_its_size()
    {
        using TempDirectory directory = new();
        using MessageHistory history = Open(directory);
        byte[] large = new byte[MessageHistory.RecordBytesMax];
        new Random(5).NextBytes(large);
        history.Append(1, 1, [1]);
        history.Append(1, 2, large);
        history.Append(1, 3, []);
        history.Append(1, 4, large);
        Assert.True(history.TryRead(1, 2, out ReadOnlySpan<byte> content) && content.SequenceEqual(large));
        Assert.True(history.TryRead(1, 3, out content) && content.IsEmpty);
        Assert.True(history.TryRead(1, 4, out content) && content.SequenceEqual(large));
    }

    [Fact]
    public void Appending_and_streaming_allocate_nothing()
    {
        using TempDirectory directory = new();
        using MessageHistory history = Open(directory);
        byte[] record = new byte[250];
        HistoryCursor cursor = history.OpenCursor(1, 1);
        Run(history, ref cursor, record, 1, 20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(history, ref cursor, record, 20_001, 24_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Run(MessageHistory history, ref HistoryCursor cursor, byte[] record, int from, int to)
        {
            for (int seq = from; seq <= to; seq++)
            {
                history.Append(1, seq, record);
                _ = cursor.TryNext(out _);
                _ = history.TryRead(1, seq / 2, out _);
            }
        }
    }

    [Fact]
    public void A_history_of_another_log_is_refused_and_so_is_a_second_opening()
    {
        using TempDirectory directory = new();
        using (MessageHistory history = Open(directory))
        {
            history.Append(1, 1, [1]);
            Assert.Contains("in use by process", Assert.Throws<IOException>(() => Open(directory)).Message, StringComparison.Ordinal);
        }

        HistoryOptions other = new() { Directory = directory.Path, LogId = Guid.NewGuid() };
        Assert.Contains("belongs to log", Assert.Throws<LogDamagedException>(() => MessageHistory.Open(other)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MessageHistory.Open(new HistoryOptions { Directory = directory.Path, LogId = LogId, MessagesPerSession = 0 }));
    }

    [Fact]
    public void A_flush_may_run_beside_the_owner()
    {
        using TempDirectory directory = new();
        Exception? failure = null;
        bool stop = false;
        using (MessageHistory history = Open(directory))
        {
            Thread flusher = new(() => failure = Xunit.Record.Exception(() =>
            {
                while (!Volatile.Read(ref stop))
                {
                    history.Flush();
                }
            }));
            flusher.Start();
            for (int seq = 1; seq <= 50_000; seq++)
            {
                history.Append(seq % 3, (seq / 3) + (seq % 3 == 0 ? 0 : 1), Record(seq % 3, (seq / 3) + (seq % 3 == 0 ? 0 : 1)));
                if (seq % 300 == 0)
                {
                    history.Append(10, 1, [1]);
                    history.Reset(10);
                }
            }

            Volatile.Write(ref stop, true);
            flusher.Join();
        }

        Assert.Null(failure);
        using MessageHistory again = Open(directory);
        Assert.Empty(again.Recovery.Dropped);
        AssertHolds(again, 1, 1, 16_667);
        AssertHolds(again, 0, 1, 16_666);
    }

    internal static MessageHistory Open(TempDirectory directory) => Open(directory.Path);

    internal static MessageHistory Open(string directory) =>
        MessageHistory.Open(new HistoryOptions { Directory = directory, LogId = LogId, FirstSegmentBytes = 64 << 10, SegmentBytesMax = 1 << 20 });

    internal static byte[] Record(int session, long seq)
    {
        byte[] record = new byte[1 + (int)((seq * 37) % 160)];
        record.AsSpan().Fill((byte)((session * 31) + seq));
        return record;
    }

    internal static void Append(MessageHistory history, int session, int from, int to)
    {
        for (int seq = from; seq <= to; seq++)
        {
            history.Append(session, seq, Record(session, seq));
        }
    }

    internal static void AssertHolds(MessageHistory history, int session, int from, int to)
    {
        for (int seq = from; seq <= to; seq++)
        {
            Assert.True(history.TryRead(session, seq, out ReadOnlySpan<byte> content), $"message {seq} of session {session} is missing");
            Assert.True(content.SequenceEqual(Record(session, seq)), $"message {seq} of session {session} differs");
        }
    }

    private static MessageHistory OpenSmall(TempDirectory directory) =>
        MessageHistory.Open(new HistoryOptions { Directory = directory.Path, LogId = LogId, MessagesPerSession = 500, FirstSegmentBytes = 16 << 10, SegmentBytesMax = 16 << 10 });
}
