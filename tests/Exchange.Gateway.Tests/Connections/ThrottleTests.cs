using System.Runtime.InteropServices;
using Exchange.Gateway.Tests.Scenarios;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Gateway.Tests.Connections;

public class ThrottleTests
{
    private readonly ConnectionStory _story = new();
    private int _next = 2;

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
    public void Session_messages_are_never_refused()
    {
        Limit(1);
        Assert.Equal("VT", Orders(2));
        Assert.Equal(new string('V', 20), Verdicts(20, () => Text("1", "112=ARE-YOU-THERE|")));
    }

    [Fact]
    public void What_was_asked_for_again_does_not_count_and_nothing_beyond_it()
    {
        Limit(2);
        int first = _next;
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
