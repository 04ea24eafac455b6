using System.Globalization;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Fuzz;

/// <summary>What a run has been through, so that nobody mistakes a run that got nowhere for one that found nothing.</summary>
internal sealed class FuzzTotals
{
    private readonly SortedDictionary<string, long> _commands = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _verdicts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _events = new(StringComparer.Ordinal);
    private readonly long[] _commandCounts = new long[256];
    private readonly long[] _verdictCounts = new long[1 << 16];
    private readonly long[] _eventCounts = new long[256];

    /// <summary>Inputs made.</summary>
    public long Inputs { get; set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; set; }

    /// <summary>Messages that the framer found in them.</summary>
    public long Messages { get; set; }

    /// <summary>Pieces that it found garbled.</summary>
    public long Garbled { get; set; }

    /// <summary>Logons that began a session.</summary>
    public long Logons { get; set; }

    /// <summary>Streams cut into pieces and compared with the whole.</summary>
    public long Chunked { get; set; }

    /// <summary>Streams behind which the framer had to find its way again.</summary>
    public long Resynchronised { get; set; }

    /// <summary>Messages of the exchange that were encoded, framed, parsed and validated as a client would.</summary>
    public long Encoded { get; set; }

    /// <summary>Connections opened to the gateway.</summary>
    public long Connections { get; set; }

    /// <summary>Times that a neighbour's commands and answers were compared with those of one that is alone.</summary>
    public long Compared { get; set; }

    /// <summary>Garbled messages that used up no number.</summary>
    public long Ignored { get; set; }

    /// <summary>Snapshots taken and loaded.</summary>
    public long Snapshots { get; set; }

    /// <summary>Counts a command.</summary>
    public void Count(in FixCommandHeader message)
    {
        _commandCounts[(int)message.Command.Type & 255]++;
        if (message.Verdict != GatewayVerdict.Valid)
        {
            _verdictCounts[((int)message.Verdict << 8) | (message.Reason & 255)]++;
        }
    }

    /// <summary>Counts a command that is no message.</summary>
    public void Count(CommandType type) => _commandCounts[(int)type & 255]++;

    /// <summary>Counts an event.</summary>
    public void Count(EventType type) => _eventCounts[(int)type & 255]++;

    /// <summary>How often an event was seen.</summary>
    public long Of(EventType type) => _eventCounts[(int)type & 255];

    /// <summary>How often a command was made.</summary>
    public long Of(CommandType type) => _commandCounts[(int)type & 255];

    /// <summary>All of it in words.</summary>
    public string Report()
    {
        Fill(_commands, _commandCounts, index => ((CommandType)index).ToString());
        Fill(_verdicts, _verdictCounts, index => $"{(GatewayVerdict)(index >> 8)} {index & 255}");
        Fill(_events, _eventCounts, index => ((EventType)index).ToString());
        return string.Create(CultureInfo.InvariantCulture, $"""
            inputs           {Inputs:N0} ({Bytes:N0} bytes)
            messages framed  {Messages:N0}, garbled pieces {Garbled:N0}
            sessions begun   {Logons:N0}
            cut into pieces  {Chunked:N0} streams, all framed as the whole
            found again      {Resynchronised:N0} streams, all resynchronised
            encoded          {Encoded:N0} messages of the exchange, all valid for a client
            connections      {Connections:N0} opened, {Ignored:N0} garbled messages that used up no number
            neighbour        {Compared:N0} times compared with one that is alone, never a difference
            snapshots        {Snapshots:N0} taken and loaded, all with the same hash
            commands         {Text(_commands)}
            refused          {Text(_verdicts)}
            events           {Text(_events)}
            """);
    }

    private static void Fill(SortedDictionary<string, long> target, long[] counts, Func<int, string> name)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] != 0)
            {
                target[name(i)] = counts[i];
            }
        }
    }

    private static string Text(SortedDictionary<string, long> counts) =>
        string.Join(", ", counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:N0}")));
}
