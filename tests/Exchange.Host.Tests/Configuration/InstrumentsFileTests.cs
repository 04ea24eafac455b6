using Exchange.Host.Configuration;
using Exchange.Protocol.Commands;

namespace Exchange.Host.Tests.Configuration;

public sealed class InstrumentsFileTests
{
    [Fact]
    public void A_record_becomes_the_command_that_defines_it()
    {
        DefineInstrumentCommand command = Assert.Single(InstrumentsFile.Parse(
            "f.yaml",
            """
            instruments:
              - { symbol: BTC-USD, type: FXSPOT, currency: USD, tick: 0.01, quantityStep: 0.0001, quantityMax: 10000, priceMax: 10000000 }
            """));
        Assert.Equal("BTC-USD", command.Symbol.ToString());
        Assert.Equal("FXSPOT", command.SecurityType.ToString());
        Assert.Equal(1_000_000, command.PriceTickE8);
        Assert.Equal(10_000, command.QuantityStepE8);
        Assert.Equal(10_000L * 100_000_000, command.QuantityMaxE8);
        Assert.Equal(1_000_000, command.PriceMinE8);
        Assert.Equal(CommandType.DefineInstrument, command.Header.Type);
        Assert.Equal(DefineInstrumentCommand.SizeBytes, command.Header.Length);
    }

    [Theory]
    [InlineData("instruments:\n  - { symbol: A, tick: 0, quantityStep: 1, quantityMax: 1, priceMax: 1 }", "f.yaml line 2: field tick: '0' must be a positive decimal")]
    [InlineData("instruments:\n  - symbol: A\n    tick: 0.000000001\n    quantityStep: 1\n    quantityMax: 1\n    priceMax: 1", "f.yaml line 3: field tick:")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 2, quantityMax: 3, priceMax: 1 }", "f.yaml line 2: field quantityMax: A: quantityMax is 3, it must be a positive multiple of quantityStep 2")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 1, priceMin: 5 }", "f.yaml line 2: field priceMax: A: priceMax is 1, it must be a multiple of the tick 1 and not below priceMin 5")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3 }", "f.yaml line 2: field priceMax: is missing")]
    [InlineData("instruments:\n  - { symbol: A B, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 1 }", "f.yaml line 2: field symbol: 'A B' must be 1 to 23 printable ASCII characters")]
    [InlineData("instruments:\n  - { symbol: A, tick: 99999999999999, quantityStep: 1, quantityMax: 3, priceMax: 1 }", "f.yaml line 2: field tick:")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 1 }\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 1 }", "f.yaml line 3: field symbol: 'A' is defined twice")]
    [InlineData("instruments:\n  - { symbol: A, colour: red }", "f.yaml line 2: field colour: is not known; allowed are symbol, type")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 1, kind: swap }", "field kind: 'swap' must be one of spot, future, perpetual, option")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 1, kind: option }", "line 2: field expiry: A: expiry is 0 ns, but the kind is Option")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 1, expiry: soon }", "field expiry: 'soon' must be a UTC time such as")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 9, ticks: 3 }", "field ticks: '3' must be FROM:TICK")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 9, ticks: \"3:0.5\" }", "field ticks: A: ticks: the tick from 3 is 0.5, it must be a positive multiple of the tick 1")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 9, staticCollarBp: -1 }", "field staticCollarBp: '-1' must be a whole number from 0 to 100000")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 9, collarAction: auction }", "field collarAction: A: collarAction is auction, but there is no collar")]
    [InlineData("instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 9, positionMax: 99999999999999999999 }", "field positionMax: '99999999999999999999' must be a decimal")]
    [InlineData("instruments:\n  - { symbol: [1, 2] }", "f.yaml line 2: field symbol: must be a single value")]
    [InlineData("instruments:\n  - just text", "f.yaml line 2: field instruments: each entry must be a record")]
    [InlineData("instruments: []", "field instruments: must hold at least one record")]
    [InlineData("stocks:\n  - a", "f.yaml line 1: field stocks: is not known here; the only key allowed at the top is 'instruments'")]
    [InlineData("instruments:\n  - { symbol: A\n", "is not valid YAML")]
    [InlineData("", "must hold one document with the key 'instruments'")]
    public void A_mistake_is_one_line_with_file_line_field_and_what_is_allowed(string text, string expected)
    {
        HostException error = Assert.Throws<HostException>(() => InstrumentsFile.Parse("f.yaml", text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }
}
