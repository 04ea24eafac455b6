using Exchange.Fix.Writing;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Translation;

// Answers about many orders and about instruments, and news: rarer and longer than the rest. What a version of FIX has no field for (the tick
// before 5.0 SP2, the price band in all) is said in words that are always written alike.
public sealed partial class EventEncoder
{
    private const int InstrumentWordsMax = 160;

    /// <summary>Fields of a report that answers an OrderMassStatusRequest (AF).</summary>
    private static void MassStatus(ref FixWriter writer, SessionProfile profile, in ExecutionReportEvent report, ReadOnlySpan<byte> tail, ReadOnlySpan<byte> symbolField)
    {
        if (RequestRules.Of(profile.Dictionary).HasMassStatus)
        {
            ref readonly MassStatusTail mass = ref As<MassStatusTail>(tail[^MassStatusTail.SizeBytes..]);
            writer.Text("584="u8, mass.MassStatusReqId.AsSpan());
            writer.Int64("911="u8, mass.TotalReports);
            writer.Char("912="u8, YesOrNo(mass.IsLast != 0));
        }

        if ((report.Tail & ReportTail.SymbolOrStatusReqId) != 0)
        {
            writer.Text("55="u8, As<Text40>(tail).AsSpan());
        }
        else
        {
            writer.Raw(symbolField);
        }
    }

    private int Answer(ReadOnlySpan<byte> record, SessionProfile profile, InstrumentNames names, Span<byte> target)
    {
        switch (As<EventHeader>(record).Type)
        {
            case EventType.MassCancelReport when !RequestRules.Of(profile.Dictionary).HasMassCancelReport:
            case EventType.SecurityList when !RequestRules.Of(profile.Dictionary).HasSecurityList:
            case EventType.MassActionReport when !RequestRules.Of(profile.Dictionary).HasMassActionReport:
                return Nothing(As<EventHeader>(record), profile, target);
            case EventType.MassQuoteAck:
                return MassQuoteAck(record, profile, target);
            case EventType.MassActionReport:
                return MassActionReport(As<MassActionReportEvent>(record), profile, target);
            case EventType.MassCancelReport:
                return MassCancelReport(As<MassCancelReportEvent>(record), profile, target);
            case EventType.SecurityList:
                return SecurityList(As<SecurityListEvent>(record), profile, names, target);
            case EventType.SecurityDefinition:
                return SecurityDefinition(As<SecurityDefinitionEvent>(record), record[SecurityDefinitionEvent.SizeBytes..], profile, names, target);
            case EventType.SecurityStatus:
                return SecurityStatus(As<SecurityStatusEvent>(record), record[SecurityStatusEvent.SizeBytes..], profile, target);
            case EventType.TradingSessionStatus:
                return TradingSessionStatus(As<TradingSessionStatusEvent>(record), profile, target);
            case EventType.News:
                return News(As<NewsEvent>(record), record[NewsEvent.SizeBytes..], profile, target);
            default:
                return 0;
        }
    }

    /// <summary>
    /// An answer that a version of FIX has no message for, asked for again by a client that has changed its version: its number is filled.
    /// </summary>
    private int Nothing(in EventHeader header, SessionProfile profile, Span<byte> target)
    {
        RangeEvent fill = new() { Header = header, BeginSeqNo = header.MsgSeqNum, EndSeqNo = header.MsgSeqNum + 1 };
        return GapFill(in fill, profile, target);
    }

    private int MassCancelReport(in MassCancelReportEvent report, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'r', report.Header);
        writer.Text("11="u8, report.ClOrdId.AsSpan());
        OrderId(ref writer, report.OrderId);
        if (RequestRules.Of(profile.Dictionary).HasMassActionReportId)
        {
            // The number of the request; a refused one has none, but its report has one.
            writer.Int64("1369="u8, report.OrderId == 0 ? report.Header.LogPosition : report.OrderId);
        }

        writer.Char("530="u8, (byte)report.Scope);
        writer.Char("531="u8, report.Response);
        if (report.RejectReason != MassCancelReportEvent.NoReason)
        {
            writer.Int64("532="u8, report.RejectReason);
        }

