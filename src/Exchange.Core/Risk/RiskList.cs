using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Sessions;
using Exchange.Protocol;

namespace Exchange.Core.Risk;

/// <summary>Firms, accounts, positions and switches as operators see them, in pages: "next" says where the next page begins.</summary>
internal static class RiskList
{
    private const int RowsMax = 100;

    /// <summary>Writes a page of firms.</summary>
    public static void WriteFirms(Utf8JsonWriter json, RiskDesk desk, SessionTable sessions, InstrumentTable instruments, int from)
    {
        RiskRegister register = desk.Register;
        json.WriteStartArray("firms");
        int end = (int)Math.Min(register.FirmCount, from + (long)RowsMax);
        for (int id = from; id < end; id++)
        {
            RiskFirm firm = register.FirmAt(id);
            json.WriteStartObject();
            json.WriteString("firm", firm.Name.ToString());
            json.WriteStartArray("participants");
            for (int session = 0; session < register.SessionCount; session++)
            {
                if (register.SessionOf(session).Firm == firm)
                {
                    json.WriteStringValue(sessions[session].Definition.SenderCompId.ToString());
                }
            }

            json.WriteEndArray();
            json.WriteBoolean("killed", firm.IsKilled);
            json.WriteNumber("accounts_listed", firm.ListedCount);
            json.WriteNumber("open_orders", firm.OpenOrders);
            json.WriteString("open_notional", Words(firm.OpenNotionalE8));
            json.WriteString("executed_today", Words(firm.Day == desk.Day ? firm.ExecutedE8 : 0));
            WriteLimits(json, in firm.Limits);
            WriteRestrictions(json, firm.Restricted, instruments);
            json.WriteEndObject();
        }

        End(json, end, register.FirmCount);
    }

    /// <summary>Writes a page of accounts.</summary>
    public static void WriteAccounts(Utf8JsonWriter json, RiskDesk desk, InstrumentTable instruments, int from)
    {
        RiskRegister register = desk.Register;
        json.WriteStartArray("accounts");
        int end = (int)Math.Min(register.AccountCount, from + (long)RowsMax);
        for (int id = from; id < end; id++)
        {
            RiskAccount account = register.AccountOf(id);
            json.WriteStartObject();
            json.WriteString("firm", account.Firm!.Name.ToString());
            json.WriteString("account", account.Name.ToString());
            json.WriteBoolean("listed", account.IsListed);
            json.WriteBoolean("killed", account.IsKilled);
            json.WriteNumber("open_orders", account.OpenOrders);
            json.WriteString("open_notional", Words(account.OpenNotionalE8));
            json.WriteString("executed_today", Words(account.Day == desk.Day ? account.ExecutedE8 : 0));
            json.WriteString("gross_position", Words(account.GrossE8));
            WriteLimits(json, in account.Limits);
            WriteRestrictions(json, account.Restricted, instruments);
            json.WriteEndObject();
        }

        End(json, end, register.AccountCount);
    }

    /// <summary>Writes a page of positions; their slots run from 1.</summary>
    public static void WritePositions(Utf8JsonWriter json, RiskDesk desk, InstrumentTable instruments, int from)
    {
        json.WriteStartArray("positions");
        int end = (int)Math.Min(desk.Positions.Count, from + (long)RowsMax);
        for (int slot = from + 1; slot <= end; slot++)
        {
            ref readonly Position position = ref desk.Positions[slot];
            RiskAccount account = desk.Register.AccountOf(position.AccountId);
            long stepE8 = desk.Register.InstrumentOf(position.InstrumentId).StepE8;
            bool isToday = position.Day == desk.Day;
            json.WriteStartObject();
            json.WriteString("firm", account.Firm!.Name.ToString());
            json.WriteString("account", account.Name.ToString());
            json.WriteString("symbol", instruments[position.InstrumentId].Symbol.ToString());
            json.WriteString("net", Words((Int128)position.NetLots * stepE8));
            json.WriteString("bought_today", Words((Int128)(isToday ? position.BoughtLots : 0) * stepE8));
            json.WriteString("sold_today", Words((Int128)(isToday ? position.SoldLots : 0) * stepE8));
            json.WriteString("open_buy", Words((Int128)position.OpenBuyLots * stepE8));
            json.WriteString("open_sell", Words((Int128)position.OpenSellLots * stepE8));
            json.WriteNumber("open_orders", position.OpenOrders);
            json.WriteString("executed_today", Words(isToday ? (Int128)position.ExecutedE8 : 0));
            json.WriteEndObject();
        }

        End(json, end, desk.Positions.Count);
    }

    /// <summary>Writes which kill switches are pulled for the market and for sessions; those of firms and accounts stand with them.</summary>
    public static void WriteSwitches(Utf8JsonWriter json, RiskDesk desk, SessionTable sessions)
    {
        json.WriteBoolean("market_killed", desk.IsMarketKilled);
        json.WriteStartArray("sessions_killed");
        for (int id = 0; id < desk.Register.SessionCount; id++)
        {
            if (desk.Register.SessionOf(id).IsKilled)
            {
                json.WriteStringValue(sessions[id].Definition.SenderCompId.ToString());
            }
        }

        json.WriteEndArray();
    }

    private static void WriteLimits(Utf8JsonWriter json, in RiskLimits limits)
    {
        json.WriteStartObject("limits");
        json.WriteString("selfTrade", limits.SelfTradeMode.ToString());
        json.WriteString("orderQuantityMax", Words(limits.OrderQuantityMaxE8));
        json.WriteString("orderNotionalMax", Words(limits.OrderNotionalMaxE8));
        json.WriteNumber("fatFingerBp", limits.FatFingerBp);
        json.WriteNumber("openOrdersMax", limits.OpenOrdersMax);
        json.WriteNumber("ordersPerSecondMax", limits.OrdersPerSecondMax);
        json.WriteNumber("repeatedOrdersMax", limits.RepeatedOrdersMax);
        json.WriteNumber("repeatedWindowMs", limits.RepeatedWindowNs / 1_000_000);
        json.WriteString("positionMax", Words(limits.PositionMaxE8));
        json.WriteString("grossPositionMax", Words(limits.GrossPositionMaxE8));
        json.WriteString("creditMax", Words(limits.CreditMaxE8));
        json.WriteEndObject();
    }

    private static void WriteRestrictions(Utf8JsonWriter json, RestrictionList restricted, InstrumentTable instruments)
    {
        json.WriteStartArray("restricted");
        for (int i = 0; i < restricted.Count; i++)
        {
            json.WriteStringValue(instruments[restricted[i]].Symbol.ToString());
        }

        json.WriteEndArray();
    }

    private static void End(Utf8JsonWriter json, int end, int count)
    {
        json.WriteEndArray();
        if (end < count)
        {
            json.WriteNumber("next", end);
        }
    }

    // A number in 10^-8 as people write it.
    private static string Words(Int128 valueE8)
    {
        (Int128 whole, Int128 rest) = Int128.DivRem(Int128.Abs(valueE8), FixedPoint.Scale);
        string fraction = ((long)rest).ToString("D8", null).TrimEnd('0');
        return $"{(valueE8 < 0 ? "-" : "")}{whole}{(fraction.Length == 0 ? "" : ".")}{fraction}";
    }
}
