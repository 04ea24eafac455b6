using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Instruments;

// A definition comes from a file or from an operator and is believed by nobody: what contradicts itself would be found out by orders, at
// the worst time. So it is refused as a whole, with the field and the value, and nothing changes. What an instrument is stays what it is:
// prices, quantities and positions that are kept in its units would mean something else otherwise.

/// <summary>What is wrong with the definition of an instrument, and which of its fields cannot change any more (rule 1.1).</summary>
public static class InstrumentDefinition
{
    /// <summary>Widest collar or band, in basis points of its base: ten times the base.</summary>
    public const int BasisPointsMax = 100_000;

    private const InstrumentFlags KnownFlags = InstrumentFlags.Inverse;

    /// <summary>What is wrong with a definition, with field and value, in words for an operator; null when nothing is.</summary>
    public static string? Check(in DefineInstrumentCommand definition) =>
        definition.Symbol.IsEmpty
            ? "the symbol is empty"
            : CheckPrices(in definition) ?? CheckQuantities(in definition) ?? CheckKind(in definition) ?? CheckTicks(in definition) ?? CheckSafety(in definition);

    /// <summary>The first field that differs although it can never change, with both values; null when there is none.</summary>
    public static string? ChangedForGood(in DefineInstrumentCommand known, in DefineInstrumentCommand said) =>
        Changed("kind", (long)known.Kind, (long)said.Kind)
        ?? Changed("inverse", (long)(known.Flags & InstrumentFlags.Inverse), (long)(said.Flags & InstrumentFlags.Inverse))
        ?? ChangedE8("tick", known.PriceTickE8, said.PriceTickE8)
        ?? ChangedE8("quantityStep", known.QuantityStepE8, said.QuantityStepE8)
        ?? ChangedE8("multiplier", MultiplierOf(in known), MultiplierOf(in said))
        ?? Changed("currency", known.Currency.ToString(), said.Currency.ToString())
        ?? Changed("settlementCurrency", SettlementOf(in known).ToString(), SettlementOf(in said).ToString())
        ?? Changed("underlying", known.Underlying.ToString(), said.Underlying.ToString())
        ?? ChangedE8("strike", known.StrikeE8, said.StrikeE8)
        ?? Changed("putCall", (long)known.OptionRight, (long)said.OptionRight)
        ?? Changed("expiry", known.ExpiryNs, said.ExpiryNs)
        ?? ChangedE8("priceMin", known.PriceMinE8, said.PriceMinE8)
        ?? ChangedE8("priceMax", known.PriceMaxE8, said.PriceMaxE8)
        ?? Changed("type", known.SecurityType.ToString(), said.SecurityType.ToString())
        ?? Changed("group", GroupOf(in known), GroupOf(in said));

    /// <summary>The multiplier, one where none is given.</summary>
    public static long MultiplierOf(in DefineInstrumentCommand definition) => definition.MultiplierE8 == 0 ? FixedPoint.Scale : definition.MultiplierE8;

    /// <summary>The currency of settlement, that of prices where none is given.</summary>
    public static Text16 SettlementOf(in DefineInstrumentCommand definition) =>
        definition.SettlementCurrency.IsEmpty ? definition.Currency : definition.SettlementCurrency;

    /// <summary>A number in 10^-8 as people write it.</summary>
    internal static string Words(long valueE8)
    {
        UInt128 size = valueE8 < 0 ? (UInt128)(-(Int128)valueE8) : (UInt128)valueE8;
        (UInt128 whole, UInt128 rest) = UInt128.DivRem(size, FixedPoint.Scale);
        string fraction = ((long)rest).ToString("D8", null).TrimEnd('0');
        return $"{(valueE8 < 0 ? "-" : "")}{whole}{(fraction.Length == 0 ? "" : ".")}{fraction}";
    }

    private static string GroupOf(in DefineInstrumentCommand definition) => definition.GroupName.IsEmpty ? "MAIN" : definition.GroupName.ToString();

