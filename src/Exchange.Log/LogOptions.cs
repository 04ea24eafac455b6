using Exchange.Log.Segments;

namespace Exchange.Log;

/// <summary>How a log is kept.</summary>
public sealed class LogOptions
{
    /// <summary>Smallest segment.</summary>
    public const long SegmentBytesMin = 1L << 20;

    /// <summary>Largest segment.</summary>
    public const long SegmentBytesMax = 1L << 30;

    /// <summary>Most segments that can be kept ready.</summary>
    public const int SegmentsAheadMax = 16;

    /// <summary>Directory of the log; created when it does not exist.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Identity of the log: given to one that is created, and required of one that exists. Null takes a new identity, or any.
    /// </summary>
    public Guid? LogId { get; init; }

    /// <summary>
    /// Where a log that is created begins, a multiple of 32: the position of the snapshot from which its owner starts. Segment
    /// boundaries stay where they are in a log that begins at 0; the segment's part below is skipped. Ignored by a log that exists.
    /// </summary>
    public long StartPosition { get; init; }

    /// <summary>
    /// Size of a new segment file in bytes, a multiple of 4096 from 1 MiB to 1 GiB. Existing segments keep theirs. Logs whose positions
    /// are compared must have had the same size from the start.
    /// </summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>
    /// How many segments are kept ready behind the one in use, from 1 to <see cref="SegmentsAheadMax"/>. Each takes its space on the
    /// device; together they bridge the time for which the device may be slow in giving another.
    /// </summary>
    public int SegmentsAhead { get; init; } = 2;

    /// <summary>
    /// Whether a segment is written with zeros before it is used, which doubles what the device has to write. On file systems that
    /// journal the first use of each block it shortens flushes; on ext4 with large folios it makes them longer.
    /// </summary>
    public bool ZeroFill { get; init; }

    /// <summary>
    /// Whether opening checks every entry. Otherwise it starts at the segment that holds the durable watermark; older
    /// entries are checked when they are read.
    /// </summary>
    public bool VerifyAllOnOpen { get; init; }

    /// <summary>
    /// After how much time without new entries a flush also writes the durable watermark, in milliseconds. Until then, entries that
    /// were flushed last would be taken for a torn tail if the device corrupted them.
    /// </summary>
    public int WatermarkIdleMs { get; init; } = 20;

    /// <summary>Throws when a value is out of its range.</summary>
    /// <exception cref="ArgumentException">The message names the value and what is allowed.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            throw new ArgumentException("the log needs a directory");
        }

        if (SegmentBytes < SegmentBytesMin || SegmentBytes > SegmentBytesMax || SegmentBytes % 4096 != 0)
        {
            throw new ArgumentException($"segment size {SegmentBytes}: must be a multiple of 4096 from {SegmentBytesMin} to {SegmentBytesMax} bytes");
        }

        if (StartPosition < 0 || StartPosition % EntryDescriptor.AlignmentBytes != 0)
        {
            throw new ArgumentException($"start position {StartPosition}: must be a multiple of {EntryDescriptor.AlignmentBytes} and not negative");
        }

        if (LogId == Guid.Empty)
        {
            throw new ArgumentException("log id: must not be all zeros");
        }

        if (SegmentsAhead is < 1 or > SegmentsAheadMax)
        {
            throw new ArgumentException($"segments ahead {SegmentsAhead}: must be from 1 to {SegmentsAheadMax}");
        }

        if (WatermarkIdleMs < 0)
        {
            throw new ArgumentException($"watermark idle time {WatermarkIdleMs} ms: must not be negative");
        }
    }
}
