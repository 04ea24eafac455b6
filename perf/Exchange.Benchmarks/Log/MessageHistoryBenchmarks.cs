using BenchmarkDotNet.Attributes;
using Exchange.Log.History;

namespace Exchange.Benchmarks.Log;

/// <summary>Outbound messages of 250 bytes over four sessions: what egress pays to keep each one, and to stream it on.</summary>
[MemoryDiagnoser]
public class MessageHistoryBenchmarks
{
    private const int RecordsPerInvoke = 4_000;
    private const int SessionCount = 4;

    private readonly byte[] _record = new byte[250];
    private readonly HistoryCursor[] _cursors = new HistoryCursor[SessionCount];
    private string _directory = string.Empty;
    private MessageHistory _history = null!;
    private long _seqNum = 1;

    /// <summary>Opens a history with a bound that keeps the disk small.</summary>
    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_record);
        _directory = Directory.CreateTempSubdirectory("exchange-history-").FullName;
        _history = MessageHistory.Open(new HistoryOptions { Directory = _directory, LogId = Guid.NewGuid(), MessagesPerSession = 200_000 });
        for (int session = 0; session < SessionCount; session++)
        {
            _cursors[session] = _history.OpenCursor(session, 1);
        }
    }

    /// <summary>Removes the history.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _history.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Append, then read with a cursor, as egress does.</summary>
    [Benchmark(OperationsPerInvoke = RecordsPerInvoke)]
    public int AppendAndStream()
    {
        int bytes = 0;
        for (int i = 0; i < RecordsPerInvoke / SessionCount; i++, _seqNum++)
        {
            for (int session = 0; session < SessionCount; session++)
            {
                _history.Append(session, _seqNum, _record);
                _cursors[session].TryNext(out ReadOnlySpan<byte> content);
                bytes += content.Length;
            }
        }

        return bytes;
    }
}
