using BenchmarkDotNet.Attributes;
using Exchange.Log;

namespace Exchange.Benchmarks.Log;

/// <summary>
/// A batch appended and flushed: the price of durability is one flush, however many entries share it. The directory must be on a
/// real device to say anything; EXCHANGE_BENCH_DIR names it, the temporary directory is the default.
/// </summary>
public class GroupCommitBenchmarks
{
    private readonly byte[] _payload = new byte[200];
    private string _directory = string.Empty;
    private SegmentedLog _log = null!;

    /// <summary>Entries that share a flush.</summary>
    [Params(1, 16, 256)]
    public int BatchCount { get; set; }

    /// <summary>Opens a log in a directory of its own.</summary>
    [GlobalSetup]
    public void Setup()
    {
        string parent = Environment.GetEnvironmentVariable("EXCHANGE_BENCH_DIR") ?? Path.GetTempPath();
        _directory = Path.Combine(parent, "exchange-group-commit-" + Environment.ProcessId);
        _log = SegmentedLog.Open(new LogOptions { Directory = _directory });
    }

    /// <summary>Removes the log.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _log.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>One batch.</summary>
    [Benchmark]
    public long AppendAndFlush()
    {
        for (int i = 0; i < BatchCount; i++)
        {
            _log.Append(_payload, 1, 1, i);
        }

        _log.Flush();
        _log.DeleteBefore(_log.FlushedPosition);
        return _log.FlushedPosition;
    }
}
