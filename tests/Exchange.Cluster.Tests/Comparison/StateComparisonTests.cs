using Exchange.Cluster.Comparison;
using Exchange.Cluster.Tests.Transfer;

namespace Exchange.Cluster.Tests.Comparison;

/// <summary>Two engines that compare themselves all the time.</summary>
public sealed class StateComparisonTests
{
    private readonly LinkedTransport _toFollower = new();
    private readonly LinkedTransport _toLeader = new();
    private readonly StateTrail _leaderTrail = new();
    private readonly StateTrail _followerTrail = new();
    private readonly List<string> _said = [];
    private readonly StateComparison _leader;
    private readonly StateComparison _follower;

    public StateComparisonTests()
    {
        _leader = new StateComparison(_leaderTrail, _toFollower, _said.Add);
        _follower = new StateComparison(_followerTrail, _toLeader, _said.Add);
    }

    [Fact]
    public void Members_that_agree_say_so_to_each_other()
    {
        Apply(1, 100, static position => (ulong)position, static position => (ulong)position);
        Exchange();
        Assert.Equal(100 * 32, _follower.AgreedPosition);
        Assert.Equal(_leaderTrail.Newest, _leader.PointOf(2));
        Assert.Equal(1, _follower.Compared);
    }

    [Fact]
    public void A_follower_that_lags_compares_when_it_has_got_there()
    {
        for (int i = 1; i <= 100; i++)
        {
            _leaderTrail.Note(i * 32, (ulong)i);
        }

        Exchange();
        Assert.Equal(0, _follower.Compared);
        for (int i = 1; i <= 100; i++)
        {
            _followerTrail.Note(i * 32, (ulong)i);
            _follower.Compare(1, 0);
        }

        Assert.Equal(1, _follower.Compared);
        Assert.Equal(100 * 32, _follower.AgreedPosition);
    }

    [Fact]
    public void The_first_differing_command_is_named_with_both_hashes()
    {
        Apply(1, 50, static position => (ulong)position, static position => (ulong)position);
        Exchange();
        Apply(51, 5000, static position => (ulong)position, static position => position >= 777 ? (ulong)position + 1 : (ulong)position);
        DivergedException diverged = Assert.Throws<DivergedException>(() =>
        {
            Exchange();
            Exchange();
        });
        Assert.Contains($"position {777 * 32} ", diverged.Message, StringComparison.Ordinal);
        Assert.Contains(777.ToString("x16", null), diverged.Message, StringComparison.Ordinal);
        Assert.Contains(778.ToString("x16", null), diverged.Message, StringComparison.Ordinal);
        Assert.Contains(_said, static line => line.StartsWith("ERROR", StringComparison.Ordinal));
    }

    [Fact]
    public void A_difference_further_back_than_the_leader_remembers_is_named_by_its_interval()
    {
        int last = StateTrail.Capacity + 20_000;
        Apply(1, last, static position => (ulong)position, static position => position >= 5 ? (ulong)position + 1 : (ulong)position);
        DivergedException diverged = Assert.Throws<DivergedException>(() =>
        {
            Exchange();
            Exchange();
        });
        Assert.Contains("differ", diverged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_events_over_a_different_state_are_found_at_a_snapshot()
    {
        Apply(1, 10, static position => (ulong)position, static position => (ulong)position);
        _leader.NoteSnapshot(320, 7);
        Exchange();
        _follower.NoteSnapshot(192, 1);
        Assert.Throws<DivergedException>(() => _follower.NoteSnapshot(320, 8));
    }

    [Fact]
    public void Only_the_leader_is_compared_with()
    {
        Apply(1, 10, static position => (ulong)position, static position => (ulong)position + 1);
        _leader.SendCheckpoint(2, 1, 0, 0);
        Assert.True(_toFollower.TryTake(out byte[] message));
        Assert.True(_follower.OnMessage(1, message, isFromLeader: false, 0));
        _follower.Compare(1, 0);
        Assert.Equal(0, _follower.Compared);
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Random random = new(1);
        for (int i = 0; i < 10_000; i++)
        {
            byte[] message = new byte[random.Next(2, 200)];
            random.NextBytes(message);
            message[0] = (byte)(64 + random.Next(6));
            message[1] = 0;
            _leader.OnMessage(3, message, isFromLeader: false, 0);
        }

        Assert.False(_leader.OnMessage(3, [64, 0], isFromLeader: true, 0));
        Assert.False(_leader.OnMessage(3, [67, 0, 1], isFromLeader: true, 0));
        Assert.False(_leader.OnMessage(3, new byte[] { 99, 0, 0, 0 }, isFromLeader: true, 0));
    }

    [Fact]
    public void How_far_the_clocks_are_apart_is_what_the_leader_has_measured_and_is_forgotten_in_time()
    {
        const long second = 1_000_000_000;
        Assert.Equal(0, _follower.ClockOffsetNs(0));
        Checkpoint(clockOffsetNs: -3 * second, nowNs: second);
        Assert.Equal(-3 * second, _follower.ClockOffsetNs(second));
        Checkpoint(CheckpointMessage.UnknownOffset, 4 * second);
        Assert.Equal(-3 * second, _follower.ClockOffsetNs(6 * second));
        Assert.Equal(0, _follower.ClockOffsetNs((6 * second) + 1));
    }

    [Fact]
    public void A_member_that_differs_says_so_until_it_stops()
    {
        Differ();
        Assert.True(_follower.Differs);
        _follower.Compare(1, 1_000_000_000);
        Assert.Throws<DivergedException>(() => _follower.Compare(1, 1_000_000_001));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_member_that_differs_stops_when_another_leads_or_nobody(int leader)
    {
        Differ();
        Assert.Throws<DivergedException>(() => _follower.Compare(leader, 1));
    }

    [Fact]
    public void A_member_that_differs_stops_when_the_leader_is_gone()
    {
        Differ();
        _follower.OnDisconnected(3);
        Assert.Throws<DivergedException>(() => _follower.OnDisconnected(1));
    }

    // The follower has seen the difference and has asked the leader for its trail.
    private void Differ()
    {
        Apply(1, 10, static position => (ulong)position, static position => (ulong)position + 1);
        Checkpoint(CheckpointMessage.UnknownOffset, 0);
    }

    private void Checkpoint(long clockOffsetNs, long nowNs)
    {
        _leader.SendCheckpoint(2, clockOffsetNs, 0, 0);
        Assert.True(_toFollower.TryTake(out byte[] message));
        Assert.True(_follower.OnMessage(1, message, isFromLeader: true, nowNs));
    }

    private void Apply(int first, int last, Func<long, ulong> leader, Func<long, ulong> follower)
    {
        for (int i = first; i <= last; i++)
        {
            _leaderTrail.Note(i * 32L, leader(i));
            _followerTrail.Note(i * 32L, follower(i));
        }
    }

    private void Exchange()
    {
        _leader.SendCheckpoint(2, 1, 0, 0);
        while (_toFollower.Waiting + _toLeader.Waiting > 0)
        {
            if (_toFollower.TryTake(out byte[] down))
            {
                Assert.True(_follower.OnMessage(1, down, isFromLeader: true, 0));
            }

            if (_toLeader.TryTake(out byte[] up))
            {
                Assert.True(_leader.OnMessage(2, up, isFromLeader: false, 0));
            }
        }
    }
}