    private static string? CheckPrices(in DefineInstrumentCommand definition)
    {
        if (definition.PriceTickE8 <= 0)
        {
            return $"tick is {Words(definition.PriceTickE8)}, it must be positive";
        }

        if (definition.PriceMinE8 <= 0 || definition.PriceMinE8 % definition.PriceTickE8 != 0)
        {
            return $"priceMin is {Words(definition.PriceMinE8)}, it must be a positive multiple of the tick {Words(definition.PriceTickE8)}";
        }

        if (definition.PriceMaxE8 < definition.PriceMinE8 || definition.PriceMaxE8 % definition.PriceTickE8 != 0)
        {
            return $"priceMax is {Words(definition.PriceMaxE8)}, it must be a multiple of the tick {Words(definition.PriceTickE8)} and not below priceMin {Words(definition.PriceMinE8)}";
        }

        if ((definition.PriceMaxE8 / definition.PriceTickE8) - (definition.PriceMinE8 / definition.PriceTickE8) >= Instrument.PricesMax)
        {
            return $"priceMax is {Words(definition.PriceMaxE8)}, more than 2^30 ticks above priceMin {Words(definition.PriceMinE8)}";
        }

        long reference = definition.ReferencePriceE8;
        return reference == 0 || (reference >= definition.PriceMinE8 && reference <= definition.PriceMaxE8 && reference % definition.PriceTickE8 == 0)
            ? null
            : $"referencePrice is {Words(reference)}, it must be a multiple of the tick {Words(definition.PriceTickE8)} between priceMin and priceMax";
    }

    private static string? CheckQuantities(in DefineInstrumentCommand definition)
    {
        long step = definition.QuantityStepE8;
        if (step <= 0)
        {
            return $"quantityStep is {Words(step)}, it must be positive";
        }

        if (definition.QuantityMaxE8 <= 0 || definition.QuantityMaxE8 % step != 0)
        {
            return $"quantityMax is {Words(definition.QuantityMaxE8)}, it must be a positive multiple of quantityStep {Words(step)}";
        }

        if (definition.QuantityMaxE8 / step > Instrument.QuantityMaxLots)
        {
            return $"quantityMax is {Words(definition.QuantityMaxE8)}, more than 2^38 times quantityStep {Words(step)}";
        }

        long min = definition.QuantityMinE8;
        if (min < 0 || min % step != 0 || min > definition.QuantityMaxE8)
        {
            return $"quantityMin is {Words(min)}, it must be a multiple of quantityStep {Words(step)} and not above quantityMax {Words(definition.QuantityMaxE8)}";
        }

        return definition.MultiplierE8 < 0 ? $"multiplier is {Words(definition.MultiplierE8)}, it must be positive" : null;
    }

    private static string? CheckKind(in DefineInstrumentCommand definition)
    {
        bool isOption = definition.Kind == InstrumentKind.Option;
        if (definition.Kind > InstrumentKind.Option)
        {
            return $"kind is {(int)definition.Kind}, known are 0 to {(int)InstrumentKind.Option}";
        }

        if ((definition.Flags & ~KnownFlags) != 0)
        {
            return $"flags are {(int)definition.Flags}, known are {(int)KnownFlags}";
        }

        if ((definition.Flags & InstrumentFlags.Inverse) != 0 && definition.Kind is not (InstrumentKind.Future or InstrumentKind.Perpetual))
        {
            return $"inverse is true, but the kind is {definition.Kind}: only futures and perpetuals are inverse";
        }

        if (definition.Kind is InstrumentKind.Future or InstrumentKind.Option ? definition.ExpiryNs <= 0 : definition.ExpiryNs != 0)
        {
            return $"expiry is {definition.ExpiryNs} ns, but the kind is {definition.Kind}: futures and options have one, others none";
        }

        if (isOption ? definition.StrikeE8 <= 0 : definition.StrikeE8 != 0)
        {
            return $"strike is {Words(definition.StrikeE8)}, but the kind is {definition.Kind}: options have a positive one, others none";
        }

        if (isOption ? definition.OptionRight is not (OptionRight.Call or OptionRight.Put) : definition.OptionRight != OptionRight.None)
        {
            return $"putCall is {definition.OptionRight}, but the kind is {definition.Kind}: options are call or put, others neither";
        }

        if (isOption && definition.Underlying.IsEmpty)
        {
            return "underlying is empty, but an option has one";
        }

        if (definition.Underlying == definition.Symbol)
        {
            return $"underlying is {definition.Underlying}, the instrument itself";
        }

        return definition.Kind == InstrumentKind.Spot && MultiplierOf(in definition) != FixedPoint.Scale
            ? $"multiplier is {Words(definition.MultiplierE8)}, but the kind is Spot: its multiplier is 1"
            : null;
    }

