using System.Text.Json;
using Exchange.Core.Risk;

namespace Exchange.Core.Quotes;

/// <summary>Writes market-maker protections for operators, a page at a time.</summary>
internal static class ProtectionList
{
    private const int PageSize = 200;

    /// <summary>Writes the protections from a number on, and the number of the next page if there is one.</summary>
    public static void Write(Utf8JsonWriter json, ProtectionTable protections, RiskRegister register, int from, long logTimeNs)
    {
        int end = (int)Math.Min(protections.Count, (long)from + PageSize);
        json.WriteStartArray("protections");
        for (int number = from; number < end; number++)
        {
            QuoteProtection protection = protections[number];
            json.WriteStartObject();
            json.WriteString("firm", register.FirmAt(protection.FirmId).Name.AsSpan());
            json.WriteString("group", protection.Group.AsSpan());
            json.WriteNumber("window_ns", protection.WindowNs);
            json.WriteNumber("quantity_max_e8", protection.QuantityMaxE8);
            json.WriteNumber("notional_max_e8", protection.NotionalMaxE8);
            json.WriteNumber("fills_max", protection.FillsMax);
            (long quantityE8, long notionalE8, long fills) = protection.Executed(logTimeNs);
            json.WriteNumber("quantity_e8", quantityE8);
            json.WriteNumber("notional_e8", notionalE8);
            json.WriteNumber("fills", fills);
            json.WriteBoolean("tripped", protection.IsTripped);
            json.WriteNumber("trips", protection.TripCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (end < protections.Count)
        {
            json.WriteNumber("next", end);
        }
    }
}
