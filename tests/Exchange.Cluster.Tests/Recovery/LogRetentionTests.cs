using Exchange.Cluster.Recovery;

namespace Exchange.Cluster.Tests.Recovery;

public sealed class LogRetentionTests
{
    [Theory]
    [InlineData(0, 500, 800L, 1000, 500)]
    [InlineData(0, 500, 300L, 1000, 300)]
    [InlineData(0, 500, null, 1000, 500)]
    [InlineData(0, 1500, 1500L, 1000, 1000)]
    [InlineData(0, -1, 800L, 1000, 0)]
    [InlineData(0, 500, -1L, 1000, 0)]
    [InlineData(700, 500, 800L, 1000, 300)]
    [InlineData(5000, 500, 800L, 1000, 0)]
    [InlineData(long.MaxValue, 500, 800L, 1000, 0)]
    public void Only_what_nobody_can_need_may_go(long keep, long oldest, long? witness, long applied, long expected) =>
        Assert.Equal(expected, new LogRetention { KeepBytes = keep }.DeletableBelow(oldest, witness, applied));

    [Fact]
    public void By_default_everything_stays() => Assert.Equal(0, new LogRetention().DeletableBelow(500, 800, long.MaxValue));
}
