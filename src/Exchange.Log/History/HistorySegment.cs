using System.Runtime.InteropServices;
using Exchange.Log.Platform;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Log.History;

// One mapped file of a session's outbound messages. The owner appends and reads; only flushing may happen beside that, on another
// thread, which is why the mapping is counted and why the next number is written last.
internal sealed unsafe class HistorySegment
{
    private readonly MappedFile _file;
    private readonly int _length;
    private uint _seed;
    private int _dataEnd = HistoryDescriptor.HeaderBytes;
    private long _nextSeq;
    private bool _checkOnRead;

    private HistorySegment(MappedFile file)
    {
        _file = file;
        _length = (int)file.Length;
    }

    /// <summary>Path of the file.</summary>
    internal string Path => _file.Path;

    /// <summary>Length of the file in bytes.</summary>
    internal int Length => _length;

    /// <summary>Which reset of the session this belongs to.</summary>
    internal long Epoch { get; private set; }

    /// <summary>Number of the file within its session.</summary>
    internal long Ordinal { get; private set; }

    /// <summary>Number of the first record.</summary>
    internal long FirstSeq { get; private set; }

    /// <summary>Number behind the last record. The owner's write pairs with the flusher's read: what is below is whole.</summary>
    internal long NextSeq => Volatile.Read(ref _nextSeq);

    /// <summary>Offset behind the last record.</summary>
    internal int DataEnd => _dataEnd;

    /// <summary>Everything below this number is on the device. Owned by whoever holds the flush gate.</summary>
    internal long FlushedNextSeq { get; private set; }

