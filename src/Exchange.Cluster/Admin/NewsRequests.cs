using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Exchange.Cluster.Ingress;
using Exchange.Protocol.Commands;

namespace Exchange.Cluster.Admin;

/// <summary>News for every session that is logged on: commands in the log like any other.</summary>
internal static class NewsRequests
{
    private static readonly string[] s_urgencies = ["normal", "flash", "background"];

    /// <summary>Appends what an operator asks for; returns the position behind it.</summary>
    /// <exception cref="ArgumentException">It cannot be told as it is.</exception>
    public static long Append(IngressSequencer sequencer, JsonElement request)
    {
        string headline = request.GetProperty("headline").GetString() ?? string.Empty;
        string text = request.GetProperty("text").GetString() ?? string.Empty;
        string urgency = request.TryGetProperty("urgency", out JsonElement value) ? value.GetString() ?? string.Empty : s_urgencies[0];
        int code = Array.IndexOf(s_urgencies, urgency);
        if (code < 0)
        {
            throw new ArgumentException($"urgency '{urgency}' must be {string.Join(", ", s_urgencies)}");
        }

        return TryAppend(sequencer, headline, text, (char)('0' + code)) ?? throw new ArgumentException(
            $"news have a headline of at most {NewsContent.HeadlineLengthMax} and a text of at most {NewsContent.TextLengthMax} characters in at most {NewsContent.LinesMax} lines, none empty, all printable ASCII");
    }

    /// <summary>Appends news; returns the position behind them, or null when they cannot be told as they are.</summary>
    public static long? TryAppend(IngressSequencer sequencer, string headline, string text, char urgency)
    {
        if (headline.Length > NewsContent.HeadlineLengthMax || text.Length > NewsContent.TextLengthMax || !Ascii.IsValid(headline) || !Ascii.IsValid(text))
        {
            return null;
        }

        NewsCommand command = default;
        command.Header.Type = CommandType.News;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = NewsCommand.SizeBytes;
        command.Header.LeadershipTerm = sequencer.Term;
        command.Header.SessionId = -1;
        command.HeadlineLength = (ushort)headline.Length;
        command.TextLength = (ushort)text.Length;
        command.Urgency = (byte)urgency;
        Encoding.ASCII.GetBytes(headline + text, command.Content);
        return NewsContent.IsSound(in command) ? sequencer.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<NewsCommand>(in command))) : null;
    }
}
