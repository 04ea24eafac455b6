using Exchange.Cluster.Egress;

namespace Exchange.Cluster.Tests.Egress;

public sealed class SessionFeedTests
{
    [Fact]
    public void Ranges_beyond_the_limit_are_merged_so_that_nothing_asked_for_is_left_out()
    {
        SessionFeed feed = new(3);
        feed.Bind(1, 2, 3, 100);
        for (int i = 1; i <= 20; i++)
        {
            feed.AddResend(new ResendRange { NextSeqNum = i * 10, EndSeqNum = (i * 10) + 5, SendingTimeNs = i });
        }

        long lowest = long.MaxValue;
        long highest = 0;
        int ranges = 0;
        while (feed.HasResend)
        {
            lowest = Math.Min(lowest, feed.CurrentResend.NextSeqNum);
            highest = Math.Max(highest, feed.CurrentResend.EndSeqNum);
            ranges++;
            feed.CompleteResend();
        }

        Assert.Equal(SessionFeed.ResendRangesMax, ranges);
        Assert.Equal(10, lowest);
        Assert.Equal(205, highest);
    }

    [Fact]
    public void A_new_binding_forgets_what_the_old_one_still_had_to_get()
    {
        SessionFeed feed = new(3);
        feed.Bind(1, 2, 3, 100);
        feed.AddResend(new ResendRange { NextSeqNum = 1, EndSeqNum = 5 });
        feed.CloseAfter(99, Protocol.ReasonCode.Operator);
        feed.Bind(1, 2, 4, 101);
        Assert.False(feed.HasResend);
        Assert.False(feed.IsClosing);
        Assert.Equal(101, feed.NextToSend);
    }
}
