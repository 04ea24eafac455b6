namespace Exchange.Log.History;

/// <summary>How outbound messages are kept.</summary>
public sealed class HistoryOptions
{
    /// <summary>Directory of the history; created when it does not exist. Not the log's.</summary>
    public required string Directory { get; init; }

    /// <summary>The log from which the messages come, see <see cref="SegmentedLog.LogId"/>.</summary>
    public required Guid LogId { get; init; }

    /// <summary>How many of its newest messages each session keeps at least; older ones go, a whole file at a time.</summary>
    public int MessagesPerSession { get; init; } = 1_000_000;

    /// <summary>Size of a session's first file, in bytes; each further one is four times as large, up to <see cref="SegmentBytesMax"/>.</summary>
    public int FirstSegmentBytes { get; init; } = 256 << 10;

    /// <summary>Size of the largest files, in bytes.</summary>
    public int SegmentBytesMax { get; init; } = 64 << 20;

    /// <summary>Throws when a value is out of its range.</summary>
    /// <exception cref="ArgumentException">The message names the value and what is allowed.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            throw new ArgumentException("the message history needs a directory");
        }

        if (MessagesPerSession < 1)
        {
            throw new ArgumentException($"messages per session {MessagesPerSession}: must be at least 1");
        }

        if (FirstSegmentBytes < 16 << 10 || FirstSegmentBytes % 4096 != 0)
        {
            throw new ArgumentException($"first history file {FirstSegmentBytes} bytes: must be a multiple of 4096 and at least 16384");
        }

        if (SegmentBytesMax < FirstSegmentBytes || SegmentBytesMax % 4096 != 0 || SegmentBytesMax > 1 << 30)
        {
            throw new ArgumentException($"largest history file {SegmentBytesMax} bytes: must be a multiple of 4096 from {FirstSegmentBytes} to {1 << 30}");
        }
    }
}
