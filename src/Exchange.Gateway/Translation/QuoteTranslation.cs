using System.Runtime.InteropServices;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Translation;

/// <summary>
/// Fills the commands of quotes, and of mass actions, from valid messages. Each returns the command's length; 0 after a refusal, which happens only
/// for texts longer than their record fields.
/// </summary>
internal static class QuoteTranslation
{
    private const int Tradeable = 1;
    private const int SummaryAcknowledgement = 3;

    /// <summary>MassQuote (i).</summary>
    /// <param name="message">The message.</param>
    /// <param name="target">Room for the longest command; behind the fixed part it may hold anything.</param>
    public static int MassQuote(FixMessage message, Span<byte> target)
    {
        ref MassQuoteCommand command = ref InboundTranslator.As<MassQuoteCommand>(target);
        ReadOnlySpan<byte> id = message.Text(FixTag.QuoteID);
        if (id.Length > InboundTranslator.ClOrdIdLengthMax || !Text40.TryCreate(id, out command.QuoteId))
        {
            return OrderTranslation.TooLong(ref command.Header, FixTag.QuoteID);
        }

        if (!Text16.TryCreate(message.Text(FixTag.Account), out command.Account))
        {
            return OrderTranslation.TooLong(ref command.Header, FixTag.Account);
        }

        command.Header.Command.Type = CommandType.MassQuote;
        command.ResponseLevel = Level(message);
        command.ResetsProtection = (byte)message.Number(FixTag.MMProtectionReset, 0);
        command.IsExcessive = (byte)(message.Number(FixTag.QuoteType, Tradeable) == Tradeable ? 0 : 1);
        int wrongTag = Entries(message, ref command, MemoryMarshal.Cast<byte, QuoteEntry>(target[MassQuoteCommand.SizeBytes..]));
        return wrongTag == 0
            ? MassQuoteCommand.SizeBytes + (command.EntryCount * QuoteEntry.SizeBytes)
            : OrderTranslation.TooLong(ref command.Header, wrongTag);
    }

    /// <summary>QuoteCancel (Z).</summary>
    public static int QuoteCancel(FixMessage message, ref QuoteCancelCommand command)
    {
        ReadOnlySpan<byte> id = message.Text(FixTag.QuoteID);
        if (id.Length > InboundTranslator.ClOrdIdLengthMax || !Text40.TryCreate(id, out command.QuoteId))
        {
            return OrderTranslation.TooLong(ref command.Header, FixTag.QuoteID);
        }

        if (!Text24.TryCreate(message.Text(FixTag.Symbol), out command.Symbol))
        {
            return OrderTranslation.TooLong(ref command.Header, FixTag.Symbol);
        }

        if (!Text16.TryCreate(message.Text(FixTag.TradingSessionID), out command.GroupName))
        {
            return OrderTranslation.TooLong(ref command.Header, FixTag.TradingSessionID);
        }

        // More must not be withdrawn than is meant, nor less: what a record cannot hold becomes a type that is refused.
        bool isNarrowed = message.Contains(FixTag.NoPartyIDs) || message.Contains(FixTag.Account)
            || message.Number(FixTag.NoQuoteEntries, 0) > 1 || message.Number(FixTag.QuoteType, Tradeable) != Tradeable;
        command.Header.Command.Type = CommandType.QuoteCancel;
        command.CancelType = isNarrowed ? 0 : (int)message.Number(FixTag.QuoteCancelType, 0);
        return QuoteCancelCommand.SizeBytes;
    }

