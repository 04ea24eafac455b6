using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

// FIX has no acknowledgement. After a client resets its numbers (141=Y) nobody can ask for the old messages any more, so a fill that
// was on its way would be lost to it. Therefore each session keeps copies of the fills for which no proof of receipt has come yet, and
// restates them after a reset.
//
// A ring of fixed slots addressed by a running number; the slots live outside the managed heap in chunks that are taken when the ring
// first reaches them and kept from then on, so that a quiet session costs nothing, a busy one at most 24 MiB, and neither any garbage.
// What must hold: sequence numbers rise from the oldest fill to the newest (so a proof of receipt always removes a prefix), and equal
// contents give equal snapshot bytes, wherever in the ring they lie.

/// <summary>The fills of one session that the client has not yet proven to have received, oldest first.</summary>
internal sealed unsafe class UnseenFills : IDisposable
{
    /// <summary>Most fills kept; the oldest make room for newer ones, and <see cref="DroppedCount"/> counts them.</summary>
    public const int CountMax = 65_536;

    private const int ChunkFills = 1_024;
    private const int SlotBytes = ExecutionReportEvent.SizeMaxBytes;

    private readonly nint[] _chunks = new nint[CountMax / ChunkFills];
    private long _first;
    private long _end;

    /// <summary>Frees the chunks.</summary>
    ~UnseenFills() => Free();

    /// <summary>Number of fills kept.</summary>
    public int Count => (int)(_end - _first);

    /// <summary>Fills that were forgotten without proof because the ring was full.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>The fill with that age, 0 being the oldest; the texts of its tail follow in memory.</summary>
    public ref ExecutionReportEvent this[int index]
    {
        get
        {
            Invariant.Require(index >= 0 && index < Count);
            return ref *(ExecutionReportEvent*)Slot(_first + index);
        }
    }

    /// <summary>The whole record of the fill with that age, tail included.</summary>
    public ReadOnlySpan<byte> Bytes(int index)
    {
        ref ExecutionReportEvent fill = ref this[index];
        return new ReadOnlySpan<byte>(Unsafe.AsPointer(ref fill), fill.Header.Length);
    }

    /// <summary>Keeps a copy of a complete report, whose tail follows it in memory.</summary>
    public void Add(ref readonly ExecutionReportEvent report)
    {
        int length = report.Header.Length;
        Invariant.Require(length is >= ExecutionReportEvent.SizeBytes and <= SlotBytes);
        Invariant.Require(Count == 0 || report.Header.MsgSeqNum > this[Count - 1].Header.MsgSeqNum);
        byte* slot = TakeSlot();
        Unsafe.CopyBlockUnaligned(ref *slot, ref Unsafe.As<ExecutionReportEvent, byte>(ref Unsafe.AsRef(in report)), (uint)length);
    }

    /// <summary>Forgets the fills sent with a number below <paramref name="msgSeqNum"/>: the client has proven to have received them.</summary>
    public void ForgetBelow(long msgSeqNum)
    {
        while (_first < _end && ((ExecutionReportEvent*)Slot(_first))->Header.MsgSeqNum < msgSeqNum)
        {
            _first++;
        }
    }

    /// <summary>
    /// Takes the fills out of a numbering that has ended: they are numbered below any message of the next one, in the same order, until
    /// they are restated in it.
    /// </summary>
    public void LeaveNumbering()
    {
        int count = Count;
        for (int i = 0; i < count; i++)
        {
            this[i].Header.MsgSeqNum = i - count;
        }
    }

    /// <summary>Forgets the fills first sent before <paramref name="logTimeNs"/>: those of a past trading day.</summary>
    public void ForgetOlderThan(long logTimeNs)
    {
        while (_first < _end && ((ExecutionReportEvent*)Slot(_first))->Header.SendingTimeNs < logTimeNs)
        {
            _first++;
        }
    }

    /// <summary>Writes the fills, oldest first.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(DroppedCount);
        writer.WriteInt64(Count);
        for (int i = 0; i < Count; i++)
        {
            writer.WriteBytes(Bytes(i));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote, into an empty ring.</summary>
    public void Load(SnapshotReader reader)
    {
        Invariant.Require(Count == 0);
        DroppedCount = reader.ReadInt64();
        int count = reader.ReadCount(CountMax, "number of unseen fills");
        for (int i = 0; i < count; i++)
        {
            EventHeader header = reader.Read<EventHeader>();
            bool isSound = header.Type == EventType.ExecutionReport
                && header.Length is >= ExecutionReportEvent.SizeBytes and <= SlotBytes
                && header.Length % 8 == 0
                && (i == 0 || header.MsgSeqNum > this[i - 1].Header.MsgSeqNum);
            if (!isSound)
            {
                throw new InvalidDataException(
                    $"snapshot at byte {reader.Position}: unseen fill {i} has type {(int)header.Type}, length {header.Length}, number {header.MsgSeqNum}");
            }

            byte* slot = TakeSlot();
            *(EventHeader*)slot = header;
            reader.ReadBytes(new Span<byte>(slot + EventHeader.SizeBytes, header.Length - EventHeader.SizeBytes));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private byte* TakeSlot()
    {
        if (Count == CountMax)
        {
            _first++;
            DroppedCount++;
        }

        int chunk = (int)(_end % CountMax) / ChunkFills;
        if (_chunks[chunk] == 0)
        {
            TakeChunk(chunk);
        }

        return Slot(_end++);
    }

    private byte* Slot(long number)
    {
        int index = (int)(number % CountMax);
        return (byte*)_chunks[index / ChunkFills] + ((nint)(index % ChunkFills) * SlotBytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeChunk(int chunk) => _chunks[chunk] = (nint)NativeMemory.AlignedAlloc((nuint)ChunkFills * SlotBytes, 64);

    private void Free()
    {
        _first = _end;
        for (int i = 0; i < _chunks.Length; i++)
        {
            NativeMemory.AlignedFree((void*)_chunks[i]);
            _chunks[i] = 0;
        }
    }
}