    /// <summary>Creates a file with all its blocks; it is blank until <see cref="Activate"/>.</summary>
    internal static HistorySegment Create(string path, int length)
    {
        try
        {
            using SafeFileHandle handle = DurableFiles.Create(path, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            DurableFiles.Allocate(handle, path, length);
            MappedFile file = MappedFile.Map(path, handle, length, writable: true);
            return new HistorySegment(file);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Opens an existing file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="logId">The log to which it must belong.</param>
    /// <param name="sessionId">The session that its name says.</param>
    /// <param name="ordinal">The number within the session that its name says.</param>
    /// <param name="reason">Why the file cannot be used; null when it is merely blank.</param>
    /// <returns>The segment, not scanned yet; null when there is none.</returns>
    /// <exception cref="LogDamagedException">It is of another log or of an unknown format: not to be dropped, but to be decided by a person.</exception>
    internal static HistorySegment? TryOpen(string path, Guid logId, int sessionId, long ordinal, out string? reason)
    {
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(handle);
        Span<byte> header = stackalloc byte[HistoryDescriptor.FixedBytes];
        reason = null;
        int read = RandomAccess.Read(handle, header, 0);
        if (header[..read].IndexOfAnyExcept((byte)0) < 0)
        {
            return null;
        }

        if (length <= HistoryDescriptor.HeaderBytes || length > int.MaxValue || length % 4096 != 0)
        {
            reason = $"the file has {length} bytes";
            return null;
        }

        int version = BitConverter.ToInt32(header[HistoryDescriptor.VersionOffset..]);
        bool isHistory = BitConverter.ToUInt64(header) == HistoryDescriptor.Magic;
        if (isHistory && version != HistoryDescriptor.Version)
        {
            throw new LogDamagedException($"message history {path}: format version {version}, but this release reads only version {HistoryDescriptor.Version}; use the release that wrote it");
        }

        if (!isHistory || BitConverter.ToUInt32(header[HistoryDescriptor.CrcOffset..]) != Crc32C.Of(header[..HistoryDescriptor.CrcOffset]))
        {
            reason = "the header does not match its checksum";
            return null;
        }

        Guid owner = new(header.Slice(HistoryDescriptor.LogIdOffset, 16));
        if (owner != logId)
        {
            throw new LogDamagedException($"message history {path}: belongs to log {owner:D}, not to {logId:D}; remove the history directory if that log was replaced on purpose");
        }

        // A file that serves again was renamed before its header was written; after a power cut the one may be there without the other.
        int headerSession = BitConverter.ToInt32(header[HistoryDescriptor.SessionOffset..]);
        long headerOrdinal = BitConverter.ToInt64(header[HistoryDescriptor.OrdinalOffset..]);
        if (headerSession != sessionId || headerOrdinal != ordinal)
        {
            reason = $"the header is that of file {headerOrdinal} of session {headerSession}";
            return null;
        }

        HistorySegment segment = new(MappedFile.Map(path, handle, length, writable: true))
        {
            Epoch = BitConverter.ToInt64(header[HistoryDescriptor.EpochOffset..]),
            Ordinal = BitConverter.ToInt64(header[HistoryDescriptor.OrdinalOffset..]),
            FirstSeq = BitConverter.ToInt64(header[HistoryDescriptor.FirstSeqOffset..]),
            _checkOnRead = true,
        };
        segment._seed = HistoryDescriptor.CrcSeed(logId, sessionId, segment.Epoch);
        segment._nextSeq = segment.FirstSeq;
        return segment;
    }

    /// <summary>
    /// Makes a used file blank again; false when somebody still reads it. What it held stays behind the header: no record of it checks in
    /// another session or epoch, and in its own it has a number that has passed.
    /// </summary>
    /// <exception cref="IOException">The header could not be flushed.</exception>
    internal bool TryBlank()
    {
        if (!_file.IsExclusive)
        {
            return false;
        }

        NativeMemory.Clear(_file.Start, HistoryDescriptor.HeaderBytes);
        _file.Flush(0, HistoryDescriptor.HeaderBytes);
        _dataEnd = HistoryDescriptor.HeaderBytes;
        _checkOnRead = false;
        return true;
    }

    /// <summary>Gives a blank file another name.</summary>
    internal void MoveTo(string path) => _file.MoveTo(path);

    /// <summary>Puts a blank file to use.</summary>
    internal void Activate(Guid logId, int sessionId, long epoch, long ordinal, long firstSeq)
    {
        Epoch = epoch;
        Ordinal = ordinal;
        FirstSeq = firstSeq;
        FlushedNextSeq = firstSeq;
        _seed = HistoryDescriptor.CrcSeed(logId, sessionId, epoch);
        Volatile.Write(ref _nextSeq, firstSeq);
        HistoryDescriptor.WriteFixed(_file.Start, logId, sessionId, epoch, ordinal, firstSeq);
    }

    /// <summary>
    /// Finds the records: those that were flushed by the index, the others by following and checking them. What lies behind the last
    /// one is zeroed, or it might check again once other records have grown up to it.
    /// </summary>
    /// <param name="lost">Whether records that had been flushed are missing.</param>
    internal void Recover(out bool lost)
    {
        long flushed = ReadFlushed();
        FlushedNextSeq = flushed;
        if (flushed > FirstSeq && TryLocate(flushed - 1, out int last))
        {
            _nextSeq = flushed;
            _dataEnd = last + HistoryDescriptor.Framed(RecordLength(last));
        }

        Follow();
        lost = _nextSeq < flushed;
        FlushedNextSeq = Math.Min(FlushedNextSeq, _nextSeq);
        int indexStart = IndexOffset(_nextSeq) + HistoryDescriptor.IndexEntryBytes;
        Span<byte> unused = new(_file.Start + _dataEnd, indexStart - _dataEnd);
        int nonZero = unused.IndexOfAnyExcept((byte)0);
        if (nonZero >= 0)
        {
            unused[nonZero..].Clear();
        }
    }

    /// <summary>Appends a record with the next number; false when the file is full.</summary>
    internal bool TryAppend(long seqNum, ReadOnlySpan<byte> content)
    {
        int length = HistoryDescriptor.RecordHeaderBytes + content.Length;
        int framed = HistoryDescriptor.Framed(length);
        int index = IndexOffset(seqNum);
        if (index - _dataEnd < framed)
        {
            return false;
        }

        byte* record = _file.Start + _dataEnd;
        *(int*)(record + HistoryDescriptor.RecordLengthOffset) = length;
        *(long*)(record + HistoryDescriptor.RecordSeqOffset) = seqNum;
        content.CopyTo(new Span<byte>(record + HistoryDescriptor.RecordHeaderBytes, content.Length));
        *(uint*)(record + HistoryDescriptor.RecordCrcOffset) = HistoryDescriptor.RecordCrc(record, length, _seed);
        *(uint*)(_file.Start + index) = (uint)_dataEnd / HistoryDescriptor.RecordAlignmentBytes;
        _dataEnd += framed;
        Volatile.Write(ref _nextSeq, seqNum + 1);
        return true;
    }

    /// <summary>Reads a record of this file; false when it does not check.</summary>
    internal bool TryRead(long seqNum, out ReadOnlySpan<byte> content)
    {
        if (!TryLocateFast(seqNum, out int offset))
        {
            content = default;
            return false;
        }

        content = new ReadOnlySpan<byte>(
            _file.Start + offset + HistoryDescriptor.RecordHeaderBytes,
            RecordLength(offset) - HistoryDescriptor.RecordHeaderBytes);
        return true;
    }

    /// <summary>Drops the records from a number on.</summary>
    internal void Truncate(long nextSeq)
    {
        if (nextSeq >= _nextSeq)
        {
            return;
        }

        int oldEnd = _dataEnd;
        int oldIndex = IndexOffset(_nextSeq - 1);
        int newIndex = IndexOffset(nextSeq) + HistoryDescriptor.IndexEntryBytes;
        uint offset = *(uint*)(_file.Start + IndexOffset(nextSeq)) * HistoryDescriptor.RecordAlignmentBytes;

        // An index that was damaged on the device names no place; then everything in this file goes.
        if (offset < HistoryDescriptor.HeaderBytes || offset > oldEnd)
        {
            offset = HistoryDescriptor.HeaderBytes;
            nextSeq = FirstSeq;
            newIndex = _length;
        }

        Volatile.Write(ref _nextSeq, nextSeq);
        _dataEnd = (int)offset;
        NativeMemory.Clear(_file.Start + _dataEnd, (nuint)(oldEnd - _dataEnd));
        NativeMemory.Clear(_file.Start + oldIndex, (nuint)(newIndex - oldIndex));
        if (FlushedNextSeq > nextSeq)
        {
            FlushedNextSeq = nextSeq;
            WriteFlushed(nextSeq);
        }
    }

    /// <summary>Flushes all records, then notes durably that it did. Under the flush gate, with the mapping acquired.</summary>
    internal void Flush()
    {
        long next = NextSeq;
        if (next == FlushedNextSeq)
        {
            return;
        }

        int last = (int)(*(uint*)(_file.Start + IndexOffset(next - 1)) * HistoryDescriptor.RecordAlignmentBytes);
        int index = IndexOffset(next - 1);
        _file.Flush(0, last + HistoryDescriptor.Framed(RecordLength(last)));
        _file.Flush(index, _length);
        WriteFlushed(next);
        _file.Flush(0, HistoryDescriptor.HeaderBytes);
        FlushedNextSeq = next;
    }

    /// <summary>Keeps the mapping alive; false when it is already gone.</summary>
    internal bool TryAcquire() => _file.TryAcquire();

    /// <summary>Brings the pages in; may run while the segment is used.</summary>
    internal void Prefault() => _file.Prefault();

    /// <summary>Ends one <see cref="TryAcquire"/>, or the ownership by the session.</summary>
    internal void Release() => _file.Release();

    /// <summary>Removes the file and lets go of it.</summary>
    internal void Delete()
    {
        File.Delete(Path);
        Release();
    }

    private int RecordLength(int offset) => *(int*)(_file.Start + offset + HistoryDescriptor.RecordLengthOffset);

    private int IndexOffset(long seqNum) => (int)Math.Max(0, _length - (HistoryDescriptor.IndexEntryBytes * (seqNum - FirstSeq + 1)));

    // Records written by this process need no check; those that came from the device do.
    private bool TryLocateFast(long seqNum, out int offset)
    {
        if (_checkOnRead)
        {
            return TryLocate(seqNum, out offset);
        }

        offset = (int)(*(uint*)(_file.Start + IndexOffset(seqNum)) * HistoryDescriptor.RecordAlignmentBytes);
        return true;
    }

    private bool TryLocate(long seqNum, out int offset)
    {
        int index = IndexOffset(seqNum);
        ulong place = *(uint*)(_file.Start + Math.Min(index, _length - HistoryDescriptor.IndexEntryBytes)) * (ulong)HistoryDescriptor.RecordAlignmentBytes;
        offset = (int)Math.Min(place, int.MaxValue);
        return place >= HistoryDescriptor.HeaderBytes && Checks(offset, seqNum, index);
    }

    private bool Checks(int offset, long seqNum, int limit)
    {
        if (offset > limit - HistoryDescriptor.RecordHeaderBytes)
        {
            return false;
        }

        byte* record = _file.Start + offset;
        int length = RecordLength(offset);
        return length >= HistoryDescriptor.RecordHeaderBytes
            && length <= limit - offset
            && *(long*)(record + HistoryDescriptor.RecordSeqOffset) == seqNum
            && *(uint*)(record + HistoryDescriptor.RecordCrcOffset) == HistoryDescriptor.RecordCrc(record, length, _seed);
    }

    private void Follow()
    {
        while (Checks(_dataEnd, _nextSeq, IndexOffset(_nextSeq)))
        {
            *(uint*)(_file.Start + IndexOffset(_nextSeq)) = (uint)_dataEnd / HistoryDescriptor.RecordAlignmentBytes;
            _dataEnd += HistoryDescriptor.Framed(RecordLength(_dataEnd));
            _nextSeq++;
        }
    }

    private long ReadFlushed()
    {
        byte* a = _file.Start + HistoryDescriptor.SlotAOffset;
        byte* b = _file.Start + HistoryDescriptor.SlotBOffset;
        long sequenceA = SlotSequence(a);
        long sequenceB = SlotSequence(b);
        return Math.Max(sequenceA, sequenceB) == 0 ? FirstSeq : *(long*)((sequenceA > sequenceB ? a : b) + HistoryDescriptor.SlotNextSeqOffset);
    }

    private void WriteFlushed(long nextSeq)
    {
        byte* a = _file.Start + HistoryDescriptor.SlotAOffset;
        byte* b = _file.Start + HistoryDescriptor.SlotBOffset;
        long sequenceA = SlotSequence(a);
        long sequenceB = SlotSequence(b);
        byte* slot = sequenceA > sequenceB ? b : a;
        *(long*)(slot + HistoryDescriptor.SlotNextSeqOffset) = nextSeq;
        *(long*)(slot + HistoryDescriptor.SlotSequenceOffset) = Math.Max(sequenceA, sequenceB) + 1;
        *(uint*)(slot + HistoryDescriptor.SlotCrcOffset) = HistoryDescriptor.SlotCrc(slot, _seed, FirstSeq);
    }

    private long SlotSequence(byte* slot)
    {
        long sequence = *(long*)(slot + HistoryDescriptor.SlotSequenceOffset);
        return sequence > 0 && *(uint*)(slot + HistoryDescriptor.SlotCrcOffset) == HistoryDescriptor.SlotCrc(slot, _seed, FirstSeq) ? sequence : 0;
    }
}
