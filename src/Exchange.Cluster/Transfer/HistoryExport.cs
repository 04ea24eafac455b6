using System.Buffers.Binary;
using Exchange.Log.History;

namespace Exchange.Cluster.Transfer;

// The outbound history as a sequence of bytes, produced in pieces while the member goes on appending:
//
//   session:  -1 (4) │ session id (4) │ epoch (8) │ number of the first message that follows (8)
//   message:  length (4) │ content ...
//
// A session that was reset, or whose messages were dropped, while it was being read is begun again with another session frame, which
// replaces what was sent of it. What is appended behind a session's end once that was reached does not come; the receiver makes it again
// from the log, as it does for everything behind the snapshot.

/// <summary>Reads all sessions' messages from a history that is in use. On the thread that owns the history.</summary>
internal sealed class HistoryExport
{
    /// <summary>Bytes of a session frame.</summary>
    public const int SessionFrameBytes = 24;

    /// <summary>What a session frame begins with.</summary>
    public const int SessionMark = -1;

    private const int StepsPerCall = 4096;
    private readonly MessageHistory _history;
    private readonly int[] _sessions;
    private byte[] _carry = new byte[4096];
    private int _carryStart;
    private int _carryEnd;
    private int _index = -1;
    private long _epoch;
    private bool _isFrameDue;
    private HistoryCursor _cursor;

    /// <summary>Begins with the first session.</summary>
    public HistoryExport(MessageHistory history)
    {
        _history = history;
        _sessions = history.SessionIds();
    }

    /// <summary>Whether everything was read.</summary>
    public bool IsFinished => _index >= _sessions.Length && _carryStart == _carryEnd;

    /// <summary>Fills a span as far as there is something; the work is bounded by its length and a number of steps.</summary>
    /// <returns>Bytes written; less than asked for does not mean the end, see <see cref="IsFinished"/>.</returns>
    public int Fill(Span<byte> target)
    {
        int filled = Drain(target);
        for (int step = 0; step < StepsPerCall && filled < target.Length && _index < _sessions.Length; step++)
        {
            Step();
            filled += Drain(target[filled..]);
        }

        return filled;
    }

    private void Step()
    {
        if (_index < 0 || _cursor.NextSeqNum >= _history.NextSeqNum(_sessions[_index]))
        {
            EndSession();
            return;
        }

        int session = _sessions[_index];
        if (_history.Epoch(session) != _epoch)
        {
            BeginSession();
            return;
        }

        HistoryReadResult result = _cursor.TryNext(out ReadOnlySpan<byte> content);
        if (result == HistoryReadResult.Record)
        {
            if (_isFrameDue)
            {
                PutSession(_cursor.NextSeqNum - 1);
            }

            Put(content);
        }
        else if (result == HistoryReadResult.Gone)
        {
            // Dropped meanwhile, or damaged: what comes behind is all that can still be resent.
            _cursor.MoveTo(Math.Max(_cursor.NextSeqNum + 1, _history.FirstSeqNum(session)));
            _isFrameDue = true;
        }
    }

    private void EndSession()
    {
        if (_index >= 0 && _history.Epoch(_sessions[_index]) != _epoch)
        {
            BeginSession();
            return;
        }

        if (_isFrameDue)
        {
            PutSession(_cursor.NextSeqNum);
        }

        _index++;
        if (_index < _sessions.Length)
        {
            BeginSession();
        }
    }

    private void BeginSession()
    {
        int session = _sessions[_index];
        _epoch = _history.Epoch(session);
        _cursor = _history.OpenCursor(session, _history.FirstSeqNum(session));
        _isFrameDue = true;
    }

    private void PutSession(long firstSeqNum)
    {
        _isFrameDue = false;
        Span<byte> frame = Room(SessionFrameBytes);
        BinaryPrimitives.WriteInt32LittleEndian(frame, SessionMark);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], _sessions[_index]);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], _epoch);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], firstSeqNum);
    }

    private void Put(ReadOnlySpan<byte> content)
    {
        Span<byte> frame = Room(sizeof(int) + content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame, content.Length);
        content.CopyTo(frame[sizeof(int)..]);
    }

    private Span<byte> Room(int length)
    {
        if (_carry.Length - _carryEnd < length)
        {
            Array.Resize(ref _carry, Math.Max(_carry.Length * 2, _carryEnd + length));
        }

        Span<byte> room = _carry.AsSpan(_carryEnd, length);
        _carryEnd += length;
        return room;
    }

    private int Drain(Span<byte> target)
    {
        int take = Math.Min(target.Length, _carryEnd - _carryStart);
        _carry.AsSpan(_carryStart, take).CopyTo(target);
        _carryStart += take;
        if (_carryStart == _carryEnd)
        {
            _carryStart = 0;
            _carryEnd = 0;
        }

        return take;
    }
}
