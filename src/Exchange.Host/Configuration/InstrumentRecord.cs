using System.Globalization;
using Exchange.Core.Instruments;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Configuration;

/// <summary>One instrument as people write it: a record of the instruments file, or the settings of `exchange ctl instrument set`.</summary>
internal static class InstrumentRecord
{
    private const long SecondNs = 1_000_000_000;
    private const int DayMaxSec = 86_400;

    /// <summary>The fields that a record may have; colo-deploy/development/instruments.yaml says what each means.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "symbol", "type", "currency", "tick", "quantityStep", "quantityMax", "priceMin", "priceMax", "group", "kind", "inverse", "multiplier",
        "settlementCurrency", "underlying", "strike", "putCall", "expiry", "ticks", "quantityMin", "referencePrice", "staticCollarBp",
        "dynamicCollarBp", "collarAction", "volatilityAuctionSec", "marketBandBp", "notionalMax", "positionMax", "accountOrdersMax",
    ];

    /// <summary>The command that defines a new instrument.</summary>
    /// <exception cref="HostException">A field is wrong; the message names it, and what is allowed.</exception>
    public static DefineInstrumentCommand Read(YamlRecord record)
    {
        DefineInstrumentCommand command = default;
        command.Header.Type = CommandType.DefineInstrument;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = DefineInstrumentCommand.SizeBytes;
        command.Header.SessionId = -1;
        command.Symbol = Text24.From(record.Text("symbol", Text24.LengthMax));
        command.SecurityType = Text16.From("CS");
        command.Currency = Text16.From("USD");
        command.PriceTickE8 = record.PositiveE8("tick");
        command.QuantityStepE8 = record.PositiveE8("quantityStep");
        command.QuantityMaxE8 = record.PositiveE8("quantityMax");
        command.PriceMaxE8 = record.PositiveE8("priceMax");
        command.PriceMinE8 = command.PriceTickE8;
        Apply(record, ref command);
        return command;
    }

    /// <summary>Changes what the record names, and leaves the rest as it is.</summary>
    /// <exception cref="HostException">A field is wrong, or the whole contradicts itself.</exception>
    public static void Apply(YamlRecord record, ref DefineInstrumentCommand command)
    {
        command.SecurityType = Word(record, "type", command.SecurityType);
        command.Currency = Word(record, "currency", command.Currency);
        command.GroupName = Word(record, "group", command.GroupName);
        command.SettlementCurrency = Word(record, "settlementCurrency", command.SettlementCurrency);
        command.Underlying = record.Has("underlying") ? Text24.From(record.Text("underlying", Text24.LengthMax)) : command.Underlying;
        command.PriceTickE8 = record.PositiveE8("tick", command.PriceTickE8);
        command.QuantityStepE8 = record.PositiveE8("quantityStep", command.QuantityStepE8);
        command.QuantityMaxE8 = record.PositiveE8("quantityMax", command.QuantityMaxE8);
        command.PriceMinE8 = record.PositiveE8("priceMin", command.PriceMinE8);
        command.PriceMaxE8 = record.PositiveE8("priceMax", command.PriceMaxE8);
        command.QuantityMinE8 = record.OptionalE8("quantityMin", command.QuantityMinE8);
        command.ReferencePriceE8 = record.OptionalE8("referencePrice", command.ReferencePriceE8);
        command.MultiplierE8 = record.OptionalE8("multiplier", command.MultiplierE8);
        command.StrikeE8 = record.OptionalE8("strike", command.StrikeE8);
        command.NotionalMaxE8 = record.OptionalE8("notionalMax", command.NotionalMaxE8);
        command.PositionMaxE8 = record.OptionalE8("positionMax", command.PositionMaxE8);
        command.AccountOrdersMax = record.Integer("accountOrdersMax", command.AccountOrdersMax, 0, int.MaxValue);
        command.StaticCollarBp = record.Integer("staticCollarBp", command.StaticCollarBp, 0, InstrumentDefinition.BasisPointsMax);
        command.DynamicCollarBp = record.Integer("dynamicCollarBp", command.DynamicCollarBp, 0, InstrumentDefinition.BasisPointsMax);
        command.MarketBandBp = record.Integer("marketBandBp", command.MarketBandBp, 0, InstrumentDefinition.BasisPointsMax);
        command.VolatilityAuctionNs = record.Integer("volatilityAuctionSec", (int)(command.VolatilityAuctionNs / SecondNs), 0, DayMaxSec) * SecondNs;
        if (record.Has("kind"))
        {
            command.Kind = Enum.Parse<InstrumentKind>(record.OneOf("kind", "spot", "spot", "future", "perpetual", "option"), ignoreCase: true);
        }

        if (record.Has("putCall"))
        {
            command.OptionRight = record.OneOf("putCall", "call", "call", "put") == "call" ? OptionRight.Call : OptionRight.Put;
        }

        if (record.Has("inverse"))
        {
            command.Flags = record.Boolean("inverse") ? InstrumentFlags.Inverse : InstrumentFlags.None;
        }

        if (record.Has("collarAction"))
        {
            command.CollarAction = record.OneOf("collarAction", "reject", "reject", "auction") == "auction" ? CollarAction.Auction : CollarAction.Reject;
        }

        command.ExpiryNs = record.Has("expiry") ? Expiry(record) : command.ExpiryNs;
        if (record.Has("ticks"))
        {
            SetTicks(record, ref command);
        }

        if (InstrumentDefinition.Check(in command) is { } fault)
        {
            // The check begins with the field that it is about.
            string field = Fields.FirstOrDefault(name => fault.StartsWith(name + " ", StringComparison.Ordinal) || fault.StartsWith(name + ":", StringComparison.Ordinal)) ?? "symbol";
            throw record.Error(field, $"{command.Symbol}: {fault}");
        }
    }

    private static Text16 Word(YamlRecord record, string field, Text16 whenAbsent) => record.Has(field) ? Text16.From(record.Text(field, Text16.LengthMax)) : whenAbsent;

    private static long Expiry(YamlRecord record)
    {
        string text = record.Text("expiry", 40);
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime expiry) && expiry > DateTime.UnixEpoch && expiry.Year < 2262
            ? (expiry - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick
            : throw record.Error("expiry", $"'{text}' must be a UTC time such as 2027-03-19T14:30:00Z");
    }

    // "1:0.02 10:0.05": from 1 on 0.02, from 10 on 0.05; "none" for the base tick alone.
    private static void SetTicks(YamlRecord record, ref DefineInstrumentCommand command)
    {
        string[] bands = record.Words("ticks", string.Empty);
        command.Ticks = default;
        command.TickCount = 0;
        if (bands is ["none"])
        {
            return;
        }

        if (bands.Length is 0 or > TickTable.CountMax)
        {
            throw record.Error("ticks", $"must be 1 to {TickTable.CountMax} bands FROM:TICK such as 1:0.02 10:0.05, or none");
        }

        foreach (string band in bands)
        {
            string[] parts = band.Split(':');
            long fromE8 = 0;
            long tickE8 = 0;
            if (parts.Length != 2 || !YamlRecord.TryE8(parts[0], out fromE8) || !YamlRecord.TryE8(parts[1], out tickE8))
            {
                throw record.Error("ticks", $"'{band}' must be FROM:TICK, two decimals");
            }

            command.Ticks[command.TickCount++] = new TickBand { FromE8 = fromE8, TickE8 = tickE8 };
        }
    }
}
