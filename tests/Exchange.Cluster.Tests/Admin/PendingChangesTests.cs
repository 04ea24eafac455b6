using Exchange.Cluster.Admin;

namespace Exchange.Cluster.Tests.Admin;

public sealed class PendingChangesTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void One_commit_position_confirms_every_change_below_it_and_no_other()
    {
        PendingChanges changes = new();
        changes.Add(11, 100, 0);
        changes.Add(12, 200, 0);
        changes.Add(13, 300, 0);
        Assert.False(changes.TryTakeConfirmed(99, out _, out _));
        Assert.True(changes.TryTakeConfirmed(200, out long connection, out long position));
        Assert.Equal((11, 100), (connection, position));
        Assert.True(changes.TryTakeConfirmed(200, out connection, out position));
        Assert.Equal((12, 200), (connection, position));
        Assert.False(changes.TryTakeConfirmed(200, out _, out _));
        Assert.Equal(1, changes.Count);
    }

    [Fact]
    public void There_is_room_for_eight_and_again_once_one_is_answered()
    {
        PendingChanges changes = new();
        for (int i = 0; i < 8; i++)
        {
            Assert.True(changes.HasRoom);
            changes.Add(i, i, 0);
        }

        Assert.False(changes.HasRoom);
        Assert.True(changes.TryTakeConfirmed(0, out _, out _));
        Assert.True(changes.HasRoom);
    }

    [Fact]
    public void Each_waits_five_seconds_of_its_own()
    {
        PendingChanges changes = new();
        changes.Add(11, 100, 0);
        changes.Add(12, 200, 3 * Second);
        Assert.False(changes.TryTakeOverdue(5 * Second, out _));
        Assert.True(changes.TryTakeOverdue((5 * Second) + 1, out long connection));
        Assert.Equal(11, connection);
        Assert.False(changes.TryTakeOverdue((5 * Second) + 1, out _));
        Assert.True(changes.TryTakeAny(out connection));
        Assert.Equal(12, connection);
        Assert.False(changes.TryTakeAny(out _));
    }
}
