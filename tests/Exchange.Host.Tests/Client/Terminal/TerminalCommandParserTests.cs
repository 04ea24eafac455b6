using Exchange.Fix.Dictionary;
using Exchange.Host.Client;
using Exchange.Host.Client.Terminal;

namespace Exchange.Host.Tests.Client.Terminal;

public class TerminalCommandParserTests
{
    [Theory]
    [InlineData("buy 100 AAPL @ 101.25", '1', 100, "AAPL", 101.25, '0', "")]
    [InlineData("  SELL 5 MSFT @99.5 gtc id my-1 ", '2', 5, "MSFT", 99.5, '1', "my-1")]
    [InlineData("b 1 BTC-USD@60000 fok", '1', 1, "BTC-USD", 60000.0, '4', "")]
    [InlineData("s 2 X market ioc", '2', 2, "X", null, '3', "")]
    public void Orders_are_read_as_people_write_them(string line, char side, int quantity, string symbol, double? price, char timeInForce, string id)
    {
        TerminalCommand command = Parse(line);
        Assert.Equal((TerminalVerb.Order, side, quantity, symbol), (command.Verb, command.Side, command.Quantity, command.Symbol));
        Assert.Equal((price is double p ? (decimal)p : null, timeInForce, id), (command.Price, command.TimeInForce, command.Id));
    }

    [Theory]
    [InlineData("buy")]
    [InlineData("buy x AAPL @ 1")]
    [InlineData("buy 0 AAPL @ 1")]
    [InlineData("buy -1 AAPL @ 1")]
    [InlineData("buy 1 AAPL")]
    [InlineData("buy 1 AAPL @")]
    [InlineData("buy 1 AAPL @ 1 never")]
    [InlineData("buy 1,5 AAPL @ 1")]
    [InlineData("buy 1 AAPL @ 1 stop")]
    [InlineData("buy 1 AAPL @ 1 show 0")]
    [InlineData("buy 1 AAPL @ 1 prevent nobody")]
    [InlineData("quote AAPL 1 @ 2")]
    [InlineData("quote AAPL 1 @ 2 x")]
    [InlineData("quote AAPL 1 @ 2 x 1 @ 3 4")]
    [InlineData("unquote A B")]
    [InlineData("cancel")]
    [InlineData("cancel 1 AAPL")]
    [InlineData("cancel 1 AAPL long")]
    [InlineData("replace 1 2 3")]
    [InlineData("resend x")]
    [InlineData("raw hello")]
    [InlineData("status")]
    public void What_is_not_understood_is_answered_with_its_form(string line)
    {
        Assert.False(TerminalCommandParser.TryParse(line, out _, out string error));
        Assert.StartsWith("write: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("buy 1 AAPL market stop 5", '3', "15=38=1|40=3|99=5|59=0|")]
    [InlineData("buy 1 AAPL @ 6 stop 5 gtc", '4', "15=38=1|40=4|44=6|99=5|59=1|")]
    [InlineData("buy 1 AAPL mtl", 'K', "15=38=1|40=K|59=0|")]
    [InlineData("buy 9 AAPL @ 6 show 2 post", '2', "18=6|1138=2|15=38=9|40=2|44=6|59=0|")]
    [InlineData("buy 9 AAPL @ 6 min 3 ioc", '2', "110=3|15=38=9|40=2|44=6|59=3|")]
    [InlineData("buy 9 AAPL @ 6 until 20261201", '2', "15=38=9|40=2|44=6|59=6|432=20261201|")]
    [InlineData("buy 9 AAPL @ 6 until 20261201-10:00:00", '2', "15=38=9|40=2|44=6|59=6|126=20261201-10:00:00|")]
    [InlineData("buy 9 AAPL @ 6 smp DESK prevent oldest open", '2', "15=38=9|40=2|44=6|59=2|2362=DESK|2964=2|")]
    public void Orders_of_other_kinds_become_their_fields(string line, char type, string fields)
    {
        TerminalCommand command = Parse(line);
        Assert.Equal(type, command.OrdType);
        string expected = fields.Replace("15=", "55=AAPL|54=1|60=TIME|", StringComparison.Ordinal);
        Assert.Equal(expected, Body(body => OrderForms.New(body, command, FixDictionaries.Fix50SP2, 0)));
    }

    [Theory]
    [InlineData("quote AAPL 1 @ 2 x 3 @ 4", "296=1|302=1|304=1|295=1|299=1|55=AAPL|132=2|133=4|134=1|135=3|")]
    [InlineData("quote AAPL - x 3@4 reset", "9773=Y|296=1|302=1|304=1|295=1|299=1|55=AAPL|133=4|135=3|")]
    [InlineData("quote AAPL none x -", "296=1|302=1|304=1|295=1|299=1|55=AAPL|132=0|134=0|")]
    [InlineData("unquote", "298=4|")]
    [InlineData("unquote AAPL", "298=1|295=1|55=AAPL|")]
    [InlineData("unquote group MAIN", "298=4|336=MAIN|")]
    public void Quotes_become_their_fields(string line, string fields) => Assert.Equal(fields, Body(body => OrderForms.Quote(body, Parse(line))));

    private static string Body(Action<FixMessageBuilder> write)
    {
        FixMessageBuilder body = new FixMessageBuilder().Open();
        write(body);
        return System.Text.Encoding.ASCII.GetString(body.Body).Replace('\u0001', '|').Replace("60=19700101-00:00:00.000", "60=TIME", StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_words_point_to_help()
    {
        Assert.False(TerminalCommandParser.TryParse("frobnicate", out _, out string error));
        Assert.Contains("help", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_commands()
    {
        Assert.Equal((TerminalVerb.Cancel, "3"), (Parse("cancel 3").Verb, Parse("c 3").Id));
        Assert.Equal(("X", "AAPL", '2'), (Parse("cancel X AAPL sell").Id, Parse("cancel X AAPL sell").Symbol, Parse("cancel X AAPL sell").Side));
        Assert.Equal((TerminalVerb.Replace, 50m, 101m), (Parse("replace 3 50 @ 101").Verb, Parse("replace 3 50 @101").Quantity, Parse("r 3 50 @ 101").Price));
        Assert.Equal((5L, 0L), (Parse("resend 5").Begin, Parse("resend 5").End));
        Assert.Equal((5L, 9L), (Parse("resend 5 9").Begin, Parse("resend 5 9").End));
        Assert.Equal("35=D|11=a b", Parse("raw 35=D|11=a b").Text);
        Assert.Equal(TerminalVerb.Nothing, Parse("# a comment").Verb);
        Assert.Equal(TerminalVerb.Nothing, Parse("   ").Verb);
        Assert.Equal(1.5m, Parse("sleep 1.5").Quantity);
        Assert.All(["orders", "orders all", "fills", "session", "testrequest", "reset", "connect", "disconnect", "logout", "trace", "help", "quit"],
            line => Assert.NotEqual(TerminalVerb.Nothing, Parse(line).Verb));
    }

    private static TerminalCommand Parse(string line)
    {
        Assert.True(TerminalCommandParser.TryParse(line, out TerminalCommand command, out string error), error);
        return command;
    }
}
