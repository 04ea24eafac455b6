using BenchmarkDotNet.Attributes;

namespace Exchange.Benchmarks.Core;

/// <summary>The order book on the three streams, one iteration being a whole stream on an empty book.</summary>
[MemoryDiagnoser]
public class BookBenchmarks
{
    private BookOperation[] _operations = [];
    private BookRunner<TradeHashSink>? _runner;

    /// <summary>The stream.</summary>
    [Params("mix1k", "mix10k", "mix200k")]
    public string Stream { get; set; } = "";

    /// <summary>Generates the stream.</summary>
    [GlobalSetup]
    public void Generate() => _operations = BookStreamCase.All.Single(one => one.Name == Stream).Generate();

    /// <summary>Starts each iteration from an empty book.</summary>
    [IterationSetup]
    public void Open() => _runner = new BookRunner<TradeHashSink>(TradeHashSink.Create());

    /// <summary>Frees the book.</summary>
    [IterationCleanup]
    public void Close() => _runner?.Dispose();

    /// <summary>All operations of the stream.</summary>
    [Benchmark(OperationsPerInvoke = BookStreamCase.OperationCount)]
    public long Operations()
    {
        _runner!.Apply(_operations);
        return _runner.Sink.Trades;
    }
}
