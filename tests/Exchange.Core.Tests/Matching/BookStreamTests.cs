using Exchange.Benchmarks.Core;

namespace Exchange.Core.Tests.Matching;

/// <summary>The streams that other engines were measured with: five million operations each, and the hash over all trades is theirs.</summary>
public sealed class BookStreamTests
{
    [Theory]
    [InlineData("mix1k")]
    [InlineData("mix10k")]
    [InlineData("mix200k")]
    public void The_book_trades_as_every_other_engine_does(string name)
    {
        BookStreamCase stream = BookStreamCase.All.Single(one => one.Name == name);
        BookOperation[] operations = stream.Generate();
        using BookRunner<TradeHashSink> runner = new(TradeHashSink.Create());
        runner.Apply(operations.AsSpan(0, 1000));
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        runner.Apply(operations.AsSpan(1000));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocatedBefore);
        Assert.Equal(stream.Trades, runner.Sink.Trades);
        Assert.Equal(stream.Hash, runner.Sink.Hash);
    }
}
