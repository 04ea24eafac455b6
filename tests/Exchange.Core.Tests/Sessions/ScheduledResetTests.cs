using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Sessions;

/// <summary>End of day and of the week: the leader says when, and at that log time the session starts over.</summary>
public sealed class ScheduledResetTests
{
    private const int Daily = 127;

    private static readonly string[] s_reset = ["Logout 34=3 58=ScheduledReset", "CloseConnection ScheduledReset connection=1", "HistoryReset"];

    [Fact]
    public void A_scheduled_reset_logs_the_client_out_and_both_numbers_start_at_one()
    {
        using CoreHarness exchange = Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.TestRequest("A");
        exchange.After(60).TimerDue().Expect(s_reset);

        ClientHarness again = exchange.Client(connection: 2);
        again.Logon().Expect("Logon 34=1 108=30");
    }

    [Fact]
    public void A_session_that_is_logged_off_is_reset_too()
    {
        using CoreHarness exchange = Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Logout();
        exchange.After(60).TimerDue().Expect("HistoryReset");
        exchange.Client(connection: 2).Logon().Expect("Logon 34=1 108=30");
    }

    [Fact]
    public void What_neither_side_has_seen_is_restated_at_the_next_logon()
    {
        using CoreHarness exchange = Open(participants: 2);
        ClientHarness maker = exchange.Client();
        ClientHarness taker = exchange.Client(session: 1, connection: 2);
        maker.Logon();
        taker.Logon();
        maker.Buy("B1", 10);
        taker.Sell("S1", 4);
        exchange.After(60).TimerDue();

        exchange.Client(connection: 3).Logon().Expect(
            "Logon 34=1 108=30",
            "ExecutionReport 34=2 11=B1 150=F 39=1 17=4 32=4 97=Y",
            "ExecutionReport 34=3 11=B1 150=D 39=1");
    }

    [Fact]
    public void The_next_instant_is_asked_for_after_each_reset_and_survives_a_snapshot()
    {
        using CoreHarness exchange = Open();
        Assert.Equal(CoreHarness.Start + (60 * CoreHarness.SecondNs), exchange.Core.NextDeadlineNs);
        exchange.Restore();
        Assert.Equal(CoreHarness.Start + (60 * CoreHarness.SecondNs), exchange.Core.NextDeadlineNs);

        int none = 0;
        Assert.False(exchange.Core.TryFindAwaitingSchedule(ref none, out _));
        exchange.After(60).TimerDue();
        int id = 0;
        Assert.True(exchange.Core.TryFindAwaitingSchedule(ref id, out DefineParticipantCommand definition));
        Assert.Equal((0, "America/New_York"), (id, definition.ResetZone.ToString()));
    }

    [Fact]
    public void A_reset_that_was_due_while_nobody_led_is_made_up_for_once()
    {
        using CoreHarness exchange = Open();
        exchange.Client().Logon();
        exchange.After(3600).StartTerm(2).Expect("Logout 34=2 58=ScheduledReset", "CloseConnection ScheduledReset connection=1", "HistoryReset");
        exchange.TimerDue().ExpectNothing();
    }

    [Fact]
    public void Only_one_instant_at_a_time_is_taken_and_only_for_a_session_with_a_schedule()
    {
        using CoreHarness exchange = Open(participants: 2);
        Schedule(exchange, 0, 5).ExpectNothing();
        Schedule(exchange, 1, 5).ExpectNothing();
        Schedule(exchange, 77, 5).ExpectNothing();
        Assert.Equal(CoreHarness.Start + (60 * CoreHarness.SecondNs), exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void A_changed_schedule_replaces_the_instant_and_no_schedule_removes_it()
    {
        using CoreHarness exchange = Open();
        exchange.Define(WithSchedule(0));
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);
        exchange.Define(WithSchedule(Daily));
        Schedule(exchange, 0, 7);
        Assert.Equal(CoreHarness.Start + (7 * CoreHarness.SecondNs), exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void An_instant_worked_out_from_a_definition_that_has_changed_since_is_not_taken()
    {
        using CoreHarness exchange = CoreHarness.Open(1);
        exchange.Define(WithSchedule(Daily));
        int id = 0;
        Assert.True(exchange.Core.TryFindAwaitingSchedule(ref id, out DefineParticipantCommand former));
        DefineParticipantCommand later = WithSchedule(Daily);
        later.ResetTimeOfDaySec++;
        exchange.Define(later);
        Schedule(exchange, 0, 5, former.ScheduleStamp());
        Assert.True(exchange.Core.TryFindAwaitingSchedule(ref id, out _));
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);

        Schedule(exchange, 0, 7, later.ScheduleStamp());
        Assert.Equal(CoreHarness.Start + (7 * CoreHarness.SecondNs), exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void Days_time_and_zone_are_what_a_schedule_follows_from_and_nothing_else()
    {
        DefineParticipantCommand schedule = WithSchedule(Daily);
        ulong stamp = schedule.ScheduleStamp();
        schedule.MessagesPerSecondMax++;
        Assert.Equal(stamp, schedule.ScheduleStamp());
        schedule.ResetZone = Text40.From("Europe/London");
        Assert.NotEqual(stamp, schedule.ScheduleStamp());
        Assert.NotEqual(stamp, WithSchedule(Daily - 1).ScheduleStamp());
    }

    private static CoreHarness Open(int participants = 1)
    {
        CoreHarness exchange = CoreHarness.Open(participants);
        exchange.Define(WithSchedule(Daily));
        Schedule(exchange, 0, 60);
        return exchange;
    }

    private static DefineParticipantCommand WithSchedule(int days)
    {
        DefineParticipantCommand definition = CoreHarness.Participant("HFT1");
        definition.ResetDays = days;
        definition.ResetTimeOfDaySec = 17 * 3600;
        definition.ResetZone = Text40.From("America/New_York");
        return definition;
    }

    private static CoreHarness Schedule(CoreHarness exchange, int session, int seconds, ulong stamp = 0) => exchange.Apply(CommandType.ScheduleReset, new ScheduleResetCommand
    {
        Header = new CommandHeader { SessionId = session },
        ResetAtNs = exchange.NowNs + (seconds * CoreHarness.SecondNs),
        ScheduleStamp = stamp,
    });
}
