using System.Runtime.InteropServices;
using System.Text;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Tests.Scenarios;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Gateway.Tests.Connections;

public class FixConnectionTests
{
    [Fact]
    public void A_logon_is_forwarded_once_its_password_is_checked_and_nothing_is_said_before_the_core_says_it()
    {
        ConnectionStory story = new();
        story.Arrives(FixText.Logon("HFT1", heartBtInt: 20, time: story.Time));
        Assert.Equal(ConnectionState.AwaitingPasswordCheck, story.Connection.State);
        Assert.Empty(story.Types);

        story.PasswordIsChecked();
        Assert.Equal([CommandType.Logon], story.Types);
        LogonCommand logon = story.Log.Last<LogonCommand>();
        Assert.Equal(20, logon.HeartBtIntSec);
        Assert.Equal(1, logon.Header.MsgSeqNum);
        CommandHeader fence = logon.Header.Command;
        Assert.Equal((5, 1234, 17, 1, 3), (fence.LeadershipTerm, fence.GatewayIncarnation, fence.ConnectionId, fence.GatewayId, fence.SessionId));
        Assert.Equal("", story.Said);

        story.LogonIsAnswered(20);
        Assert.Equal(ConnectionState.Bound, story.Connection.State);
        Assert.Contains("|35=A|", story.Said, StringComparison.Ordinal);
        Assert.Contains("|108=20|", story.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIX.4.2", "")]
    [InlineData("FIX.4.4", "")]
    [InlineData("FIXT.1.1", "1137=9|")]
    public void The_BeginString_of_the_Logon_chooses_the_version_of_a_participant_that_may_use_any(string begin, string version)
    {
        ConnectionStory story = new();
        story.Arrives(FixText.Message($"35=A|49=ANY1|56=EXCH|34=1|52={story.Time}|98=0|108=30|{version}", begin));
        Assert.Equal([CommandType.Logon], story.Types);
        story.LogonIsAnswered(30);
        Assert.StartsWith($"8={begin}|9=", story.Said, StringComparison.Ordinal);
        Assert.Contains($"|98=0|108=30|{version}10=", story.Said, StringComparison.Ordinal);

        story.Arrives(FixText.Message($"35=0|49=ANY1|56=EXCH|34=2|52={story.Time}|", begin));
        Assert.Equal(GatewayVerdict.Valid, story.Log.Last<FixCommandHeader>().Verdict);
        story.Arrives(FixText.Message($"35=0|49=ANY1|56=EXCH|34=3|52={story.Time}|", begin == "FIX.4.4" ? "FIX.4.2" : "FIX.4.4"));
        Assert.Equal(GatewayVerdict.IncorrectBeginString, story.Log.Last<FixCommandHeader>().Verdict);
    }

    [Theory]
    [InlineData("FIX.4.3", "", nameof(CloseReason.FirstMessageNotLogon))]
    [InlineData("FIX.4.4", "1137=9|", nameof(CloseReason.InvalidLogon))]
    [InlineData("FIXT.1.1", "", nameof(CloseReason.InvalidLogon))]
    [InlineData("FIXT.1.1", "1137=8|", nameof(CloseReason.InvalidLogon))]
    public void A_logon_in_a_version_that_the_exchange_does_not_speak_is_closed(string begin, string version, string expected)
    {
        ConnectionStory story = new();
        story.Arrives(FixText.Message($"35=A|49=ANY1|56=EXCH|34=1|52={story.Time}|98=0|108=30|{version}", begin));
        Assert.Equal((ConnectionState.Closed, expected), (story.Connection.State, story.Connection.CloseReason.ToString()));
        Assert.Equal("", story.Said);
    }

    [Fact]
    public void A_password_that_comes_when_the_session_is_over_is_wiped_too()
    {
        ConnectionStory story = new();
        story.LogsOn();
        story.CoreCloses(ReasonCode.PeerSilent);
        byte[] logon = FixText.Logon("HFT1", password: "top-secret-word", time: story.Time);
        Assert.Equal(logon.Length, story.ReceivesInPlace(logon));
        Assert.DoesNotContain("top-secret-word", Encoding.ASCII.GetString(logon), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_a_damaged_message_is_wiped_too()
    {
        ConnectionStory story = new();
        story.LogsOn();
        byte[] logon = FixText.Logon("HFT1", password: "top-secret-word", time: story.Time);
        logon[^2] ^= 1;
        byte[] bytes = [.. logon, .. FixText.Message($"35=0|49=HFT1|56=EXCH|34=2|52={story.Time}|")];
        Assert.Equal(bytes.Length, story.ReceivesInPlace(bytes));
        Assert.DoesNotContain("top-secret-word", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal([CommandType.Logon, CommandType.Heartbeat], story.Types);
    }

    [Fact]
    public void The_password_is_wiped_from_the_bytes_that_were_read()
    {
        ConnectionStory story = new();
        byte[] logon = FixText.Logon("HFT1", password: "top-secret-word", time: story.Time);
        Assert.Equal(logon.Length, story.ReceivesInPlace(logon));

        Assert.DoesNotContain("top-secret-word", Encoding.ASCII.GetString(logon), StringComparison.Ordinal);
        Assert.Equal("top-secret-word"u8.ToArray(), story.Connection.Authentication.Password.ToArray());
        story.PasswordIsChecked();
        Assert.True(story.Connection.Authentication.Password.IsEmpty);
    }

    [Fact]
    public void A_password_in_a_damaged_logon_is_wiped_too()
    {
        ConnectionStory story = new();
        byte[] logon = FixText.Logon("HFT1", password: "top-secret-word", time: story.Time);
        logon[^2] ^= 1;
        story.ReceivesInPlace(logon);

        Assert.DoesNotContain("top-secret-word", Encoding.ASCII.GetString(logon), StringComparison.Ordinal);
        Assert.Equal(CloseReason.FirstMessageNotLogon, story.Connection.CloseReason);
    }

    [Theory]
    [InlineData("HFT1", "wrong", "HFT1", "EXCH", "FIX.4.4")]
    [InlineData("HFT1", "HFT1", "someone", "EXCH", "FIX.4.4")]
    [InlineData("NOBODY", "NOBODY", "NOBODY", "EXCH", "FIX.4.4")]
    [InlineData("HFT1", "HFT1", "HFT1", "OTHER", "FIX.4.4")]
    [InlineData("HFT1", "HFT1", "HFT1", "EXCH", "FIX.4.2")]
    public void A_wrong_name_or_password_is_checked_like_a_right_one_and_then_closed_without_a_word(string sender, string password, string user, string target, string begin)
    {
        ConnectionStory story = new();
        story.Arrives(FixText.Message($"35=A|49={sender}|56={target}|34=1|52={story.Time}|98=0|108=30|553={user}|554={password}|", begin));
        Assert.Equal(ConnectionState.AwaitingPasswordCheck, story.Connection.State);
        Assert.True(story.Connection.Authentication.Iterations > 0);

        story.PasswordIsChecked();
        Assert.Equal(ConnectionState.Closed, story.Connection.State);
        Assert.Equal(CloseReason.LogonRefused, story.Connection.CloseReason);
        Assert.Equal("", story.Said);
        Assert.Empty(story.Types);
        Assert.False(story.Connection.OwesCommand);
    }

    [Theory]
    [InlineData("35=0|49=HFT1|56=EXCH|34=1|52=20261121-00:00:00|")]
    [InlineData("35=D|49=HFT1|56=EXCH|34=1|52=20261121-00:00:00|11=x|55=AAPL|54=1|60=20261121-00:00:00|38=1|40=1|")]
    public void A_first_message_that_is_no_logon_closes_the_connection(string body)
    {
        ConnectionStory story = new();
        story.Arrives(FixText.Message(body));

        Assert.Equal(CloseReason.FirstMessageNotLogon, story.Connection.CloseReason);
        Assert.Empty(story.Types);
    }

    [Fact]
    public void Garbage_before_a_logon_closes_the_connection()
    {
        ConnectionStory story = new();
        story.Arrives("GET / HTTP/1.1\r\n\r\n"u8);

        Assert.Equal(ConnectionState.Closed, story.Connection.State);
        Assert.Equal(CloseReason.FirstMessageNotLogon, story.Connection.CloseReason);
    }

    [Fact]
    public void A_logon_with_the_right_password_but_a_missing_field_is_closed_and_not_forwarded()
    {
        ConnectionStory story = new();
        story.Arrives(FixText.Message($"35=A|49=HFT1|56=EXCH|34=1|52={story.Time}|98=0|553=HFT1|554=HFT1|"));
        story.PasswordIsChecked();

        Assert.Equal(CloseReason.InvalidLogon, story.Connection.CloseReason);
        Assert.Empty(story.Types);
    }

    [Fact]
    public void A_participant_without_a_password_is_forwarded_at_once()
    {
        ConnectionStory story = new();
        story.Arrives(FixText.Logon("FREE1", time: story.Time));

        Assert.Equal(ConnectionState.AwaitingLogonReply, story.Connection.State);
        Assert.Equal([CommandType.Logon], story.Types);
    }

    [Fact]
    public void Silence_before_the_logon_closes_after_the_logon_timeout()
    {
        ConnectionStory story = new();
        story.Passes(9.9);
        Assert.Equal(ConnectionState.AwaitingLogon, story.Connection.State);
        story.Passes(0.2);
        Assert.Equal(CloseReason.LogonTimeout, story.Connection.CloseReason);
    }

    [Fact]
    public void A_logon_that_comes_byte_by_byte_too_slowly_is_closed_too()
    {
        ConnectionStory story = new();
        foreach (byte b in FixText.Logon("HFT1", time: story.Time)[..50])
        {
            story.Arrives([b]);
            story.Passes(0.3);
        }

        Assert.Equal(CloseReason.LogonTimeout, story.Connection.CloseReason);
    }

    [Fact]
    public void A_logon_that_the_core_does_not_answer_closes_and_the_loss_is_told()
    {
        ConnectionStory story = new();
        story.Arrives(FixText.Logon("HFT1", time: story.Time));
        story.PasswordIsChecked();
        story.Passes(10.1);

        Assert.Equal(CloseReason.LogonUnanswered, story.Connection.CloseReason);
        Assert.Equal([CommandType.Logon, CommandType.ConnectionLost], story.Types);
    }

    [Fact]
    public void Messages_behind_the_logon_wait_for_the_password_and_follow_it_in_order()
    {
        ConnectionStory story = new();
        story.Arrives([.. FixText.Logon("HFT1", time: story.Time), .. FixText.Order("HFT1", 2, "a", story.Time), .. FixText.Order("HFT1", 3, "b", story.Time)]);
        Assert.True(story.Connection.IsReadPaused);
        Assert.Empty(story.Types);

        story.PasswordIsChecked();
        story.Retry();
        Assert.Equal([CommandType.Logon, CommandType.NewOrder, CommandType.NewOrder], story.Types);
        Assert.Equal(0, story.Unread);
    }

    [Fact]
    public void A_full_ingress_leaves_the_message_with_the_transport_and_it_is_forwarded_once_when_there_is_room()
    {
        ConnectionStory story = new();
        story.LogsOn();
        story.Log.IsFull = true;
        byte[] order = FixText.Order("HFT1", 2, "a", story.Time);
        story.Arrives(order);
        Assert.True(story.Connection.IsReadPaused);
        Assert.Equal(order.Length, story.Unread);
        story.Retry();
        Assert.Equal(order.Length, story.Unread);

        story.Log.IsFull = false;
        story.Retry();
        Assert.Equal(0, story.Unread);
        Assert.False(story.Connection.IsReadPaused);
        Assert.Equal([CommandType.Logon, CommandType.NewOrder], story.Types);
        Assert.Equal(2, story.Counters.IngressBackPressure);
    }

    [Fact]
    public void A_logon_that_finds_the_ingress_full_is_held_and_offered_again()
    {
        ConnectionStory story = new();
        story.Log.IsFull = true;
        story.Arrives(FixText.Logon("HFT1", time: story.Time));
        story.PasswordIsChecked();
        Assert.Equal(ConnectionState.HoldingLogon, story.Connection.State);
        Assert.True(story.Connection.OwesCommand);

        story.Log.IsFull = false;
        story.OffersOwed();
        Assert.Equal([CommandType.Logon], story.Types);
        Assert.Equal(ConnectionState.AwaitingLogonReply, story.Connection.State);
    }

    [Fact]
    public void The_loss_of_a_connection_is_told_once_even_when_the_ingress_is_full_for_a_while()
    {
        ConnectionStory story = new();
        story.LogsOn();
        story.Log.IsFull = true;
        story.Connection.Close(CloseReason.PeerClosed, story.Now);
        story.Connection.IsSocketReleased = true;
        story.Passes(1);
        Assert.True(story.Connection.OwesCommand);
        Assert.False(story.Connection.IsReusable);

        story.Log.IsFull = false;
        story.Passes(1);
        story.Passes(1);
        Assert.Equal([CommandType.Logon, CommandType.ConnectionLost], story.Types);
        Assert.Equal(17, story.Log.Last<ConnectionCommand>().Header.ConnectionId);
        Assert.True(story.Connection.IsReusable);
    }

    [Fact]
    public void An_idle_session_asks_for_heartbeats_in_time()
    {
        ConnectionStory story = new();
        story.LogsOn(heartBtInt: 10);
        for (int i = 0; i < 5; i++)
        {
            story.PassesSlowly(5);
            story.Arrives(FixText.Heartbeat("HFT1", i + 2, story.Time));
        }

        Assert.Equal(2, story.Types.Count(type => type == CommandType.HeartbeatDue));
        Assert.DoesNotContain(CommandType.TestRequestDue, story.Types);
    }

    [Fact]
    public void A_silent_client_is_tested_then_logged_out_by_the_core_and_the_loss_is_told()
    {
        ConnectionStory story = new();
        story.LogsOn(heartBtInt: 10);
        story.PassesSlowly(12.2);
        Assert.Equal(1, story.Types.Count(type => type == CommandType.TestRequestDue));
        story.PassesSlowly(8);
        Assert.Equal(1, story.Types.Count(type => type == CommandType.LogoutDue));
        Assert.Equal(ReasonCode.PeerSilent, story.Log.Last<ConnectionCommand>().Reason);

        LogoutEvent logout = default;
        logout.Text = ReasonCode.PeerSilent;
        story.Happens(ref logout, EventType.Logout);
        story.CoreCloses(ReasonCode.PeerSilent);
        Assert.Equal(ConnectionState.Flushing, story.Connection.State);
        Assert.Contains("|35=5|", story.Said, StringComparison.Ordinal);
        story.OffersOwed();
        Assert.Equal(CommandType.ConnectionLost, story.Types[^1]);
    }

    [Fact]
    public void A_silent_client_is_closed_even_when_the_core_does_not_act()
    {
        ConnectionStory story = new();
        story.LogsOn(heartBtInt: 10);
        story.PassesSlowly(23);

        Assert.Equal(CloseReason.PeerSilent, story.Connection.CloseReason);
        Assert.Equal(CommandType.ConnectionLost, story.Types[^1]);
        Assert.Equal(ReasonCode.PeerSilent, story.Log.Last<ConnectionCommand>().Reason);
    }

    [Fact]
    public void A_timer_that_finds_the_ingress_full_fires_when_there_is_room()
    {
        ConnectionStory story = new();
        story.LogsOn(heartBtInt: 10);
        story.Log.IsFull = true;
        story.PassesSlowly(11);
        story.Log.IsFull = false;
        story.PassesSlowly(0.2);

        Assert.Equal([CommandType.Logon, CommandType.HeartbeatDue], story.Types);
    }

    [Fact]
    public void A_client_that_is_not_read_for_lack_of_room_is_not_silent()
    {
        ConnectionStory story = new();
        story.LogsOn(heartBtInt: 10);
        story.Log.IsFull = true;
        story.Arrives(FixText.Order("HFT1", 2, "a", story.Time));
        story.PassesSlowly(60);
        Assert.Equal(ConnectionState.Bound, story.Connection.State);

        story.Log.IsFull = false;
        story.Retry();
        story.PassesSlowly(1);
        Assert.DoesNotContain(CommandType.LogoutDue, story.Types);
        Assert.Contains(CommandType.NewOrder, story.Types);
    }

    [Fact]
    public void Without_a_heartbeat_interval_nothing_is_ever_due()
    {
        ConnectionStory story = new();
        story.LogsOn(heartBtInt: 0);
        story.Passes(100_000);

        Assert.Equal([CommandType.Logon], story.Types);
        Assert.Equal(ConnectionState.Bound, story.Connection.State);
    }

    [Fact]
    public void A_probed_session_that_answers_lives_and_one_that_does_not_is_closed()
    {
        ConnectionStory story = new();
        story.LogsOn();
        Probe(story);
        story.Passes(0.9);
        story.Arrives(FixText.Heartbeat("HFT1", 2, story.Time));
        story.Passes(2);
        Assert.Equal(ConnectionState.Bound, story.Connection.State);

        Probe(story);
        story.Passes(1.1);
        Assert.Equal(CloseReason.ProbeUnanswered, story.Connection.CloseReason);
        Assert.Equal(CommandType.ConnectionLost, story.Types[^1]);
    }

    [Fact]
    public void When_the_core_closes_what_was_said_before_is_flushed_and_what_comes_in_is_thrown_away()
    {
        ConnectionStory story = new();
        story.LogsOn();
        story.CoreCloses(ReasonCode.LogoutConfirmed);
        Assert.Equal(ConnectionState.Flushing, story.Connection.State);
        Assert.NotEmpty(story.Said);
        story.Arrives(FixText.Order("HFT1", 2, "late", story.Time));
        Assert.Equal(0, story.Unread);
        Assert.DoesNotContain(CommandType.NewOrder, story.Types);

        story.Connection.Flushed(story.Now);
        Assert.Equal(ConnectionState.Lingering, story.Connection.State);
        story.Passes(2.1);
        Assert.Equal(ConnectionState.Closed, story.Connection.State);
        Assert.Equal(CloseReason.Core, story.Connection.CloseReason);
        Assert.Equal(ReasonCode.LogoutConfirmed, story.Connection.CoreReason);
    }

    [Fact]
    public void A_client_that_does_not_read_its_last_messages_is_closed_after_the_grace()
    {
        ConnectionStory story = new();
        story.LogsOn();
        story.CoreCloses(ReasonCode.LogoutConfirmed);
        story.Passes(2.1);

        Assert.Equal(CloseReason.FlushTimeout, story.Connection.CloseReason);
        Assert.Equal(ConnectionState.Closed, story.Connection.State);
    }

    [Fact]
    public void An_outbound_buffer_past_its_limit_drops_the_client_and_the_loss_is_told()
    {
        ConnectionStory story = new();
        story.LogsOn();
        int said = 0;
        TestReqEvent heartbeat = default;
        while (story.Connection.State == ConnectionState.Bound && said < 10_000)
        {
            story.Happens(ref heartbeat, EventType.Heartbeat);
            said++;
        }

        Assert.Equal(CloseReason.SlowConsumer, story.Connection.CloseReason);
        Assert.InRange(story.Connection.Outbound.PendingBytes, 60 * 1024, 64 * 1024);
        story.OffersOwed();
        Assert.Equal(ReasonCode.SlowConsumer, story.Log.Last<ConnectionCommand>().Reason);
        Assert.False(story.Happens(ref heartbeat, EventType.Heartbeat));
    }

    [Fact]
    public void A_client_that_asked_for_a_resend_may_be_further_behind()
    {
        ConnectionStory story = new();
        story.LogsOn();
        RejectEvent resent = default;
        resent.Header.Flags = EventFlags.PossDup;
        for (int i = 0; i < 900; i++)
        {
            story.Happens(ref resent, EventType.Reject);
        }

        TestReqEvent live = default;
        story.Happens(ref live, EventType.Heartbeat);
        Assert.Equal(ConnectionState.Bound, story.Connection.State);
        Assert.InRange(story.Connection.Outbound.PendingBytes, 64 * 1024, 256 * 1024);
    }

    [Fact]
    public void Garbled_input_is_ignored_and_counted_up_to_a_limit()
    {
        ConnectionStory story = new();
        story.LogsOn();
        byte[] broken = FixText.Order("HFT1", 2, "a", story.Time);
        broken[^2] = broken[^2] == (byte)'0' ? (byte)'1' : (byte)'0';
        story.Arrives(broken);
        story.Arrives(FixText.Order("HFT1", 2, "b", story.Time));
        Assert.Equal([CommandType.Logon, CommandType.NewOrder], story.Types);
        Assert.Equal(1, story.Counters.Garbled);
        Assert.Equal(ConnectionState.Bound, story.Connection.State);

        byte[] noise = new byte[1024];
        for (int i = 0; i <= 64; i++)
        {
            story.Arrives(noise);
        }

        Assert.Equal(CloseReason.Garbled, story.Connection.CloseReason);
        story.OffersOwed();
        Assert.Equal(CommandType.ConnectionLost, story.Types[^1]);
    }

    [Fact]
    public void A_slot_that_is_reused_remembers_nothing()
    {
        ConnectionStory story = new();
        story.LogsOn();
        story.Arrives("8=FIX.4.4\u00019=100\u000135=D"u8);
        story.Connection.Close(CloseReason.PeerClosed, story.Now);
        story.Connection.IsSocketReleased = true;
        story.OffersOwed();
        story.Connection.Free();
        story.Connection.Open(18, null, story.Now);

        Assert.Equal(ConnectionState.AwaitingLogon, story.Connection.State);
        Assert.Null(story.Connection.Participant);
        Assert.Equal("", story.Said);
        Assert.False(story.Connection.OwesCommand);
        story.Passes(20);
        Assert.Equal(CloseReason.LogonTimeout, story.Connection.CloseReason);
        Assert.Equal([CommandType.Logon, CommandType.ConnectionLost], story.Types);
    }

    [Fact]
    public void When_the_member_is_lost_nothing_is_owed_to_it()
    {
        ConnectionStory story = new();
        story.LogsOn();
        story.Connection.MemberLost(story.Now);

        Assert.Equal(ConnectionState.Closed, story.Connection.State);
        Assert.False(story.Connection.OwesCommand);
    }

    [Fact]
    public void Whatever_the_bytes_and_however_cut_a_connection_ends_in_order_or_goes_on()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            ConnectionStory story = new();
            if (round % 2 == 0)
            {
                story.LogsOn();
            }

            byte[] stream = [.. Enumerable.Range(0, 5).SelectMany(i => FixText.Order("HFT1", i + 2, $"o{i}", story.Time))];
            for (int mutation = random.Next(6); mutation > 0; mutation--)
            {
                stream[random.Next(stream.Length)] = (byte)random.Next(256);
            }

            for (int at = 0; at < stream.Length;)
            {
                int take = random.Next(1, Math.Min(64, stream.Length - at) + 1);
                story.Log.IsFull = random.Next(8) == 0;
                story.Arrives(stream.AsSpan(at, take));
                at += take;
            }

            story.Log.IsFull = false;
            story.Retry();
            foreach (byte[] command in story.Log.Commands)
            {
                CommandHeader header = MemoryMarshal.Read<CommandHeader>(command);
                Assert.True(header.Length == command.Length && header.ConnectionId == 17 && header.SessionId == 3, $"seed {seed}, round {round}");
            }

            Assert.True(story.Types.Count(type => type == CommandType.NewOrder) <= 5, $"seed {seed}, round {round}");
        }
    }

    private static void Probe(ConnectionStory story)
    {
        TestReqEvent probe = default;
        probe.Probe = 1;
        story.Happens(ref probe, EventType.TestRequest);
    }
}
