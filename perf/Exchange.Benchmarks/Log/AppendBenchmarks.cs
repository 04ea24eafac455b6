using BenchmarkDotNet.Attributes;
using Exchange.Log;

namespace Exchange.Benchmarks.Log;

/// <summary>What one entry of 200 bytes costs the thread that appends it: copy, checksum, publication. Nothing is flushed in the path.</summary>
[MemoryDiagnoser]
public class AppendBenchmarks
{
    private const int EntriesPerInvoke = 10_000;

    private readonly byte[] _payload = new byte[200];
    private string _directory = string.Empty;
    private SegmentedLog _log = null!;

    /// <summary>Opens a log in a directory of its own.</summary>
    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_payload);
        _directory = Directory.CreateTempSubdirectory("exchange-append-").FullName;
        _log = SegmentedLog.Open(new LogOptions { Directory = _directory });
    }

    /// <summary>Keeps the disk from filling up, outside what is measured.</summary>
    [IterationCleanup]
    public void Trim()
    {
        _log.Flush();
        _log.DeleteBefore(_log.FlushedPosition);
    }

    /// <summary>Removes the log.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _log.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Claim, copy, commit.</summary>
    [Benchmark(OperationsPerInvoke = EntriesPerInvoke)]
    public long Append()
    {
        long position = 0;
        for (int i = 0; i < EntriesPerInvoke; i++)
        {
            position = _log.Append(_payload, 1, 1, i);
        }

        return position;
    }
}
