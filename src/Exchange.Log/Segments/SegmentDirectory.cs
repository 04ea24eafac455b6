using Exchange.Log.Platform;

namespace Exchange.Log.Segments;

// Opens all segments of a directory and checks what can be checked without reading entries: every file whole and of this log, in
// order, with no gap at either end or between.
internal static class SegmentDirectory
{
    /// <summary>Opens the segments that the metadata require, in order; a writer also finishes a deletion that a crash interrupted.</summary>
    /// <exception cref="LogDamagedException">A segment is missing, truncated, foreign, doubled or of an unknown format.</exception>
    internal static Segment[] Load(string directory, LogMetadata metadata, bool writable)
    {
        List<Segment> segments = [];
        List<string> leftovers = [];
        try
        {
            foreach (string path in Paths(directory))
            {
                Segment segment = Segment.Open(path, writable);
                if (segment.EndPosition <= metadata.StartPosition)
                {
                    leftovers.Add(path);
                    segment.Release();
                    continue;
                }

                segments.Add(segment);
                CheckIdentity(segment, metadata);
            }

            CheckOrder(directory, segments, metadata);
            if (writable)
            {
                leftovers.ForEach(File.Delete);
            }

            return [.. segments];
        }
        catch
        {
            foreach (Segment segment in segments)
            {
                segment.Release();
            }

            throw;
        }
    }

    /// <summary>Removes files that a crash left unfinished.</summary>
    internal static void RemoveUnfinished(string directory)
    {
        foreach (string path in Directory.GetFiles(directory, "*" + DurableFiles.TemporarySuffix))
        {
            File.Delete(path);
        }
    }

    /// <summary>Paths of all segment files, by name.</summary>
    internal static string[] Paths(string directory)
    {
        string[] paths = Directory.GetFiles(directory, "*" + SegmentDescriptor.Suffix);
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }

    private static void CheckIdentity(Segment segment, LogMetadata metadata)
    {
        if (segment.LogId != metadata.LogId)
        {
            throw new LogDamagedException(segment.Path, segment.StartPosition, $"the segment belongs to log {segment.LogId:D}, not to {metadata.LogId:D}");
        }
    }

    private static void CheckOrder(string directory, List<Segment> segments, LogMetadata metadata)
    {
        long expected = metadata.StartPosition;
        foreach (Segment segment in segments)
        {
            if (segment.StartPosition < expected)
            {
                throw new LogDamagedException(segment.Path, segment.StartPosition, "another segment already holds this position (a copied or renamed file)");
            }

            if (segment.StartPosition > expected)
            {
                string missing = Path.Combine(directory, SegmentDescriptor.FileName(expected));
                throw new LogDamagedException(missing, expected, "the segment is missing");
            }

            if (Path.GetFileName(segment.Path) != SegmentDescriptor.FileName(segment.StartPosition))
            {
                throw new LogDamagedException(segment.Path, segment.StartPosition, $"the file should be named {SegmentDescriptor.FileName(segment.StartPosition)}");
            }

            expected = segment.EndPosition;
        }

        if (expected <= metadata.LastSegmentStart || segments.Count == 0)
        {
            string missing = Path.Combine(directory, SegmentDescriptor.FileName(expected));
            throw new LogDamagedException(missing, expected, "the segment is missing");
        }
    }
}
