using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Sessions;

/// <summary>Answers to requests about many orders and about instruments, and news, in the words of <see cref="EventText"/>.</summary>
internal static class RequestText
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        switch (MemoryMarshal.AsRef<EventHeader>(bytes).Type)
        {
            case EventType.MassCancelReport:
                MassCancelReportEvent cancel = MemoryMarshal.Read<MassCancelReportEvent>(bytes);
                string reject = cancel.RejectReason == MassCancelReportEvent.NoReason ? "" : $" 532={cancel.RejectReason}";
                return Line($" 11={cancel.ClOrdId} 530={(char)cancel.Scope} 531={(char)cancel.Response}{reject} 533={cancel.TotalAffected}", cancel.Text);
            case EventType.SecurityList:
                SecurityListEvent list = MemoryMarshal.Read<SecurityListEvent>(bytes);
                return Line($" 320={list.RequestId} 560={(char)list.Result} from {list.FirstInstrumentId} count {list.Count} of {list.Total}{(list.IsLast == 1 ? " last" : "")}", list.Text);
            case EventType.SecurityDefinition:
                SecurityDefinitionEvent definition = MemoryMarshal.Read<SecurityDefinitionEvent>(bytes);
                return Line($" 320={definition.RequestId} 323={(char)definition.ResponseType} instrument {definition.InstrumentId} of {definition.Total}", definition.Text);
            case EventType.SecurityStatus:
                SecurityStatusEvent status = MemoryMarshal.Read<SecurityStatusEvent>(bytes);
                return Line($" 324={status.RequestId} 55={status.Symbol} 326={status.TradingStatus}", status.Text);
            case EventType.TradingSessionStatus:
                TradingSessionStatusEvent session = MemoryMarshal.Read<TradingSessionStatusEvent>(bytes);
                return Line($" 335={session.RequestId} 336={session.TradingSessionId} 340={(char)session.Status} 345={session.EndTimeNs}", session.Text);
            case EventType.News:
                NewsEvent news = MemoryMarshal.Read<NewsEvent>(bytes);
                ReadOnlySpan<byte> content = bytes[NewsEvent.SizeBytes..];
                string headline = Encoding.ASCII.GetString(content[..news.HeadlineLength]);
                string text = Encoding.ASCII.GetString(content.Slice(news.HeadlineLength, news.TextLength));
                return Line($" 61={(char)news.Urgency} 148={headline} 58={text.Replace('\n', '/')}", ReasonCode.None);
            default:
                return "";
        }
    }

    private static string Line(FormattableString text, ReasonCode reason) =>
        text.ToString(CultureInfo.InvariantCulture) + (reason == ReasonCode.None ? "" : $" {reason}");
}
