using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Egress;

/// <summary>
/// How far the outbound history of each session must reach at a log position: the next sequence number and how often the numbers were
/// reset. Follows from the events alone, so a shadow that replays the log without a history of its own can write it into a snapshot,
/// and a restarted member can cut its history back to exactly what the log it kept has caused.
/// </summary>
public sealed class HistoryMarks
{
    private const int SessionCountMax = Limits.SessionCountMax;
    private Mark[] _marks = new Mark[64];
    private byte[] _members = [];

    /// <summary>
    /// Who belongs to the cluster, as the last configuration in the log has it; empty while none was. It travels in snapshots with the marks: a
    /// member that starts from one which came from a peer has no other way to know it.
    /// </summary>
    public ReadOnlySpan<byte> Members
    {
        get => _members;
        set => _members = value.ToArray();
    }

    /// <summary>Number of sessions seen.</summary>
    public int SessionCount { get; private set; }

    /// <summary>The next sequence number of a session, from 1.</summary>
    public long NextSeqNum(int sessionId) => sessionId < SessionCount ? _marks[sessionId].NextSeqNum : 1;

    /// <summary>Counts the numberings of the session, from 1.</summary>
    public long Epoch(int sessionId) => sessionId < SessionCount ? _marks[sessionId].Epoch : 1;

    /// <summary>Notes an event.</summary>
    public void Note(ReadOnlySpan<byte> record)
    {
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        if (header.MsgSeqNum > 0)
        {
            ref Mark mark = ref At(header.SessionId);
            Invariant.Require(header.MsgSeqNum == mark.NextSeqNum);
            mark.NextSeqNum = header.MsgSeqNum + 1;
        }
        else if (header.Type == EventType.HistoryReset)
        {
            ref Mark mark = ref At(header.SessionId);
            mark.NextSeqNum = 1;
            mark.Epoch++;
        }
        else if (header.Type == EventType.HistoryStart)
        {
            ref Mark mark = ref At(header.SessionId);
            mark.NextSeqNum = MemoryMarshal.AsRef<RangeEvent>(record).BeginSeqNo;
            mark.Epoch++;
        }
    }

    /// <summary>Writes all marks.</summary>
    public void Save(SnapshotWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt64(SessionCount);
        for (int i = 0; i < SessionCount; i++)
        {
            writer.WriteInt64(_marks[i].NextSeqNum);
            writer.WriteInt64(_marks[i].Epoch);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(SnapshotReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int count = reader.ReadCount(SessionCountMax, "number of history marks");
        for (int i = 0; i < count; i++)
        {
            ref Mark mark = ref At(i);
            mark.NextSeqNum = reader.ReadInt64();
            mark.Epoch = reader.ReadInt64();
        }
    }

    private ref Mark At(int sessionId)
    {
        Invariant.Require(sessionId is >= 0 and < SessionCountMax);
        if (sessionId >= SessionCount)
        {
            Grow(sessionId);
        }

        return ref _marks[sessionId];
    }

    private void Grow(int sessionId)
    {
        if (sessionId >= _marks.Length)
        {
            Array.Resize(ref _marks, Math.Max(sessionId + 1, _marks.Length * 2));
        }

        for (; SessionCount <= sessionId; SessionCount++)
        {
            _marks[SessionCount].NextSeqNum = 1;
            _marks[SessionCount].Epoch = 1;
        }
    }

    private struct Mark
    {
        public long NextSeqNum;
        public long Epoch;
    }
}