    /// <summary>OrderMassActionRequest (CA).</summary>
    public static int MassAction(FixMessage message, ref MassActionCommand command)
    {
        ReadOnlySpan<byte> id = message.Text(FixTag.ClOrdID);
        if (id.Length > InboundTranslator.ClOrdIdLengthMax || !Text40.TryCreate(id, out command.ClOrdId))
        {
            return OrderTranslation.TooLong(ref command.Header, FixTag.ClOrdID);
        }

        if (!Text24.TryCreate(message.Text(FixTag.Symbol), out command.Symbol))
        {
            return OrderTranslation.TooLong(ref command.Header, FixTag.Symbol);
        }

        if (!Text16.TryCreate(message.Text(FixTag.TradingSessionID), out command.GroupName))
        {
            return OrderTranslation.TooLong(ref command.Header, FixTag.TradingSessionID);
        }

        if (!Text16.TryCreate(message.Text(FixTag.Account), out command.Account))
        {
            return OrderTranslation.TooLong(ref command.Header, FixTag.Account);
        }

        command.Header.Command.Type = CommandType.MassAction;
        command.ActionType = (int)message.Number(FixTag.MassActionType, 0);
        command.ActionScope = (int)message.Number(FixTag.MassActionScope, 0);
        command.Side = (Side)message.Number(FixTag.Side, 0);
        bool isNarrowed = message.Contains(FixTag.NoPartyIDs) || message.Contains(FixTag.TradingSessionSubID)
            || message.Contains(FixTag.MarketID) || message.Contains(FixTag.MarketSegmentID);
        command.IsNarrowed = (byte)(isNarrowed ? 1 : 0);
        return MassActionCommand.SizeBytes;
    }

    /// <summary>Reads the entries of all sets, which validation has found in order; the tag of a text that is too long, or 0.</summary>
    private static int Entries(FixMessage message, ref MassQuoteCommand command, Span<QuoteEntry> entries)
    {
        long defaultBidE8 = message.Number(FixTag.DefBidSize, FixedPoint.Absent);
        long defaultOfferE8 = message.Number(FixTag.DefOfferSize, FixedPoint.Absent);
        Text16 setId = default;
        int last = -1;
        for (int i = 0; i < message.Count; i++)
        {
            int tag = message[i].Tag;
            if (tag == FixTag.QuoteSetID)
            {
                if (!Text16.TryCreate(message.Value(message[i]), out setId))
                {
                    return tag;
                }
            }
            else if (tag == FixTag.QuoteEntryID)
            {
                if (last == MassQuoteCommand.EntryCountMax - 1)
                {
                    command.IsExcessive = 1;
                    break;
                }

                entries[++last] = new QuoteEntry
                {
                    QuoteSetId = setId,
                    BidPriceE8 = FixedPoint.Absent,
                    BidQuantityE8 = defaultBidE8,
                    OfferPriceE8 = FixedPoint.Absent,
                    OfferQuantityE8 = defaultOfferE8,
                };
                if (!Text16.TryCreate(message.Value(message[i]), out entries[last].QuoteEntryId))
                {
                    return tag;
                }
            }
            else if (last >= 0 && !Member(message, i, ref entries[last]))
            {
                return tag;
            }
        }

        command.EntryCount = last + 1;
        for (int i = 0; i <= last; i++)
        {
            // A size by default is that of a side with a price.
            ref QuoteEntry entry = ref entries[i];
            entry.BidQuantityE8 = entry.BidPriceE8 == FixedPoint.Absent && entry.BidQuantityE8 == defaultBidE8 ? FixedPoint.Absent : entry.BidQuantityE8;
            entry.OfferQuantityE8 = entry.OfferPriceE8 == FixedPoint.Absent && entry.OfferQuantityE8 == defaultOfferE8 ? FixedPoint.Absent : entry.OfferQuantityE8;
        }

        return 0;
    }

    /// <summary>A field of an entry; false when it is a text that is too long.</summary>
    private static bool Member(FixMessage message, int index, ref QuoteEntry entry)
    {
        switch (message[index].Tag)
        {
            case FixTag.Symbol:
                return Text24.TryCreate(message.Value(message[index]), out entry.Symbol);
            case FixTag.BidPx:
                entry.BidPriceE8 = message.NumberAt(index, entry.BidPriceE8);
                return true;
            case FixTag.BidSize:
                entry.BidQuantityE8 = message.NumberAt(index, entry.BidQuantityE8);
                return true;
            case FixTag.OfferPx:
                entry.OfferPriceE8 = message.NumberAt(index, entry.OfferPriceE8);
                return true;
            case FixTag.OfferSize:
                entry.OfferQuantityE8 = message.NumberAt(index, entry.OfferQuantityE8);
                return true;
            default:
                return true;
        }
    }

    /// <summary>QuoteResponseLevel (301) as a character; a summary is an acknowledgement that lists what was refused.</summary>
    private static byte Level(FixMessage message)
    {
        long level = message.Number(FixTag.QuoteResponseLevel, 2);
        return (byte)('0' + (level == SummaryAcknowledgement ? 1 : level));
    }
}
