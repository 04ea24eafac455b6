namespace Exchange.Log.History;

/// <summary>
/// Streams a session's messages in order. A mutable struct: keep it in a field and do not copy it. It stays valid over resets and
/// trims; after a reset it must be set to where the new epoch begins.
/// </summary>
public struct HistoryCursor
{
    private readonly HistorySession? _session;
    private HistorySegment? _segment;
    private int _version;

    internal HistoryCursor(HistorySession session, long seqNum)
    {
        _session = session;
        NextSeqNum = seqNum;
    }

    /// <summary>Number of the message that is read next.</summary>
    public long NextSeqNum { get; private set; }

    /// <summary>Reads the next message. The content is valid until the history changes other than by appending to this session's file.</summary>
    public HistoryReadResult TryNext(out ReadOnlySpan<byte> content)
    {
        content = default;
        HistorySession? session = _session;
        if (session is null || NextSeqNum >= session.NextSeq)
        {
            return HistoryReadResult.End;
        }

        HistorySegment? segment = _segment;
        if (segment is null || _version != session.Version || NextSeqNum >= segment.NextSeq || NextSeqNum < segment.FirstSeq)
        {
            segment = session.Find(NextSeqNum);
            _segment = segment;
            _version = session.Version;
            if (segment is null)
            {
                return HistoryReadResult.Gone;
            }
        }

        if (!segment.TryRead(NextSeqNum, out content))
        {
            return HistoryReadResult.Gone;
        }

        NextSeqNum++;
        return HistoryReadResult.Record;
    }

    /// <summary>Goes on elsewhere, for instance behind a message that is gone.</summary>
    public void MoveTo(long seqNum) => NextSeqNum = seqNum;
}
