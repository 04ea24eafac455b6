using Exchange.Core.Instruments;
using Exchange.Core.Markets;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Markets;

public sealed class MarketTableTests
{
    [Fact]
    public void Each_instrument_has_a_market_that_trades_continuously()
    {
        MarketTable table = new(new InstrumentTable());
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(i, Define(table, $"S{i}"));
        }

        Assert.Equal(40, table.Count);
        Assert.Equal(MarketPhase.Continuous, table[39].Phase);
        Assert.Equal("S39", table[39].Instrument.Symbol.ToString());
    }

    [Fact]
    public void The_reference_price_is_the_days_last_trade_then_the_definitions_then_an_older_trade()
    {
        MarketTable table = new(new InstrumentTable());
        Market bare = table[Define(table, "BARE")];
        Market defined = table[Define(table, "DEFINED", referencePriceE8: 50_000_000)];
        Assert.Equal((0, 50), (bare.ReferenceTicks, defined.ReferenceTicks));

        bare.Traded(60);
        defined.Uncrossed(61);
        defined.Traded(62);
        Assert.Equal((60, 62), (bare.ReferenceTicks, defined.ReferenceTicks));
        Assert.Equal((0, 61), (bare.AuctionTicks, defined.AuctionTicks));

        table.StartDay();
        Assert.Equal((60, 50), (bare.ReferenceTicks, defined.ReferenceTicks));
        Assert.Equal((0, 0), (bare.TradedTodayTicks, defined.AuctionTicks));
        Assert.Equal((60, 62), (bare.LastTradeTicks, defined.LastTradeTicks));
    }

    [Fact]
    public void A_snapshot_restores_prices_and_days()
    {
        MarketTable table = new(new InstrumentTable());
        Market market = table[Define(table, "A")];
        Define(table, "B");
        table.StartDay();
        market.Uncrossed(70);
        table.StartDay();
        market.Traded(71);

        byte[] saved = Save(table);
        MarketTable restored = new(new InstrumentTable());
        restored.Load(new SnapshotReader(new MemoryStream(saved)));
        Assert.Equal(saved, Save(restored));
        Assert.Equal((71, 0, 3), (restored[0].ReferenceTicks, restored[0].AuctionTicks, restored.TradingDay));
    }

    private static byte[] Save(MarketTable table)
    {
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        table.Save(writer);
        writer.Complete();
        return stream.ToArray();
    }

    private static int Define(MarketTable table, string symbol, long referencePriceE8 = 0)
    {
        DefineInstrumentCommand command = new()
        {
            Symbol = Text24.From(symbol),
            PriceTickE8 = 1_000_000,
            QuantityStepE8 = 100_000_000,
            QuantityMaxE8 = 100_000_000_000,
            PriceMinE8 = 1_000_000,
            PriceMaxE8 = 100_000_000_000,
            ReferencePriceE8 = referencePriceE8,
        };
        return table.Define(in command);
    }
}
