namespace Exchange.Log.Segments;

// What readers may see: the segments and the end of the log. One thread publishes, any number read; a reader never takes a lock.
internal sealed class LogView
{
    private Segment[] _segments = [];
    private long _endPosition;
    private long _truncations;
    private long _truncatePosition;

    internal LogView(Guid logId) => Seed = EntryDescriptor.CrcSeed(logId);

    /// <summary>State of the CRC before each entry.</summary>
    internal uint Seed { get; }

    /// <summary>All segments in order. The array is replaced, never changed. Write pairs with every read of a reader.</summary>
    internal Segment[] Segments
    {
        get => Volatile.Read(ref _segments);
        set => Volatile.Write(ref _segments, value);
    }

    /// <summary>Position of the oldest entry.</summary>
    internal long StartPosition => Segments[0].FirstEntryPosition;

    /// <summary>Position behind the last entry. The write by the writer pairs with the readers' reads: what is below is whole.</summary>
    internal long EndPosition
    {
        get => Volatile.Read(ref _endPosition);
        set => Volatile.Write(ref _endPosition, value);
    }

    /// <summary>Counts truncations, after each of which a reader must make sure that it still stands inside the log.</summary>
    internal long Truncations => Volatile.Read(ref _truncations);

    /// <summary>Where the latest truncation cut; valid once <see cref="Truncations"/> was read.</summary>
    internal long TruncatePosition => Volatile.Read(ref _truncatePosition);

    /// <summary>Takes the end back.</summary>
    internal void Truncate(long position)
    {
        EndPosition = position;
        Volatile.Write(ref _truncatePosition, position);
        Volatile.Write(ref _truncations, _truncations + 1);
    }

    /// <summary>The segment that holds a position; null when none does.</summary>
    internal Segment? Find(long position)
    {
        foreach (Segment segment in Segments)
        {
            if (position >= segment.StartPosition && position < segment.EndPosition)
            {
                return segment;
            }
        }

        return null;
    }

    /// <summary>
    /// Gives the memory of the segments below a position back: a log that grows all day keeps its size there. What lies below must be
    /// on the device; segments may be deleted meanwhile.
    /// </summary>
    internal void PageOutBelow(long position)
    {
        foreach (Segment segment in Segments)
        {
            if (segment.EndPosition > position)
            {
                return;
            }

            if (segment.TryAcquire())
            {
                segment.PageOut();
                segment.Release();
            }
        }
    }
}
