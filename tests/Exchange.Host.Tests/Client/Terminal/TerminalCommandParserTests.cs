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
