using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Markets;

/// <summary>Instruments and market groups as operators see them. Long lists come in pages: "next" says where the next one begins.</summary>
internal static class MarketList
{
    private const int PageMax = 200;
    private const string OneTopic = "instrument ";
    private const string ManyTopic = "instruments ";
    private const string GroupsTopic = "markets ";

    private static readonly string[] s_days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <summary>Answers "instrument SYMBOL", "instruments FROM" and "markets FROM"; false when the topic is another one.</summary>
    public static bool TryWrite(string topic, Utf8JsonWriter json, MarketTable markets)
    {
        if (topic.StartsWith(OneTopic, StringComparison.Ordinal))
        {
            string symbol = topic[OneTopic.Length..];
            if (symbol.Length <= Text24.LengthMax && markets.Instruments.TryFind(Text24.From(symbol), out Instrument? instrument))
            {
                WriteFully(json, markets[instrument.Id]);
            }

            return true;
        }

        if (topic.StartsWith(ManyTopic, StringComparison.Ordinal) && int.TryParse(topic.AsSpan(ManyTopic.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int first))
        {
            WritePage(json, "instruments", first, markets.Count, id => WriteBriefly(json, markets[id]));
            return true;
        }

        if (topic.StartsWith(GroupsTopic, StringComparison.Ordinal) && int.TryParse(topic.AsSpan(GroupsTopic.Length), NumberStyles.None, CultureInfo.InvariantCulture, out first))
        {
            WritePage(json, "markets", first, markets.GroupCount, id => WriteGroup(json, markets, markets.Group(id)));
            return true;
        }

        return false;
    }

    private static void WritePage(Utf8JsonWriter json, string name, int first, int count, Action<int> write)
    {
        int end = Math.Min(count, first > int.MaxValue - PageMax ? count : first + PageMax);
        json.WriteStartArray(name);
        for (int id = first; id < end; id++)
        {
            json.WriteStartObject();
            write(id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (end < count)
        {
            json.WriteNumber("next", end);
        }
    }

    private static void WriteBriefly(Utf8JsonWriter json, Market market)
    {
        Instrument instrument = market.Instrument;
        json.WriteNumber("id", instrument.Id);
        json.WriteString("symbol", instrument.Symbol.ToString());
        json.WriteString("kind", instrument.Definition.Kind.ToString());
        json.WriteString("group", market.Group.Definition.GroupName.ToString());
        json.WriteString("phase", market.Phase.ToString() + (market.HasOwnPhase ? " (own)" : ""));
        json.WriteString("tick", InstrumentDefinition.Words(instrument.PriceTickE8));
        json.WriteString("quantityStep", InstrumentDefinition.Words(instrument.QuantityStepE8));
        json.WriteString("currency", instrument.Definition.Currency.ToString());
        json.WriteString("last", market.LastTradeTicks == 0 ? "-" : InstrumentDefinition.Words(instrument.ToPriceE8(market.LastTradeTicks)));
        json.WriteString("reference", market.ReferenceTicks == 0 ? "-" : InstrumentDefinition.Words(instrument.ToPriceE8(market.ReferenceTicks)));
    }

    private static void WriteFully(Utf8JsonWriter json, Market market)
    {
        WriteBriefly(json, market);
        ref readonly DefineInstrumentCommand definition = ref market.Instrument.Definition;
        json.WriteString("type", definition.SecurityType.ToString());
        WriteE8(json, "quantityMin", definition.QuantityMinE8);
        WriteE8(json, "quantityMax", definition.QuantityMaxE8);
        WriteE8(json, "priceMin", definition.PriceMinE8);
        WriteE8(json, "priceMax", definition.PriceMaxE8);
        string ticks = "";
        ReadOnlySpan<TickBand> bands = definition.Ticks;
        foreach (TickBand band in bands[..definition.TickCount])
        {
            ticks += $"{(ticks.Length == 0 ? "" : " ")}{InstrumentDefinition.Words(band.FromE8)}:{InstrumentDefinition.Words(band.TickE8)}";
        }

        json.WriteString("ticks", ticks.Length == 0 ? "-" : ticks);
        json.WriteBoolean("inverse", market.Instrument.IsInverse);
        WriteE8(json, "multiplier", market.Instrument.MultiplierE8);
        json.WriteString("settlementCurrency", InstrumentDefinition.SettlementOf(in definition).ToString());
        json.WriteString("underlying", definition.Underlying.IsEmpty ? "-" : definition.Underlying.ToString());
        WriteE8(json, "strike", definition.StrikeE8);
        json.WriteString("putCall", definition.OptionRight == OptionRight.None ? "-" : definition.OptionRight.ToString());
        json.WriteNumber("expiry_ns", definition.ExpiryNs);
        WriteE8(json, "referencePrice", definition.ReferencePriceE8);
        json.WriteNumber("staticCollarBp", definition.StaticCollarBp);
        json.WriteNumber("dynamicCollarBp", definition.DynamicCollarBp);
        json.WriteString("collarAction", definition.CollarAction.ToString());
        json.WriteNumber("volatilityAuction_ns", definition.VolatilityAuctionNs);
        json.WriteNumber("marketBandBp", definition.MarketBandBp);
        WriteE8(json, "notionalMax", definition.NotionalMaxE8);
        WriteE8(json, "positionMax", definition.PositionMaxE8);
        json.WriteNumber("accountOrdersMax", definition.AccountOrdersMax);
        json.WriteBase64String("record", MemoryMarshal.AsBytes(new ReadOnlySpan<DefineInstrumentCommand>(in definition)));
    }

    private static void WriteGroup(Utf8JsonWriter json, MarketTable markets, MarketGroup group)
    {
        int instruments = 0;
        for (int id = 0; id < markets.Count; id++)
        {
            instruments += markets[id].Group == group ? 1 : 0;
        }

        ref readonly DefineMarketGroupCommand definition = ref group.Definition;
        json.WriteNumber("id", group.Id);
        json.WriteString("name", definition.GroupName.ToString());
        json.WriteString("phase", group.Phase.ToString());
        json.WriteNumber("until_ns", group.PhaseEndNs == long.MaxValue ? 0 : group.PhaseEndNs);
        json.WriteString("next", group.ScheduledNs == long.MaxValue ? "" : group.ScheduledPhase.ToString());
        json.WriteNumber("next_ns", group.ScheduledNs == long.MaxValue ? 0 : group.ScheduledNs);
        json.WriteNumber("instruments", instruments);
        json.WriteString("zone", definition.Zone.IsEmpty ? "UTC" : definition.Zone.ToString());
        json.WriteString("schedule", ScheduleOf(in definition));
        json.WriteString("failover", definition.FailoverCancelOnlyNs == 0 ? "" : $"cancels only {definition.FailoverCancelOnlyNs / 1_000_000_000} s, then {(definition.FailoverAuction == 0 ? "continuous" : $"an auction of {definition.FailoverAuctionNs / 1_000_000_000} s")}");
    }

    private static string ScheduleOf(in DefineMarketGroupCommand definition)
    {
        const int Minute = 60;
        const int Hour = 3_600;
        string text = "";
        ReadOnlySpan<PhaseEntry> entries = definition.Entries;
        foreach (PhaseEntry entry in entries[..definition.EntryCount])
        {
            string days = "";
            for (int day = 0; day < s_days.Length; day++)
            {
                days += (entry.Days & (1 << day)) == 0 ? "" : (days.Length == 0 ? "" : ",") + s_days[day];
            }

            string time = string.Create(CultureInfo.InvariantCulture, $"{entry.TimeOfDaySec / Hour:D2}:{entry.TimeOfDaySec / Minute % Minute:D2}:{entry.TimeOfDaySec % Minute:D2}");
            text += $"{(text.Length == 0 ? "" : "; ")}{(days.Length == 27 ? "daily" : days)} {time} {entry.Phase}";
        }

        return text;
    }

    private static void WriteE8(Utf8JsonWriter json, string name, long valueE8) => json.WriteString(name, InstrumentDefinition.Words(valueE8));
}
