namespace Exchange.Log.Tests;

// The log against a plain list: any sequence of appends, flushes, truncations, deletions, clean and unclean restarts, with changing
// segment sizes, leaves exactly what the list holds.
public sealed class LogModelTests
{
    private readonly List<(long Position, byte[] Payload)> _model = [];

    [Fact]
    public void Any_sequence_of_operations_leaves_what_a_list_would_hold()
    {
        int seed = Environment.TickCount;
        for (int round = 0; round < 4; round++)
        {
            using TempDirectory directory = new();
            _model.Clear();
            Run(directory, seed + round);
        }
    }

    private void Run(TempDirectory directory, int seed)
    {
        Random random = new(seed);
        SegmentedLog log = Open(directory, random);
        try
        {
            for (int step = 0; step < 100; step++)
            {
                switch (random.Next(10))
                {
                    case < 5:
                        Append(log, random);
                        break;
                    case 5:
                        log.Flush();
                        break;
                    case 6:
                        Truncate(log, random);
                        break;
                    case 7:
                        Delete(log, random);
                        break;
                    case 8:
                        log.Dispose();
                        log = Open(directory, random);
                        Assert.True(log.PreviousShutdown.WasClean);
                        break;
                    default:
                        log.Abandon();
                        log = Open(directory, random);
                        Assert.False(log.PreviousShutdown.WasClean);
                        break;
                }

                AssertEqual(log, $"seed {seed}, step {step}");
            }
        }
        finally
        {
            log.Dispose();
        }
    }

    private static SegmentedLog Open(TempDirectory directory, Random random) => SegmentedLog.Open(new LogOptions
    {
        Directory = directory.Path,
        SegmentBytes = LogOptions.SegmentBytesMin + (4096 * random.Next(200)),
        VerifyAllOnOpen = random.Next(2) == 0,
    });

    private void Append(SegmentedLog log, Random random)
    {
        int count = random.Next(200);
        for (int i = 0; i < count; i++)
        {
            byte[] payload = new byte[random.Next(50) == 0 ? random.Next(log.PayloadBytesMax + 1) : random.Next(2000)];
            random.NextBytes(payload);
            long end = log.Append(payload, (ushort)random.Next(100), 1, 1);
            _model.Add((end, payload));
        }
    }

    private void Truncate(SegmentedLog log, Random random)
    {
        if (_model.Count == 0)
        {
            return;
        }

        int keep = random.Next(Math.Max(0, _model.Count - 300), _model.Count + 1);
        long position = keep == 0 ? log.StartPosition : _model[keep - 1].Position;
        log.TruncateAfter(position);
        _model.RemoveRange(keep, _model.Count - keep);
    }

    private void Delete(SegmentedLog log, Random random)
    {
        log.DeleteBefore(random.NextInt64(log.StartPosition, log.AppendPosition + 1));
        _model.RemoveAll(entry => entry.Position <= log.StartPosition);
    }

    private void AssertEqual(SegmentedLog log, string context)
    {
        using LogReader reader = log.OpenReader(log.StartPosition);
        foreach ((long position, byte[] payload) in _model)
        {
            Assert.True(reader.TryRead(out LogEntry entry), $"{context}: the entry before {position} is missing");
            Assert.True(entry.EndPosition == position && entry.Payload.SequenceEqual(payload), $"{context}: the entry before {position} differs");
        }

        Assert.False(reader.TryRead(out _), $"{context}: there is more than there should be");
    }
}
