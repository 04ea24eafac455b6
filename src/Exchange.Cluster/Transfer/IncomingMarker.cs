using System.Globalization;
using Exchange.Log.Platform;

namespace Exchange.Cluster.Transfer;

/// <summary>Says that everything in the incoming directory is whole, checked and durable. Written last, removed first.</summary>
/// <param name="LogId">The log.</param>
/// <param name="Position">Position of the snapshot.</param>
/// <param name="HasHistory">Whether the outbound history came with it.</param>
internal sealed record IncomingMarker(Guid LogId, long Position, bool HasHistory)
{
    private const string FileName = "complete";
    private const string Heading = "exchange-incoming 1";

    /// <summary>Path of the marker in an incoming directory.</summary>
    public static string PathIn(string incoming) => Path.Combine(incoming, FileName);

    /// <summary>Reads the marker; null when there is none that checks.</summary>
    public static IncomingMarker? Read(string incoming)
    {
        string path = PathIn(incoming);
        string[]? lines = File.Exists(path) ? ChecksummedText.Read(path) : null;
        return lines is not null
            && lines[0] == Heading
            && Guid.TryParse(ChecksummedText.Value(lines, "log"), out Guid logId)
            && long.TryParse(ChecksummedText.Value(lines, "position"), NumberStyles.None, CultureInfo.InvariantCulture, out long position)
                ? new IncomingMarker(logId, position, ChecksummedText.Value(lines, "history") == "yes")
                : null;
    }

    /// <summary>Writes the marker durably.</summary>
    public void Write(string incoming) => ChecksummedText.Write(
        PathIn(incoming),
        Heading,
        $"log {LogId:D}",
        string.Create(CultureInfo.InvariantCulture, $"position {Position}"),
        HasHistory ? "history yes" : "history no");
}
