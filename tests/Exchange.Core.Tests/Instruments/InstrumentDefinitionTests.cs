using System.Numerics;
using Exchange.Core.Instruments;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Instruments;

public sealed class InstrumentDefinitionTests
{
    private const long One = FixedPoint.Scale;

    [Theory]
    [InlineData("tick", "tick is 0, it must be positive")]
    [InlineData("priceMin", "priceMin is 0.015, it must be a positive multiple of the tick 0.01")]
    [InlineData("referencePrice", "referencePrice is 10.005, it must be a multiple of the tick 0.01 between priceMin and priceMax")]
    [InlineData("quantityMin", "quantityMin is 1.5, it must be a multiple of quantityStep 1 and not above quantityMax 1000")]
    [InlineData("quantityMinAboveMax", "quantityMin is 1001, it must be a multiple of quantityStep 1 and not above quantityMax 1000")]
    [InlineData("multiplier", "multiplier is -1, it must be positive")]
    [InlineData("kind", "kind is 4, known are 0 to 3")]
    [InlineData("flags", "flags are 2, known are 1")]
    [InlineData("inverseSpot", "inverse is true, but the kind is Spot: only futures and perpetuals are inverse")]
    [InlineData("spotExpiry", "expiry is 5 ns, but the kind is Spot: futures and options have one, others none")]
    [InlineData("futureNoExpiry", "expiry is 0 ns, but the kind is Future: futures and options have one, others none")]
    [InlineData("spotStrike", "strike is 1, but the kind is Spot: options have a positive one, others none")]
    [InlineData("spotCall", "putCall is Call, but the kind is Spot: options are call or put, others neither")]
    [InlineData("optionNoStrike", "strike is 0, but the kind is Option: options have a positive one, others none")]
    [InlineData("optionNoRight", "putCall is None, but the kind is Option: options are call or put, others neither")]
    [InlineData("optionNoUnderlying", "underlying is empty, but an option has one")]
    [InlineData("ownUnderlying", "underlying is X, the instrument itself")]
    [InlineData("spotMultiplier", "multiplier is 2, but the kind is Spot: its multiplier is 1")]
    [InlineData("ticksTooMany", "ticks has 9 bands, the most are 8")]
    [InlineData("ticksBehind", "ticks has something behind its 0 bands")]
    [InlineData("ticksOffBase", "ticks: the tick from 10 is 0.015, it must be a positive multiple of the tick 0.01")]
    [InlineData("ticksOffOwn", "ticks: a band begins at 10.01; bands ascend, begin at a multiple of their own tick 0.02, and not above priceMax")]
    [InlineData("collarNegative", "staticCollarBp is -1, allowed are 0 to 100000")]
    [InlineData("actionWithoutCollar", "collarAction is auction, but there is no collar")]
    [InlineData("actionWithoutDuration", "volatilityAuctionSec is 0 ns, but collarAction is Auction: an auction has a duration")]
    [InlineData("positionBelowStep", "positionMax is 0.5, less than one quantityStep 1")]
    public void A_contradiction_is_named_with_field_and_value(string what, string expected)
    {
        DefineInstrumentCommand definition = Definition();
        Spoil(ref definition, what);
        Assert.Equal(expected, InstrumentDefinition.Check(in definition));
        InstrumentTable table = new();
        Assert.Equal(-1, table.Define(in definition));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Every_kind_can_be_defined()
    {
        InstrumentTable table = new();
        foreach (InstrumentKind kind in Enum.GetValues<InstrumentKind>())
        {
            DefineInstrumentCommand definition = Definition(kind);
            definition.Symbol = Text24.From(kind.ToString());
            Assert.Null(InstrumentDefinition.Check(in definition));
            Assert.Equal((int)kind, table.Define(in definition));
        }
    }

    [Theory]
    [InlineData("kind", "kind is 1 and cannot become 2")]
    [InlineData("tick", "tick is 0.01 and cannot become 0.02")]
    [InlineData("step", "quantityStep is 1 and cannot become 2")]
    [InlineData("multiplier", "multiplier is 1 and cannot become 3")]
    [InlineData("currency", "currency is 'USD' and cannot become 'EUR'")]
    [InlineData("settlement", "settlementCurrency is 'USD' and cannot become 'BTC'")]
    [InlineData("expiry", "expiry is 9 and cannot become 10")]
    [InlineData("range", "priceMax is 1000 and cannot become 2000")]
    [InlineData("group", "group is 'MAIN' and cannot become 'NIGHT'")]
    public void What_an_instrument_is_cannot_change(string what, string expected)
    {
        InstrumentTable table = new();
        DefineInstrumentCommand known = Definition(InstrumentKind.Future);
        table.Define(in known);
        DefineInstrumentCommand said = known;
        switch (what)
        {
            case "kind": (said.Kind, said.ExpiryNs) = (InstrumentKind.Perpetual, 0); break;
            case "tick": said.PriceTickE8 *= 2; said.PriceMinE8 *= 2; break;
            case "step": said.QuantityStepE8 *= 2; break;
            case "multiplier": said.MultiplierE8 = 3 * One; break;
            case "currency": said.Currency = Text16.From("EUR"); break;
            case "settlement": said.SettlementCurrency = Text16.From("BTC"); break;
            case "expiry": said.ExpiryNs++; break;
            case "range": said.PriceMaxE8 *= 2; break;
            default: said.GroupName = Text16.From("NIGHT"); break;
        }

        Assert.Equal(expected, table.WhyRefused(in said));
        Assert.Equal(-1, table.Define(in said));
        Assert.Equal(known.PriceTickE8, table[0].PriceTickE8);
    }

    [Fact]
    public void Limits_ticks_and_the_reference_price_change_by_another_definition()
    {
        InstrumentTable table = new();
        DefineInstrumentCommand definition = Definition();
        table.Define(in definition);
        definition.QuantityMinE8 = 10 * One;
        definition.QuantityMaxE8 = 50 * One;
        definition.ReferencePriceE8 = 20 * One;
        definition.TickCount = 2;
        definition.Ticks[0] = new TickBand { FromE8 = 0, TickE8 = 2_000_000 };
        definition.Ticks[1] = new TickBand { FromE8 = 10 * One, TickE8 = 5_000_000 };

        // What stands for the same is the same.
        definition.MultiplierE8 = One;
        definition.GroupName = Text16.From("MAIN");
        definition.SettlementCurrency = definition.Currency;
        Assert.Equal(0, table.Define(in definition));
        Assert.Equal(1, table.Count);

        Instrument instrument = table[0];
        Assert.Equal(2_000, instrument.ReferenceTicks);
        Assert.Equal(ReasonCode.QuantityOutOfRange, instrument.TryToLots(9 * One, out _));
        Assert.Equal(ReasonCode.None, instrument.TryToLots(10 * One, out _));
        Assert.Equal(ReasonCode.QuantityOutOfRange, instrument.TryToLots(51 * One, out _));
        Assert.Equal(ReasonCode.None, instrument.TryToTicks(998_000_000, out long ticks));
        Assert.Equal(998, ticks);
        Assert.Equal(ReasonCode.PriceNotOnTick, instrument.TryToTicks(999_000_000, out _));
        Assert.Equal(ReasonCode.PriceNotOnTick, instrument.TryToTicks(1_002_000_000, out _));
        Assert.Equal(ReasonCode.None, instrument.TryToTicks(1_005_000_000, out _));
        Assert.Equal((2_000_000, 5_000_000), (instrument.TickE8At(999_000_000), instrument.TickE8At(10 * One)));
    }

    [Fact]
    public void Notionals_are_those_of_exact_arithmetic()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int i = 0; i < 200_000; i++)
        {
            DefineInstrumentCommand definition = Definition(InstrumentKind.Perpetual);
            definition.PriceTickE8 = Draw(random);
            definition.PriceMinE8 = definition.PriceTickE8;
            long pricesMax = Math.Min(long.MaxValue / definition.PriceTickE8, 1 << 30);
            definition.PriceMaxE8 = definition.PriceTickE8 * pricesMax;
            definition.QuantityStepE8 = Draw(random);
            long lotsMax = Math.Min(long.MaxValue / definition.QuantityStepE8, Instrument.QuantityMaxLots);
            definition.QuantityMaxE8 = definition.QuantityStepE8 * lotsMax;
            definition.MultiplierE8 = Draw(random);
            definition.Flags = random.Next(2) == 0 ? InstrumentFlags.Inverse : InstrumentFlags.None;
            Assert.Null(InstrumentDefinition.Check(in definition));
            Instrument instrument = new(0, in definition);
            long ticks = random.NextInt64(1, pricesMax + 1);
            long lots = random.NextInt64(0, lotsMax + 1);

            BigInteger price = (BigInteger)ticks * definition.PriceTickE8;
            BigInteger quantity = (BigInteger)lots * definition.QuantityStepE8;
            BigInteger exact = instrument.IsInverse
                ? quantity * definition.MultiplierE8 / price
                : price * quantity * definition.MultiplierE8 / ((BigInteger)One * One);
            long expected = exact > long.MaxValue ? long.MaxValue : (long)exact;
            Assert.True(expected == instrument.NotionalE8(ticks, lots), $"seed {seed}, round {i}: {instrument.NotionalE8(ticks, lots)} instead of {expected}");
        }
    }

    [Fact]
    public void A_share_at_a_price_is_worth_price_times_quantity()
    {
        DefineInstrumentCommand definition = Definition();
        Assert.Equal(1_234_500_000_000, new Instrument(0, in definition).NotionalE8(12_345, 100));
    }

    private static long Draw(Random random) => random.NextInt64(1, 1L << random.Next(1, 63));

    private static void Spoil(ref DefineInstrumentCommand definition, string what)
    {
        bool isOption = what.StartsWith("option", StringComparison.Ordinal);
        if (isOption)
        {
            definition = Definition(InstrumentKind.Option);
        }

        switch (what)
        {
            case "tick": definition.PriceTickE8 = 0; break;
            case "priceMin": definition.PriceMinE8 = 1_500_000; break;
            case "referencePrice": definition.ReferencePriceE8 = 1_000_500_000; break;
            case "quantityMin": definition.QuantityMinE8 = 150_000_000; break;
            case "quantityMinAboveMax": definition.QuantityMinE8 = 1_001 * One; break;
            case "multiplier": definition.MultiplierE8 = -One; break;
            case "kind": definition.Kind = (InstrumentKind)4; break;
            case "flags": definition.Flags = (InstrumentFlags)2; break;
            case "inverseSpot": definition.Flags = InstrumentFlags.Inverse; break;
            case "spotExpiry": definition.ExpiryNs = 5; break;
            case "futureNoExpiry": definition.Kind = InstrumentKind.Future; break;
            case "spotStrike": definition.StrikeE8 = One; break;
            case "spotCall": definition.OptionRight = OptionRight.Call; break;
            case "optionNoStrike": definition.StrikeE8 = 0; break;
            case "optionNoRight": definition.OptionRight = OptionRight.None; break;
            case "optionNoUnderlying": definition.Underlying = default; break;
            case "ownUnderlying": definition.Underlying = definition.Symbol; break;
            case "spotMultiplier": definition.MultiplierE8 = 2 * One; break;
            case "ticksTooMany": definition.TickCount = 9; break;
            case "ticksBehind": definition.Ticks[7].TickE8 = 1_000_000; break;
            case "ticksOffBase": Band(ref definition, 10 * One, 1_500_000); break;
            case "ticksOffOwn": Band(ref definition, 1_001_000_000, 2_000_000); break;
            case "collarNegative": definition.StaticCollarBp = -1; break;
            case "actionWithoutCollar": definition.CollarAction = CollarAction.Auction; break;
            case "actionWithoutDuration": (definition.CollarAction, definition.DynamicCollarBp) = (CollarAction.Auction, 100); break;
            default: definition.PositionMaxE8 = One / 2; break;
        }
    }

    private static void Band(ref DefineInstrumentCommand definition, long fromE8, long tickE8)
    {
        definition.TickCount = 1;
        definition.Ticks[0] = new TickBand { FromE8 = fromE8, TickE8 = tickE8 };
    }

    private static DefineInstrumentCommand Definition(InstrumentKind kind = InstrumentKind.Spot) => new()
    {
        Symbol = Text24.From("X"),
        SecurityType = Text16.From("CS"),
        Currency = Text16.From("USD"),
        PriceTickE8 = 1_000_000,
        QuantityStepE8 = One,
        QuantityMaxE8 = 1_000 * One,
        PriceMinE8 = 1_000_000,
        PriceMaxE8 = 1_000 * One,
        Kind = kind,
        ExpiryNs = kind is InstrumentKind.Future or InstrumentKind.Option ? 9 : 0,
        StrikeE8 = kind == InstrumentKind.Option ? One : 0,
        OptionRight = kind == InstrumentKind.Option ? OptionRight.Put : OptionRight.None,
        Underlying = kind == InstrumentKind.Option ? Text24.From("U") : default,
    };
}
