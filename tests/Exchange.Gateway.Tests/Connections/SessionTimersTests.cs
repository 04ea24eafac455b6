using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Tests.Connections;

public class SessionTimersTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void A_heartbeat_is_due_after_the_interval_without_sending()
    {
        SessionTimers timers = Start(30);
        timers.Sent(10 * Second);
        timers.Received(39 * Second);

        Assert.Equal(SessionTimerAction.None, timers.Next((40 * Second) - 1));
        Assert.Equal(SessionTimerAction.Heartbeat, timers.Next(40 * Second));
        timers.HeartbeatAsked(40 * Second);
        Assert.Equal(SessionTimerAction.None, timers.Next(41 * Second));
    }

    [Fact]
    public void Silence_brings_a_test_request_after_1_2_intervals_once_and_a_logout_after_two()
    {
        SessionTimers timers = Start(10);
        timers.HeartbeatAsked(10 * Second);

        Assert.Equal(SessionTimerAction.TestRequest, timers.Next(12 * Second));
        Assert.Equal(SessionTimerAction.TestRequest, timers.Next(12 * Second));
        timers.TestRequestAsked();
        Assert.Equal(SessionTimerAction.None, timers.Next(13 * Second));
        timers.HeartbeatAsked(19 * Second);
        Assert.Equal(SessionTimerAction.Logout, timers.Next(20 * Second));
        timers.LogoutAsked(20 * Second, 2 * Second);
        Assert.Equal(SessionTimerAction.None, timers.Next(21 * Second));
        Assert.Equal(SessionTimerAction.GiveUp, timers.Next(22 * Second));
    }

    [Fact]
    public void Any_message_ends_the_silence_and_a_new_one_is_tested_anew()
    {
        SessionTimers timers = Start(10);
        timers.TestRequestAsked();
        timers.Received(15 * Second);
        timers.Sent(20 * Second);

        Assert.Equal(SessionTimerAction.None, timers.Next(26 * Second));
        Assert.Equal(SessionTimerAction.TestRequest, timers.Next(27 * Second));
    }

    [Fact]
    public void An_interval_of_zero_asks_for_nothing_ever()
    {
        SessionTimers timers = Start(0);

        Assert.Equal(SessionTimerAction.None, timers.Next(1_000_000 * Second));
    }

    [Fact]
    public void A_probe_works_without_heartbeats_and_is_answered_by_any_message()
    {
        SessionTimers timers = Start(0);
        timers.ArmProbe(5 * Second, Second);

        Assert.Equal(SessionTimerAction.None, timers.Next((6 * Second) - 1));
        Assert.Equal(SessionTimerAction.ProbeUnanswered, timers.Next(6 * Second));
        timers.Received(6 * Second);
        Assert.Equal(SessionTimerAction.None, timers.Next(9 * Second));
    }

    [Fact]
    public void A_second_probe_does_not_prolong_the_first()
    {
        SessionTimers timers = Start(0);
        timers.ArmProbe(0, Second);
        timers.ArmProbe(Second / 2, Second);

        Assert.Equal(SessionTimerAction.ProbeUnanswered, timers.Next(Second));
    }

    private static SessionTimers Start(int heartBtIntSec)
    {
        SessionTimers timers = default;
        timers.Start(heartBtIntSec, 0);
        return timers;
    }
}
