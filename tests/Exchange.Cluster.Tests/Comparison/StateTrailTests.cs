using Exchange.Cluster.Comparison;

namespace Exchange.Cluster.Tests.Comparison;

/// <summary>The hashes behind the last commands.</summary>
public sealed class StateTrailTests
{
    [Fact]
    public void An_empty_trail_knows_nothing()
    {
        StateTrail trail = new();
        Assert.Equal(default, trail.Newest);
        Assert.False(trail.TryFind(0, out _));
        Assert.Equal(0, trail.CopyBehind(0, new StatePoint[4]));
    }

    [Fact]
    public void Whatever_was_noted_last_is_found_and_nothing_else()
    {
        StateTrail trail = new();
        int count = (2 * StateTrail.Capacity) + 17;
        for (int i = 1; i <= count; i++)
        {
            trail.Note(i * 64L, (ulong)i);
        }

        int oldest = count - StateTrail.Capacity + 1;
        Assert.Equal(new StatePoint(oldest * 64L, (ulong)oldest), trail.Oldest);
        Assert.Equal(new StatePoint(count * 64L, (ulong)count), trail.Newest);
        for (int i = oldest; i <= count; i++)
        {
            Assert.True(trail.TryFind(i * 64L, out ulong hash));
            Assert.Equal((ulong)i, hash);
        }

        Assert.False(trail.TryFind((oldest - 1) * 64L, out _));
        Assert.False(trail.TryFind((oldest * 64L) + 32, out _));
        Assert.False(trail.TryFind((count + 1) * 64L, out _));
    }

    [Fact]
    public void Points_behind_a_position_come_in_order()
    {
        StateTrail trail = new();
        for (int i = 1; i <= 10; i++)
        {
            trail.Note(i * 64L, (ulong)i);
        }

        StatePoint[] points = new StatePoint[3];
        Assert.Equal(3, trail.CopyBehind(4 * 64, points));
        Assert.Equal([5UL, 6UL, 7UL], Array.ConvertAll(points, static point => point.EventHash));
        Assert.Equal(1, trail.CopyBehind(9 * 64, points));
        Assert.Equal(0, trail.CopyBehind(10 * 64, points));
    }

    [Fact]
    public void Noting_allocates_nothing()
    {
        StateTrail trail = new();
        trail.Note(32, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 2; i < 100_000; i++)
        {
            trail.Note(i * 32L, (ulong)i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
