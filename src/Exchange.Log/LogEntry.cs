namespace Exchange.Log;

/// <summary>One entry, in place: the payload is a view of the mapped log and valid until the reader is disposed or reads on.</summary>
public readonly ref struct LogEntry
{
    internal LogEntry(long position, long endPosition, ushort type, long term, long timestampNs, ReadOnlySpan<byte> payload)
    {
        Position = position;
        EndPosition = endPosition;
        Type = type;
        Term = term;
        TimestampNs = timestampNs;
        Payload = payload;
    }

    /// <summary>Where the entry begins.</summary>
    public long Position { get; }

    /// <summary>Just behind the entry and its padding; what <see cref="SegmentedLog.Commit"/> returned for it.</summary>
    public long EndPosition { get; }

    /// <summary>The caller's type.</summary>
    public ushort Type { get; }

    /// <summary>Leadership term.</summary>
    public long Term { get; }

    /// <summary>Log time, nanoseconds since 1970.</summary>
    public long TimestampNs { get; }

    /// <summary>The content.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}
