using System.Buffers.Binary;
using Exchange.Log.History;
using Exchange.Protocol;

namespace Exchange.Cluster.Transfer;

/// <summary>Writes the sequence of bytes of a <see cref="HistoryExport"/>, cut anywhere, into a history. What cannot be is refused, not guessed at.</summary>
internal sealed class HistoryImport
{
    private readonly MessageHistory _history;
    private byte[] _frame = new byte[4096];
    private int _have;
    private int _sessionId = -1;
    private long _nextSeqNum;

    /// <summary>Begins with the first session.</summary>
    public HistoryImport(MessageHistory history) => _history = history;

    /// <summary>Whether the bytes so far end with a whole frame.</summary>
    public bool IsWhole => _have == 0;

    /// <summary>Takes the next bytes; false when they are no history, which ends the import.</summary>
    /// <exception cref="Exchange.Log.DiskFullException">There is no room.</exception>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int wanted = WantedBytes();
            if (wanted < 0)
            {
                return false;
            }

            int take = Math.Min(wanted - _have, bytes.Length);
            if (_frame.Length < wanted)
            {
                Array.Resize(ref _frame, wanted);
            }

            bytes[..take].CopyTo(_frame.AsSpan(_have));
            _have += take;
            bytes = bytes[take..];
            if (_have == wanted && wanted == WantedBytes())
            {
                _have = 0;
                if (!TryTake(_frame.AsSpan(0, wanted)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // How long the frame is, as far as its beginning tells; -1 when it cannot be one.
    private int WantedBytes()
    {
        if (_have < sizeof(int))
        {
            return sizeof(int);
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(_frame);
        if (length == HistoryExport.SessionMark)
        {
            return HistoryExport.SessionFrameBytes;
        }

        return length is >= 0 and <= MessageHistory.RecordBytesMax && _sessionId >= 0 ? sizeof(int) + length : -1;
    }

    private bool TryTake(ReadOnlySpan<byte> frame)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(frame) != HistoryExport.SessionMark)
        {
            _history.Append(_sessionId, _nextSeqNum++, frame[sizeof(int)..]);
            return true;
        }

        _sessionId = BinaryPrimitives.ReadInt32LittleEndian(frame[4..]);
        long epoch = BinaryPrimitives.ReadInt64LittleEndian(frame[8..]);
        _nextSeqNum = BinaryPrimitives.ReadInt64LittleEndian(frame[16..]);
        if (_sessionId is < 0 or >= Limits.SessionCountMax || epoch < 1 || _nextSeqNum is < 1 or > long.MaxValue / 2)
        {
            return false;
        }

        _history.StartAt(_sessionId, epoch, _nextSeqNum);
        return true;
    }
}
