using Exchange.Log.Platform;

namespace Exchange.Log.Segments;

// Removes the end of a log, for recovery and for truncation. Old entries must be gone from the device before new ones may follow:
// one that was left behind would check again if the new entries happened to end exactly where it begins.
internal static class Tail
{
    /// <summary>Deletes the segments from an index on, the last first, so that no gap can appear.</summary>
    /// <returns>The metadata as they are now.</returns>
    internal static LogMetadata DropSegments(string directory, LogMetadata metadata, Segment[] segments, int keep)
    {
        LogMetadata changed = metadata with { LastSegmentStart = Math.Min(metadata.LastSegmentStart, segments[keep - 1].StartPosition) };
        if (changed != metadata)
        {
            changed.Write(directory);
        }

        for (int index = segments.Length - 1; index >= keep; index--)
        {
            File.Delete(segments[index].Path);
            segments[index].Release();
        }

        if (keep < segments.Length)
        {
            DurableFiles.FlushDirectory(directory);
        }

        return changed;
    }

    /// <summary>Zeroes everything behind a position in its segment and flushes that.</summary>
    internal static void Zero(Segment segment, long from)
    {
        long end = segment.LastNonZero(from);
        if (end > from)
        {
            segment.Zero(from, end);
            segment.FlushEntries(from, end);
        }
    }
}
