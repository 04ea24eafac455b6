using System.Globalization;
using Exchange.Log.Platform;

namespace Exchange.Log.Segments;

// Which log this is and which segments it must have. Without it, a segment that somebody removed at either end of the log would
// look as if it had never been there.
internal sealed record LogMetadata(Guid LogId, long StartPosition, long LastSegmentStart)
{
    internal const string FileName = "log.meta";
    private const string Heading = "exchange-log";
    private const string Version = "1";

    /// <summary>Reads the metadata of a directory; null when it holds none, which means that no log was ever completed there.</summary>
    /// <exception cref="LogDamagedException">It does not check, or is of an unknown version.</exception>
    internal static LogMetadata? Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        string[] lines = ChecksummedText.Read(path) ?? throw new LogDamagedException(path, -1, "the metadata do not match their checksum");
        string? version = ChecksummedText.Value(lines, Heading);
        if (version != Version)
        {
            throw new LogDamagedException(path, -1, $"format version {version ?? "(none)"}, but this release reads only version {Version}; use the release that wrote it");
        }

        if (Guid.TryParse(ChecksummedText.Value(lines, "id"), out Guid id)
            && TryParse(ChecksummedText.Value(lines, "start"), out long start)
            && TryParse(ChecksummedText.Value(lines, "last-segment"), out long last))
        {
            return new LogMetadata(id, start, last);
        }

        throw new LogDamagedException(path, -1, "the metadata lack a field");
    }

    /// <summary>Writes the metadata durably.</summary>
    internal void Write(string directory) => ChecksummedText.Write(
        Path.Combine(directory, FileName),
        $"{Heading} {Version}",
        $"id {LogId:D}",
        string.Create(CultureInfo.InvariantCulture, $"start {StartPosition}"),
        string.Create(CultureInfo.InvariantCulture, $"last-segment {LastSegmentStart}"));

    private static bool TryParse(string? text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