    private static string? CheckTicks(in DefineInstrumentCommand definition)
    {
        if (definition.TickCount is < 0 or > TickTable.CountMax)
        {
            return $"ticks has {definition.TickCount} bands, the most are {TickTable.CountMax}";
        }

        ReadOnlySpan<TickBand> bands = definition.Ticks;
        long before = -1;
        for (int i = 0; i < bands.Length; i++)
        {
            TickBand band = bands[i];
            if (i >= definition.TickCount)
            {
                if (band.FromE8 != 0 || band.TickE8 != 0)
                {
                    return $"ticks has something behind its {definition.TickCount} bands";
                }
            }
            else if (band.TickE8 <= 0 || band.TickE8 % definition.PriceTickE8 != 0)
            {
                return $"ticks: the tick from {Words(band.FromE8)} is {Words(band.TickE8)}, it must be a positive multiple of the tick {Words(definition.PriceTickE8)}";
            }
            else if (band.FromE8 <= before || band.FromE8 % band.TickE8 != 0 || band.FromE8 > definition.PriceMaxE8)
            {
                return $"ticks: a band begins at {Words(band.FromE8)}; bands ascend, begin at a multiple of their own tick {Words(band.TickE8)}, and not above priceMax";
            }

            before = band.FromE8;
        }

        return null;
    }

    private static string? CheckSafety(in DefineInstrumentCommand definition)
    {
        string? fault = CheckBand("staticCollarBp", definition.StaticCollarBp) ?? CheckBand("dynamicCollarBp", definition.DynamicCollarBp) ?? CheckBand("marketBandBp", definition.MarketBandBp);
        if (fault is not null)
        {
            return fault;
        }

        if (definition.CollarAction > CollarAction.Auction)
        {
            return $"collarAction is {(int)definition.CollarAction}, known are reject and auction";
        }

        if (definition.CollarAction == CollarAction.Auction && definition.StaticCollarBp == 0 && definition.DynamicCollarBp == 0)
        {
            return "collarAction is auction, but there is no collar";
        }

        if (definition.VolatilityAuctionNs < 0 || (definition.CollarAction == CollarAction.Auction && definition.VolatilityAuctionNs == 0))
        {
            return $"volatilityAuctionSec is {definition.VolatilityAuctionNs} ns, but collarAction is {definition.CollarAction}: an auction has a duration";
        }

        if (definition.NotionalMaxE8 < 0 || definition.PositionMaxE8 < 0 || definition.AccountOrdersMax < 0)
        {
            return "notionalMax, positionMax and accountOrdersMax must not be negative";
        }

        return definition.PositionMaxE8 != 0 && definition.PositionMaxE8 < definition.QuantityStepE8
            ? $"positionMax is {Words(definition.PositionMaxE8)}, less than one quantityStep {Words(definition.QuantityStepE8)}"
            : null;
    }

    private static string? CheckBand(string field, int basisPoints) => basisPoints is >= 0 and <= BasisPointsMax
        ? null
        : $"{field} is {basisPoints}, allowed are 0 to {BasisPointsMax}";

    private static string? Changed(string field, long known, long said) => known == said ? null : $"{field} is {known} and cannot become {said}";

    private static string? ChangedE8(string field, long known, long said) => known == said ? null : $"{field} is {Words(known)} and cannot become {Words(said)}";

    private static string? Changed(string field, string known, string said) => known == said ? null : $"{field} is '{known}' and cannot become '{said}'";
}
