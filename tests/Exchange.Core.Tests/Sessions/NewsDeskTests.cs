namespace Exchange.Core.Tests.Sessions;

/// <summary>News to everybody who is there.</summary>
public sealed class NewsDeskTests
{
    [Fact]
    public void News_take_a_number_of_each_session_that_is_logged_on_and_of_no_other()
    {
        using CoreHarness exchange = CoreHarness.Open(participants: 3);
        ClientHarness first = exchange.Client();
        ClientHarness third = exchange.Client(session: 2, connection: 2);
        first.Logon();
        third.Logon();
        first.TestRequest("x");
        exchange.News("Trading halt", "AAPL is halted.\nOrders stay.", '1').Expect(
            "News 34=3 61=1 148=Trading halt 58=AAPL is halted./Orders stay.", "News 34=2 61=1 148=Trading halt 58=AAPL is halted./Orders stay. session=2");
        exchange.Client(session: 1, connection: 3).Logon().Expect("Logon 34=1 108=30 session=1");
    }

    [Fact]
    public void A_session_that_is_being_logged_out_gets_none()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.LogoutDue(Protocol.ReasonCode.Operator);
        exchange.News("Late", "Too late.").ExpectNothing();
    }

    [Theory]
    [InlineData("", "text", '0')]
    [InlineData("headline", "", '0')]
    [InlineData("headline", "text", '3')]
    [InlineData("head\u0001line", "text", '0')]
    [InlineData("headline", "te\u0001xt", '0')]
    [InlineData("head\nline", "text", '0')]
    [InlineData("headline", "text\n", '0')]
    [InlineData("headline", "text\n\ntext", '0')]
    [InlineData("headline", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17", '0')]
    public void News_that_could_not_be_written_out_reach_nobody(string headline, string text, char urgency)
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Logon();
        exchange.News(headline, text, urgency).ExpectNothing();
        ulong hash = exchange.Core.StateHash();
        Assert.Equal(hash, exchange.Restore().Core.StateHash());
    }

    [Fact]
    public void The_longest_news_arrive_whole()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Client().Logon();
        string headline = new('h', Protocol.Commands.NewsContent.HeadlineLengthMax);
        string text = new('t', Protocol.Commands.NewsContent.TextLengthMax);
        exchange.News(headline, text, '2').Expect($"News 34=2 61=2 148={headline} 58={text}");
    }
}
