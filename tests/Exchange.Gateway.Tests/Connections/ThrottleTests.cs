using System.Runtime.InteropServices;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Tests.Scenarios;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Gateway.Tests.Connections;

public class ThrottleTests
{
    private ConnectionStory _story = new();
    private long _next = 2;

    [Fact]
    public void Orders_beyond_the_limit_a_second_are_forwarded_as_refused()
    {
        Limit(5);
        Assert.Equal("VVVVVTTT", Orders(8));
        Assert.Equal(3, _story.Counters.MessagesThrottled);
        _story.Passes(0.4);
        Assert.Equal("VVT", Orders(3));
        _story.Passes(5);
        Assert.Equal("VVVVVT", Orders(6));
    }

    [Fact]
    public void A_refused_message_keeps_its_number_and_nothing_of_its_content()
    {
        Limit(1);
        Orders(2);
        FixCommandHeader refused = _story.Log.Last<FixCommandHeader>();
        Assert.Equal((CommandType.InvalidMessage, FixCommandHeader.SizeBytes, 3, "D"), (refused.Command.Type, _story.Log.Commands[^1].Length, refused.MsgSeqNum, refused.MsgType.ToString()));
        Assert.Equal((GatewayVerdict.Throttled, 0, 0), (refused.Verdict, refused.Reason, refused.RefTagId));
    }

    [Theory]
    [InlineData("F", "11=C|41=B|55=AAPL|54=1|60={0}|")]
    [InlineData("q", "11=C|530=7|60={0}|")]
    public void Cancels_pass_when_new_orders_are_refused_and_are_refused_last(string type, string body)
    {
        Limit(4);
        Assert.Equal("VVVVT", Orders(5));
        Assert.Equal("VVVVT", Verdicts(5, () => Text(type, body)));
    }

    [Fact]
    public void Session_messages_do_not_count_as_orders()
    {
        Limit(1);
        Assert.Equal("VT", Orders(2));
        Assert.Equal(new string('V', 20), Verdicts(20, () => Text("1", "112=ARE-YOU-THERE|")));
    }

    [Fact]
    public void What_was_asked_for_again_does_not_count_and_nothing_beyond_it()
    {
        Limit(2);
        long first = _next;
        _next += 29;
        Assert.Equal("VVT", Orders(3));
        RangeEvent resend = new() { BeginSeqNo = first };
        _story.Happens(ref resend, EventType.ResendRequest);
        _next = first;
        Assert.Equal(new string('V', 32), Verdicts(32, () => Order("43=Y|122={0}|")));

        // Whoever goes on in this way beyond what was asked for sends something new under another name.
        Assert.Equal("TT", Verdicts(2, () => Order("43=Y|122={0}|")));
        Assert.Equal("T", Orders(1));
    }

    [Fact]
    public void A_client_that_names_a_huge_number_may_not_send_without_limit_what_it_calls_resent()
    {
        Limit(5);
        long first = _next;
        _next = 1_000_000_000_000_000_000;
        Assert.Equal("V", Orders(1));
        AsksFor(first);
        _next = first;
        Assert.Equal(new string('V', SessionAllowance.ResentMax + 4) + "TTTT", Verdicts(SessionAllowance.ResentMax + 8, () => Order("43=Y|122={0}|")));

        // Being asked again, or being back over another connection, is no new budget.
        AsksFor(_next);
        Assert.Equal("TTT", Verdicts(3, () => Order("43=Y|122={0}|")));
        _story.Reconnects();
        _story.LogsOn();
        long next = _next;
        _next = 2_000_000_000_000_000_000;
        Assert.Equal("T", Orders(1));
        AsksFor(next);
        _next = next;
        Assert.Equal("TTT", Verdicts(3, () => Order("43=Y|122={0}|")));

        // A tenth of it is there again after a tenth of an hour.
        _story.Passes(10);
        _story.Reconnects();
        _story.Passes(360);
        _story.Reconnects();
        _story.LogsOn();
        long again = _next;
        _next += 2_000;
        Assert.Equal("V", Orders(1));
        AsksFor(again);
        _next = again;
        Assert.Equal(new string('V', 1_027 + 4) + "TT", Verdicts(1_027 + 6, () => Order("43=Y|122={0}|")));
    }

