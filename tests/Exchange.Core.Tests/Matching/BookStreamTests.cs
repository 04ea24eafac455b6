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

        // In parts, each as a probe of its own: a stream cannot be played again, but the next part can take the place of one that a collection spoiled.
        int at = 1_000;
        runner.Apply(operations.AsSpan(0, at));
        long allocated = AllocationProbe.Measure(() =>
        {
            runner.Apply(operations.AsSpan(at, operations.Length / 24));
            at += operations.Length / 24;
        });
        Assert.Equal(0, allocated);
        runner.Apply(operations.AsSpan(at));
        Assert.Equal(stream.Trades, runner.Sink.Trades);
        Assert.Equal(stream.Hash, runner.Sink.Hash);
    }
}
