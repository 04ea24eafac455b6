using Exchange.Core.Instruments;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Instruments;

public sealed class InstrumentTableTests
{
    [Fact]
    public void Numbers_are_given_out_in_order_and_symbols_find_them()
    {
        InstrumentTable table = new();
        for (int i = 0; i < 500; i++)
        {
            DefineInstrumentCommand definition = Definition($"S{i}");
            Assert.Equal(i, table.Define(in definition));
        }

        for (int i = 0; i < 500; i++)
        {
            Assert.True(table.TryFind(Text24.From($"S{i}"), out Instrument? instrument));
            Assert.Equal(i, instrument.Id);
            Assert.Same(instrument, table[i]);
        }

        Assert.False(table.TryFind(Text24.From("S500"), out _));
        Assert.False(table.TryFind(default, out _));
    }

    [Fact]
    public void The_same_definition_changes_nothing_and_another_is_refused()
    {
        InstrumentTable table = new();
        DefineInstrumentCommand definition = Definition("AAPL");
        definition.Header.LeadershipTerm = 7;
        Assert.Equal(0, table.Define(in definition));
        definition.Header.LeadershipTerm = 8;
        Assert.Equal(0, table.Define(in definition));
        definition.PriceTickE8 *= 2;
        Assert.Equal(-1, table.Define(in definition));
        Assert.Equal(1, table.Count);
    }

    [Theory]
    [InlineData(0, 100, 1000, 100, 1000)]
    [InlineData(-1, 100, 1000, 100, 1000)]
    [InlineData(10, 0, 1000, 100, 1000)]
    [InlineData(10, 100, 0, 100, 1000)]
    [InlineData(10, 100, 1001, 100, 1000)]
    [InlineData(10, 100, 1000, 0, 1000)]
    [InlineData(10, 100, 1000, 105, 1000)]
    [InlineData(10, 100, 1000, 100, 1005)]
    [InlineData(10, 100, 1000, 1000, 100)]
    [InlineData(1, 100, 1000, 1, (1L << 30) + 1)]
    [InlineData(1, 1, (1L << 38) + 1, 100, 1000)]
    [InlineData(long.MinValue, long.MinValue, long.MinValue, long.MinValue, long.MinValue)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, long.MinValue, long.MaxValue)]
    public void What_cannot_be_traded_exactly_is_refused(long tick, long step, long quantityMax, long priceMin, long priceMax)
    {
        DefineInstrumentCommand definition = Definition("X", tick, step, quantityMax, priceMin, priceMax);
        Assert.NotNull(Instrument.Check(in definition));
        Assert.Equal(-1, new InstrumentTable().Define(in definition));
    }

    [Theory]
    [InlineData(1, 1, 1L << 38, 1, 1L << 30)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(1, 1, 1, long.MaxValue - (1L << 30) + 1, long.MaxValue)]
    public void The_widest_instruments_are_taken(long tick, long step, long quantityMax, long priceMin, long priceMax)
    {
        DefineInstrumentCommand definition = Definition("X", tick, step, quantityMax, priceMin, priceMax);
        Assert.Null(Instrument.Check(in definition));
        InstrumentTable table = new();
        Assert.Equal(0, table.Define(in definition));
        Assert.Equal(ReasonCode.None, table[0].TryToTicks(priceMax, out long ticks));
        Assert.Equal(priceMax, table[0].ToPriceE8(ticks));
        Assert.Equal(ReasonCode.None, table[0].TryToLots(quantityMax, out long lots));
        Assert.Equal(quantityMax, table[0].ToQuantityE8(lots));
    }

    [Theory]
    [InlineData(100_0000_0000, ReasonCode.None)]
    [InlineData(100_0100_0000, ReasonCode.None)]
    [InlineData(100_0100_0001, ReasonCode.PriceNotOnTick)]
    [InlineData(100_0050_0000, ReasonCode.PriceNotOnTick)]
    [InlineData(0, ReasonCode.PriceOutOfRange)]
    [InlineData(-1, ReasonCode.PriceOutOfRange)]
    [InlineData(long.MaxValue, ReasonCode.PriceOutOfRange)]
    [InlineData(FixedPoint.Absent, ReasonCode.PriceOutOfRange)]
    [InlineData(FixedPoint.Unrepresentable, ReasonCode.PriceNotOnTick)]
    public void Prices_convert_exactly_or_not_at_all(long priceE8, ReasonCode expected)
    {
        InstrumentTable table = new();
        DefineInstrumentCommand definition = Definition("AAPL");
        table.Define(in definition);
        Assert.Equal(expected, table[0].TryToTicks(priceE8, out long ticks));
        Assert.True(expected != ReasonCode.None || table[0].ToPriceE8(ticks) == priceE8);
    }

    [Fact]
    public void A_snapshot_restores_numbers_and_definitions()
    {
        InstrumentTable table = new();
        for (int i = 0; i < 40; i++)
        {
            DefineInstrumentCommand definition = Definition($"S{i}", tick: 10 + i, step: 5, quantityMax: 500, priceMin: 10 + i, priceMax: 100 * (10 + i));
            table.Define(in definition);
        }

        byte[] first = Save(table);
        InstrumentTable restored = new();
        restored.Load(new SnapshotReader(new MemoryStream(first)));
        Assert.Equal(first, Save(restored));
        Assert.Equal(12, restored[2].PriceTickE8);
    }

    [Fact]
    public void A_snapshot_that_defines_a_symbol_twice_is_not_loaded()
    {
        InstrumentTable table = new();
        DefineInstrumentCommand definition = Definition("AAPL");
        table.Define(in definition);
        byte[] one = Save(table);
        byte[] twice = [2, 0, 0, 0, 0, 0, 0, 0, .. one.AsSpan(8), .. one.AsSpan(8)];
        Assert.Throws<InvalidDataException>(() => new InstrumentTable().Load(new SnapshotReader(new MemoryStream(twice))));
    }

    private static byte[] Save(InstrumentTable table)
    {
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        table.Save(writer);
        writer.Complete();
        return stream.ToArray();
    }

    private static DefineInstrumentCommand Definition(
        string symbol, long tick = 1_000_000, long step = 100_000_000, long quantityMax = 100_000_000_000, long priceMin = 1_000_000, long priceMax = 100_000_000_000) => new()
        {
            Symbol = Text24.From(symbol),
            PriceTickE8 = tick,
            QuantityStepE8 = step,
            QuantityMaxE8 = quantityMax,
            PriceMinE8 = priceMin,
            PriceMaxE8 = priceMax,
        };
}