    [Theory]
    [InlineData("1", "112=ARE-YOU-THERE|")]
    [InlineData("0", "")]
    [InlineData("2", "7=1|16=0|")]
    [InlineData("D", "11=B|")]
    [InlineData("BE", "923=R|924=4|553=HFT1|")]
    public void A_flood_of_messages_that_no_limit_of_orders_concerns_ends_the_session(string type, string body)
    {
        Limit(0);
        int most = 10 * 1_000;
        SendsMany(most, type, body);
        Assert.Equal(1 + most, _story.Log.Commands.Count);
        Assert.False(_story.Connection.IsCutOff);

        _story.Log.IsFull = true;
        _story.Arrives(Text(type, body));
        Assert.False(_story.Connection.IsCutOff);
        _story.Log.IsFull = false;
        _story.Retry();
        Assert.True(_story.Connection.IsCutOff);
        Assert.Equal((CommandType.LogoutDue, ReasonCode.SessionMessageFlood), (_story.Types[^1], _story.Log.Last<ConnectionCommand>().Reason));

        // What still comes is read and thrown away.
        SendsMany(100, type, body);
        Assert.Equal((2 + most, 0), (_story.Log.Commands.Count, _story.Unread));
        Assert.Equal(1, _story.Counters.SessionsFlooded);
        _story.CoreCloses(ReasonCode.SessionMessageFlood);
        Assert.Equal((ConnectionState.Flushing, CloseReason.Core), (_story.Connection.State, _story.Connection.CloseReason));
    }

    [Fact]
    public void A_flood_goes_on_where_it_was_over_the_next_connection()
    {
        Limit(0);
        SendsMany(10_001, "1", "112=X|");
        Assert.True(_story.Connection.IsCutOff);
        _story.Passes(0.1);
        _story.Reconnects();
        _story.LogsOn();
        SendsMany(100, "1", "112=X|");
        Assert.False(_story.Connection.IsCutOff);
        SendsMany(1, "1", "112=X|");
        Assert.True(_story.Connection.IsCutOff);
    }

    [Fact]
    public void Whoever_floods_is_closed_even_if_the_core_says_nothing()
    {
        Limit(0);
        SendsMany(10_001, "1", "112=X|");
        _story.Passes(2.1);
        Assert.Equal(CloseReason.Flood, _story.Connection.CloseReason);
        Assert.Equal((CommandType.ConnectionLost, ReasonCode.SessionMessageFlood), (_story.Types[^1], _story.Log.Last<ConnectionCommand>().Reason));
    }

    [Fact]
    public void A_thousand_session_messages_a_second_and_any_number_of_orders_pass_for_ever()
    {
        Limit(0);
        Assert.Equal(new string('V', 20_000), Orders(20_000));
        for (int second = 0; second < 30; second++)
        {
            _story.Passes(1);
            SendsMany(1_000, "1", "112=X|");
        }

        Assert.False(_story.Connection.IsCutOff);
    }

    [Fact]
    public void A_gateway_may_have_no_limit_of_session_messages()
    {
        _story = new ConnectionStory(options => options with { SessionMessagesPerSecondMax = 0 });
        Limit(0);
        SendsMany(20_000, "1", "112=X|");
        Assert.False(_story.Connection.IsCutOff);
    }

    [Fact]
    public void A_message_that_finds_no_room_is_counted_once()
    {
        Limit(2);
        _story.Log.IsFull = true;
        _story.Arrives(Order());
        for (int i = 0; i < 5; i++)
        {
            _story.Retry();
        }

        _story.Log.IsFull = false;
        _story.Retry();
        Assert.Equal("VT", Orders(2));
    }

    [Fact]
    public void A_changed_limit_counts_at_once_for_a_session_that_is_logged_on()
    {
        Limit(0);
        Assert.Equal(new string('V', 50), Orders(50));
        _story.Redefine((ref DefineParticipantCommand definition) => definition.MessagesPerSecondMax = 3);
        Assert.Equal("VVVT", Orders(4));
    }

    private void Limit(int messagesPerSecond)
    {
        _story.Redefine((ref DefineParticipantCommand definition) => definition.MessagesPerSecondMax = messagesPerSecond);
        _story.LogsOn();
    }

    private void AsksFor(long first)
    {
        RangeEvent resend = new() { BeginSeqNo = first };
        _story.Happens(ref resend, EventType.ResendRequest);
    }

    private void SendsMany(int count, string type, string body)
    {
        for (int i = 0; i < count; i++)
        {
            _story.Arrives(Text(type, body));
        }
    }

    private string Orders(int count) => Verdicts(count, () => Order());

    /// <summary>Sends messages and tells of each whether it was forwarded as valid or as throttled.</summary>
    private string Verdicts(int count, Func<byte[]> message)
    {
        int before = _story.Log.Commands.Count;
        for (int i = 0; i < count; i++)
        {
            _story.Arrives(message());
        }

        return string.Concat(_story.Log.Commands.Skip(before).Select(c => MemoryMarshal.Read<FixCommandHeader>(c).Verdict switch
        {
            GatewayVerdict.Valid => 'V',
            GatewayVerdict.Throttled => 'T',
            _ => '?',
        }));
    }

    private byte[] Order(string header = "") => Text("D", "11=B|55=AAPL|54=1|60={0}|38=100|40=2|44=187.25|59=0|", header);

    private byte[] Text(string type, string body, string header = "")
    {
        string text = $"35={type}|49=HFT1|56=EXCH|34={_next++}|52={{0}}|{header}{body}";
        return FixText.Message(text.Replace("{0}", _story.Time, StringComparison.Ordinal));
    }
}