        writer.Int64("533="u8, report.TotalAffected);
        Optional(ref writer, "55="u8, report.Symbol.AsSpan());
        OptionalChar(ref writer, "54="u8, (byte)report.Side);
        writer.Timestamp("60="u8, report.TransactTimeNs, profile.TimestampDecimals, _times);
        Words(ref writer, report.Text, 0, report.Limit);
        return writer.Finish();
    }

    private int SecurityList(in SecurityListEvent list, SessionProfile profile, InstrumentNames names, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'y', list.Header);
        writer.Text("320="u8, list.RequestId.AsSpan());
        writer.Int64("322="u8, list.ResponseId);
        writer.Char("560="u8, list.Result);
        writer.Int64("393="u8, list.Total);
        writer.Char("893="u8, YesOrNo(list.IsLast != 0));
        if (list.Count > 0)
        {
            RequestRules rules = RequestRules.Of(profile.Dictionary);
            writer.Int64("146="u8, list.Count);
            for (int id = list.FirstInstrumentId; id < list.FirstInstrumentId + list.Count; id++)
            {
                Invariant.Require(names.TryGet(id, out DefineInstrumentCommand definition));
                Instrument(ref writer, rules, in definition);
                Optional(ref writer, "15="u8, definition.Currency.AsSpan());
                writer.E8("561="u8, definition.QuantityStepE8);
                writer.E8("562="u8, definition.QuantityStepE8);
                InstrumentWords(ref writer, in definition, withLimits: false);
            }
        }

        return writer.Finish();
    }

    private int SecurityDefinition(in SecurityDefinitionEvent record, ReadOnlySpan<byte> tail, SessionProfile profile, InstrumentNames names, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'d', record.Header);
        RequestRules rules = RequestRules.Of(profile.Dictionary);
        const byte OneOfList = (byte)'4';
        const byte Accepted = (byte)'1';
        writer.Text("320="u8, record.RequestId.AsSpan());
        writer.Int64("322="u8, record.ResponseId);
        writer.Char("323="u8, record.ResponseType == OneOfList && !rules.HasListResponse ? Accepted : record.ResponseType);
        if (rules.HasTotalOfDefinitions)
        {
            writer.Int64("393="u8, record.Total);
        }

        // As it was when it was asked for, so that a resend says the same; events of older builds leave it to the present.
        bool isKnown = names.TryGet(record.InstrumentId, out DefineInstrumentCommand definition);
        if (tail.Length >= DefineInstrumentCommand.SizeBytes)
        {
            definition = As<DefineInstrumentCommand>(tail);
            isKnown = true;
        }

        if (!isKnown)
        {
            Optional(ref writer, "55="u8, record.Symbol.AsSpan());
            Words(ref writer, record.Text, 0, record.Limit);
            return writer.Finish();
        }

        Instrument(ref writer, rules, in definition);
        Optional(ref writer, "15="u8, definition.Currency.AsSpan());
        InstrumentWords(ref writer, in definition, withLimits: true);
        if (rules.HasRoundLot)
        {
            writer.E8("561="u8, definition.QuantityStepE8);
            writer.E8("562="u8, definition.QuantityStepE8);
        }

        if (rules.HasMarketSegments)
        {
            writer.Raw("1310=1\u0001"u8);
            writer.Text("1301="u8, profile.OurCompId);
            writer.E8("562="u8, definition.QuantityStepE8);
            writer.E8("1140="u8, definition.QuantityMaxE8);
            writer.E8("561="u8, definition.QuantityStepE8);
        }

        return writer.Finish();
    }

    private int SecurityStatus(in SecurityStatusEvent status, ReadOnlySpan<byte> tail, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'f', status.Header);
        Optional(ref writer, "324="u8, status.RequestId.AsSpan());
        writer.Text("55="u8, status.Symbol.IsEmpty ? "[N/A]"u8 : status.Symbol.AsSpan());
        writer.Char("325="u8, YesOrNo(status.IsUnsolicited != 0));
        RequestRules rules = RequestRules.Of(profile.Dictionary);
        writer.Int64("326="u8, status.Phase == MarketPhase.Group ? status.TradingStatus : TradingStatus(status.Phase, rules));
        if (status.HasIndication != 0)
        {
            ref readonly IndicationTail indication = ref As<IndicationTail>(tail);
            writer.E8("330="u8, indication.QuantityE8);
            writer.E8("331="u8, indication.QuantityE8);
            writer.E8("332="u8, indication.PriceE8);
            writer.E8("333="u8, indication.PriceE8);
        }

        writer.Timestamp("60="u8, status.Header.OrigSendingTimeNs == 0 ? status.Header.SendingTimeNs : status.Header.OrigSendingTimeNs, profile.TimestampDecimals, _times);
        if (rules.HasStatusText)
        {
            Words(ref writer, status.Text, 0, 0);
        }

        return writer.Finish();
    }

    private int TradingSessionStatus(in TradingSessionStatusEvent status, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'h', status.Header);
        const byte Rejected = (byte)'6';
        const byte Closed = (byte)'3';
        bool isRejected = status.Status == Rejected;
        RequestRules rules = RequestRules.Of(profile.Dictionary);
        bool hasReason = rules.HasSessionRejectReason;
        Optional(ref writer, "335="u8, status.RequestId.AsSpan());
        writer.Text("336="u8, status.TradingSessionId.AsSpan());
        if (rules.HasTradingSessionSubId && SubSession(status.Phase) is byte part and not 0)
        {
            writer.Char("625="u8, part);
        }

        writer.Char("325="u8, YesOrNo(status.IsUnsolicited != 0));

        // A session that does not exist is closed, where nothing better can be said.
        writer.Char("340="u8, isRejected && !hasReason ? Closed : status.Status);
        if (isRejected && hasReason)
        {
            writer.Raw("567=1\u0001"u8);
        }

        if (status.EndTimeNs != 0)
        {
            writer.Timestamp("345="u8, status.EndTimeNs, profile.TimestampDecimals, _times);
        }

        Words(ref writer, status.Text, 0, 0);
        return writer.Finish();
    }

    private int News(in NewsEvent news, ReadOnlySpan<byte> content, SessionProfile profile, Span<byte> target)
    {
        FixWriter writer = Begin(target, profile, (byte)'B', news.Header);
        if (RequestRules.Of(profile.Dictionary).HasNewsId)
        {
            writer.Int64("1472="u8, news.NewsId);
        }

        writer.Timestamp("42="u8, news.Header.OrigSendingTimeNs == 0 ? news.Header.SendingTimeNs : news.Header.OrigSendingTimeNs, profile.TimestampDecimals, _times);
        writer.Char("61="u8, news.Urgency);
        writer.Text("148="u8, content[..news.HeadlineLength]);
        ReadOnlySpan<byte> text = content.Slice(news.HeadlineLength, news.TextLength);
        writer.Int64("33="u8, text.Count((byte)'\n') + 1);
        while (text.IndexOf((byte)'\n') is int end and >= 0)
        {
            writer.Text("58="u8, text[..end]);
            text = text[(end + 1)..];
        }

        writer.Text("58="u8, text);
        return writer.Finish();
    }

    /// <summary>The Instrument block: what the instrument is.</summary>
    private static void Instrument(ref FixWriter writer, RequestRules rules, in DefineInstrumentCommand definition)
    {
        writer.Text("55="u8, definition.Symbol.AsSpan());
        Optional(ref writer, "167="u8, definition.SecurityType.AsSpan());
        if (definition.ExpiryNs != 0)
        {
            Maturity(ref writer, rules, definition.ExpiryNs);
        }

        if (definition.OptionRight != OptionRight.None)
        {
            writer.Char("201="u8, definition.OptionRight == OptionRight.Put ? (byte)'0' : (byte)'1');
        }

        if (definition.StrikeE8 != 0)
        {
            writer.E8("202="u8, definition.StrikeE8);
        }

        if (definition.Kind != InstrumentKind.Spot)
        {
            writer.E8("231="u8, definition.MultiplierE8 == 0 ? FixedPoint.Scale : definition.MultiplierE8);
        }

        if (rules.HasPriceIncrement)
        {
            writer.E8("969="u8, definition.PriceTickE8);
        }
    }

    /// <summary>MaturityMonthYear (200), and the day as the version says it.</summary>
    private static void Maturity(ref FixWriter writer, RequestRules rules, long expiryNs)
    {
        DateTime expiry = DateTime.UnixEpoch.AddTicks(expiryNs / TimeSpan.NanosecondsPerTick);
        Span<byte> date = stackalloc byte[8];
        int number = (expiry.Year * 10_000) + (expiry.Month * 100) + expiry.Day;
        for (int i = date.Length - 1; i >= 0; i--)
        {
            date[i] = (byte)('0' + (number % 10));
            number /= 10;
        }

        writer.Text("200="u8, date[..6]);
        if (rules.HasMaturityDate)
        {
            writer.Text("541="u8, date);
        }
        else
        {
            writer.Int64("205="u8, expiry.Day);
        }
    }

    // SecurityTradingStatus (326) of a phase, in what the version has.
    private static int TradingStatus(MarketPhase phase, RequestRules rules) => phase switch
    {
        MarketPhase.Closed => 18,
        MarketPhase.PreOpen => rules.HasOpeningCodes ? 21 : 1,
        MarketPhase.OpeningAuction => rules.HasOpeningCodes ? 22 : 1,
        MarketPhase.ClosingAuction => rules.HasCrossCodes ? 24 : 5,
        MarketPhase.Uncrossing => rules.HasCrossCodes ? 25 : 5,
        MarketPhase.VolatilityAuction => 5,
        MarketPhase.Halt or MarketPhase.CancelOnly => 2,
        _ => 17,
    };

    // TradingSessionSubID (625): the part of the day; 0 where there is no word for it.
    private static byte SubSession(MarketPhase phase) => phase switch
    {
        MarketPhase.PreOpen => (byte)'1',
        MarketPhase.OpeningAuction => (byte)'2',
        MarketPhase.Continuous => (byte)'3',
        MarketPhase.ClosingAuction => (byte)'4',
        MarketPhase.Closed => (byte)'5',
        MarketPhase.VolatilityAuction => (byte)'6',
        MarketPhase.Halt or MarketPhase.CancelOnly => (byte)'7',
        _ => 0,
    };

    /// <summary>Text (58): tick, step and limits of an instrument. A list leaves out what can change, so that a resend says the same.</summary>
    private static void InstrumentWords(ref FixWriter writer, in DefineInstrumentCommand definition, bool withLimits)
    {
        Span<byte> words = stackalloc byte[InstrumentWordsMax];
        int length = Word("tick "u8, definition.PriceTickE8, words, 0);
        length = Word(", lot "u8, definition.QuantityStepE8, words, length);
        length = withLimits ? Word(", at most "u8, definition.QuantityMaxE8, words, length) : length;
        length = Word(", price "u8, definition.PriceMinE8, words, length);
        length = Word(" to "u8, definition.PriceMaxE8, words, length);
        ReadOnlySpan<byte> kind = definition.Kind switch
        {
            InstrumentKind.Future => ", future"u8,
            InstrumentKind.Perpetual => ", perpetual"u8,
            InstrumentKind.Option => ", option"u8,
            _ => default,
        };
        kind.CopyTo(words[length..]);
        length += kind.Length;
        ReadOnlySpan<byte> inverse = (definition.Flags & InstrumentFlags.Inverse) != 0 ? ", inverse"u8 : default;
        inverse.CopyTo(words[length..]);
        length += inverse.Length;
        writer.Text("58="u8, words[..length]);
    }

    private static int Word(ReadOnlySpan<byte> word, long valueE8, Span<byte> target, int length)
    {
        word.CopyTo(target[length..]);
        length += word.Length;
        return length + DecimalText.WriteE8(target[length..], valueE8);
    }

    private static byte YesOrNo(bool isYes) => isYes ? (byte)'Y' : (byte)'N';
}
