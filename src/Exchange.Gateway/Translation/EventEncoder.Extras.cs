using System.Buffers.Binary;
using Exchange.Fix.Writing;
using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Gateway.Translation;

// What a report says besides of an order that is more than a plain limit or market order.
public sealed partial class EventEncoder
{
    private const long NsPerDay = 86_400_000_000_000;

    private void Extras(ref FixWriter writer, SessionProfile profile, in OrderExtrasTail extras)
    {
        if ((extras.Flags & OrderFlags.PostOnly) != 0)
        {
            writer.Raw("18=6\u0001"u8);
        }

        NotZeroE8(ref writer, "99="u8, extras.StopPriceE8);
        NotZeroE8(ref writer, "110="u8, extras.MinQuantityE8);
        NotZeroE8(ref writer, profile.Rules.DisplayTag, extras.DisplayQuantityE8);
        if ((extras.Flags & OrderFlags.ExpiresOnDate) != 0)
        {
            Date(ref writer, "432="u8, extras.ExpireNs);
        }
        else if (extras.ExpireNs != 0)
        {
            writer.Timestamp("126="u8, extras.ExpireNs, profile.TimestampDecimals, _times);
        }

        if (extras.SelfTradeId != 0)
        {
            Span<byte> id = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(id, extras.SelfTradeId);
            writer.Text("2362="u8, id.TrimEnd((byte)0));
        }

        if (extras.SelfTradeMode != SelfTradeMode.None)
        {
            writer.Int64("2964="u8, (long)extras.SelfTradeMode);
        }

        Optional(ref writer, "117="u8, extras.QuoteId.AsSpan());
        Optional(ref writer, "299="u8, extras.QuoteEntryId.AsSpan());
    }

    private static void NotZeroE8(ref FixWriter writer, scoped ReadOnlySpan<byte> tag, long valueE8)
    {
        if (valueE8 != 0)
        {
            writer.E8(tag, valueE8);
        }
    }

    private static void Date(ref FixWriter writer, scoped ReadOnlySpan<byte> tag, long ns)
    {
        DateTime date = DateTime.UnixEpoch.AddDays((int)(ns / NsPerDay));
        Span<byte> text = stackalloc byte[8];
        date.TryFormat(text, out _, "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
        writer.Text(tag, text);
    }
}
