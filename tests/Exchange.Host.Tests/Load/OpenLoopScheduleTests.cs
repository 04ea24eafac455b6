using Exchange.Host.Load;

namespace Exchange.Host.Tests.Load;

public class OpenLoopScheduleTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Orders_become_due_at_the_rate_whatever_the_exchange_does()
    {
        OpenLoopSchedule schedule = new(startNs: 5 * Second, ratePerSec: 1000, durationNs: 2 * Second);
        Assert.Equal(2000, schedule.Count);
        Assert.Equal(0, schedule.DueBy(5 * Second - 1));
        Assert.Equal(1, schedule.DueBy(5 * Second));
        Assert.Equal(501, schedule.DueBy(5 * Second + Second / 2));
        Assert.Equal(2000, schedule.DueBy(9 * Second));
        Assert.Equal(5 * Second + 1_500_000, schedule.DueNs(1) + 500_000);
    }

    [Fact]
    public void A_stall_of_the_clock_makes_all_orders_of_the_stall_due_at_their_own_times()
    {
        OpenLoopSchedule schedule = new(0, 300_000, 60 * Second);
        long due = schedule.DueBy(Second / 10);
        Assert.Equal(30_001, due);
        Assert.InRange(schedule.DueNs(due - 1), Second / 10 - 3334, Second / 10);
        Assert.Equal(0, schedule.DueNs(0));
    }

    [Fact]
    public void Rates_that_do_not_divide_the_second_do_not_drift()
    {
        OpenLoopSchedule schedule = new(0, 333_333, 3600 * Second);
        long index = 333_333L * 3600 - 1;
        Assert.InRange(schedule.DueNs(index), 3600 * Second - 4000, 3600 * Second);
        for (long i = 0; i < 10_000; i++)
        {
            long due = schedule.DueNs(i);
            Assert.True(schedule.DueBy(due + 1) >= i + 1 && schedule.DueBy(due - 2) <= i);
        }
    }
}
