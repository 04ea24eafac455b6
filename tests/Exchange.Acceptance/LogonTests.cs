using System.Diagnostics;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>Who may come in, seen from outside: what is refused is refused without a word and without a difference.</summary>
public class LogonTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    [Theory]
    [InlineData("HFT1", "EXCH", "HFT1", "s3cret-of-nobody")]
    [InlineData("HFT1", "EXCH", "HFT2", "HFT1")]
    [InlineData("NOBODY", "EXCH", "NOBODY", "NOBODY")]
    [InlineData("HFT1", "OTHER", "HFT1", "HFT1")]
    public void A_wrong_logon_is_closed_without_a_word(string sender, string target, string user, string password)
    {
        ExchangeProcess exchange = StartExchange();
        using FixConnection connection = FixConnection.Open(exchange.FixPort);
        connection.Send(Logon(sender, target, user, password));
        Assert.Null(connection.Receive(Poll.Patience));
        Assert.True(connection.IsClosed, "still open");

        // Nothing was sequenced: the rightful owner starts at 1. And no password is anywhere but in a hash.
        FixClient owner = Client(exchange, "HFT1").LogOn();
        Assert.Equal(2, owner.NextIn);
        Assert.Empty(owner.Violations);
        exchange.StopCleanly();
        Assert.DoesNotContain(Directory.EnumerateFiles(State, "*", SearchOption.AllDirectories), file => File.ReadAllText(file, System.Text.Encoding.Latin1).Contains("s3cret-of-nobody", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_connection_of_a_live_session_is_closed_and_the_first_stays()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient first = Client(exchange, "HFT1").LogOn();
        using FixConnection second = FixConnection.Open(exchange.FixPort);
        second.Send(Logon("HFT1", "EXCH", "HFT1", "HFT1"));
        Poll.Until(() => first.Pump(TimeSpan.FromMilliseconds(10)) && second.Receive(TimeSpan.FromMilliseconds(10)) is null && second.IsClosed, "the end of the second");
        first.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", first.Receive()[150]);
        Assert.Empty(first.Violations);
    }

    [Fact]
    public void A_first_connection_that_is_dead_makes_room_for_the_second()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient dead = Client(exchange, "HFT1").LogOn();
        dead.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", dead.Receive()[150]);

        // It reads and answers nothing any more. A second connection is refused at first, and let in once the first was found dead.
        long start = Stopwatch.GetTimestamp();
        Poll.Until(
            () =>
            {
                using FixConnection second = FixConnection.Open(exchange.FixPort);
                second.Send(FixMessage.Compose("FIX.4.4", [(35, "A"), (49, "HFT1"), (56, "EXCH"), (34, $"{dead.NextOut}"), (52, FixClient.Now()), (98, "0"), (108, "30"), (553, "HFT1"), (554, "HFT1")]));
                return second.Receive(TimeSpan.FromMilliseconds(500)) is { Type: "A" };
            },
            "a Logon for the second",
            exchange.Describe,
            TimeSpan.FromSeconds(15));
        Say($"let in after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
    }

    [Fact]
    public void A_reset_starts_both_numbers_at_one_and_tells_what_is_open()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient client = Client(exchange, "HFT1").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", client.Receive()[150]);
        client.LogOut();

        using FixConnection again = FixConnection.Open(exchange.FixPort);
        again.Send(FixMessage.Compose("FIX.4.4", [(35, "A"), (49, "HFT1"), (56, "EXCH"), (34, "1"), (52, FixClient.Now()), (98, "0"), (108, "30"), (141, "Y"), (553, "HFT1"), (554, "HFT1")]));
        FixMessage logon = again.Receive(Poll.Patience)!;
        Assert.Equal(("A", 1, "Y"), (logon.Type, logon.SeqNum, logon[141]));
        FixMessage restated = again.Receive(Poll.Patience)!;
        Assert.Equal(("8", 2, "D", "B1", 10m), (restated.Type, restated.SeqNum, restated[150], restated[11], restated.Number(151)));
    }

    private static byte[] Logon(string sender, string target, string user, string password) =>
        FixMessage.Compose("FIX.4.4", [(35, "A"), (49, sender), (56, target), (34, "1"), (52, FixClient.Now()), (98, "0"), (108, "30"), (553, user), (554, password)]);
}
