using System.Runtime.InteropServices;
using Exchange.Log.Platform;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Log.Segments;

// One mapped segment file. It may be deleted while readers are still in it, so it is unmapped when the last one has let go:
// an address that became invalid would kill the process.
internal sealed unsafe class Segment
{
    private readonly MappedFile _file;
    private bool _isPagedOut;

    private Segment(MappedFile file, long start, long capacity, Guid logId)
    {
        _file = file;
        StartPosition = start;
        EndPosition = start + capacity;
        LogId = logId;
        FirstEntryPosition = ReadFirstEntryPosition();
    }

    /// <summary>Path of the file.</summary>
    internal string Path => _file.Path;

    /// <summary>Position of the first byte for entries.</summary>
    internal long StartPosition { get; }

    /// <summary>
    /// Position of the first entry that may be read: behind what is skipped in a log that begins within this segment. Kept outside the
    /// mapping, because it is asked for by threads that do not keep the segment alive.
    /// </summary>
    internal long FirstEntryPosition { get; private set; }

    /// <summary>Whether nothing was ever appended here.</summary>
    internal bool IsBlank
    {
        get
        {
            long end = LastNonZero(StartPosition);
            return end == StartPosition || (FirstEntryPosition > StartPosition && end <= StartPosition + EntryDescriptor.HeaderBytes);
        }
    }

    /// <summary>Position just behind the last place for entries, which is where the next segment starts.</summary>
    internal long EndPosition { get; }

    /// <summary>The log's identity.</summary>
    internal Guid LogId { get; }

    private byte* SlotA => _file.Start + SegmentDescriptor.SlotAOffset;

    private byte* SlotB => _file.Start + SegmentDescriptor.SlotBOffset;

    /// <summary>Creates, allocates and maps a new segment; when it returns, the file and its name are durable.</summary>
    internal static Segment Create(string directory, long start, long capacity, Guid logId, bool zeroFill)
    {
        string path = System.IO.Path.Combine(directory, SegmentDescriptor.FileName(start));
        string temporary = path + DurableFiles.TemporarySuffix;
        long length = SegmentDescriptor.HeaderBytes + capacity;
        SafeFileHandle? handle = null;
        try
        {
            handle = DurableFiles.Create(temporary, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            DurableFiles.Preallocate(handle, temporary, length, zeroFill);
            Span<byte> header = stackalloc byte[SegmentDescriptor.FixedBytes];
            header.Clear();
            long createdNs = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
            SegmentDescriptor.WriteFixed(header, start, capacity, logId, createdNs);
            DurableFiles.Write(handle, temporary, header, 0);
            DurableFiles.Flush(handle, temporary);

            // A file of this name can only be one that failed to be finished earlier: what is in use ends below this position.
            File.Move(temporary, path, overwrite: true);
            DurableFiles.FlushDirectory(directory);
            MappedFile file = MappedFile.Map(path, handle, length, writable: true);
            if (!zeroFill)
            {
                file.PreferLargePages();
            }

            file.Prefault();
            return new Segment(file, start, capacity, logId);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        finally
        {
            handle?.Dispose();
        }
    }

    /// <summary>Opens and checks an existing segment file.</summary>
    /// <exception cref="LogDamagedException">Not a whole segment of a known format.</exception>
    internal static Segment Open(string path, bool writable)
    {
        FileAccess access = writable ? FileAccess.ReadWrite : FileAccess.Read;
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(handle);
        Span<byte> header = stackalloc byte[SegmentDescriptor.FixedBytes];
        if (length < SegmentDescriptor.HeaderBytes || RandomAccess.Read(handle, header, 0) != header.Length)
        {
            throw new LogDamagedException(path, -1, $"the file is truncated to {length} bytes, less than a segment header");
        }

        SegmentDescriptor.ReadFixed(header, path, out long start, out long capacity, out Guid logId);
        if (length != SegmentDescriptor.HeaderBytes + capacity)
        {
            throw new LogDamagedException(path, start, $"the file has {length} bytes instead of {SegmentDescriptor.HeaderBytes + capacity}");
        }

        MappedFile file = MappedFile.Map(path, handle, length, writable);
        if (!writable)
        {
            file.PreferLargePages();
        }

        return new Segment(file, start, capacity, logId);
    }

    /// <summary>Address of a position in this segment.</summary>
    internal byte* Address(long position) => _file.Start + SegmentDescriptor.HeaderBytes + (position - StartPosition);

    /// <summary>Keeps the mapping alive; false when it is already gone.</summary>
    internal bool TryAcquire() => _file.TryAcquire();

    /// <summary>Ends one <see cref="TryAcquire"/>, or the ownership by the log.</summary>
    internal void Release() => _file.Release();

    /// <summary>Lets the system have the memory of a segment that is flushed, once; readers may go on.</summary>
    internal void PageOut()
    {
        if (!_isPagedOut)
        {
            _isPagedOut = true;
            _file.PageOut();
        }
    }

    /// <summary>Notes durably that the log begins at a position within this segment.</summary>
    internal void Skip(long to, uint seed)
    {
        EntryDescriptor.Seal(Address(StartPosition), StartPosition, (int)(to - StartPosition), EntryDescriptor.SkipType, 0, 0, StartPosition, seed);
        FirstEntryPosition = ReadFirstEntryPosition();
        WriteWatermark(to, truncateTo: -1);
        FlushEntries(StartPosition, StartPosition + EntryDescriptor.HeaderBytes);
    }

    /// <summary>Flushes entries; with the first of them also the header page, which is their neighbour and so costs nothing.</summary>
    internal void FlushEntries(long from, long to)
    {
        long start = from == StartPosition ? 0 : SegmentDescriptor.HeaderBytes + (from - StartPosition);
        _file.Flush(start, SegmentDescriptor.HeaderBytes + (to - StartPosition));
    }

    /// <summary>Flushes the header page.</summary>
    internal void FlushHeader() => _file.Flush(0, SegmentDescriptor.HeaderBytes);

    /// <summary>Writes the slot that is not the current one; it counts once the header page is flushed.</summary>
    internal void WriteWatermark(long watermark, long truncateTo)
    {
        long sequenceA = SlotSequence(SlotA);
        long sequenceB = SlotSequence(SlotB);
        byte* slot = sequenceA > sequenceB ? SlotB : SlotA;
        *(long*)(slot + SegmentDescriptor.SlotWatermarkOffset) = watermark;
        *(long*)(slot + SegmentDescriptor.SlotSequenceOffset) = Math.Max(sequenceA, sequenceB) + 1;
        *(long*)(slot + SegmentDescriptor.SlotTruncateOffset) = truncateTo;
        *(uint*)(slot + SegmentDescriptor.SlotCrcOffset) = SlotCrc(slot);
    }

    /// <summary>Reads the watermark of this segment; 0 when none was written yet.</summary>
    /// <exception cref="LogDamagedException">Both slots are unreadable, which no power cut explains.</exception>
    internal long ReadWatermark(out long truncateTo)
    {
        long sequenceA = SlotSequence(SlotA);
        long sequenceB = SlotSequence(SlotB);
        truncateTo = -1;
        if (sequenceA == 0 && sequenceB == 0)
        {
            if (!IsZero(SlotA, SegmentDescriptor.SlotBytes) && !IsZero(SlotB, SegmentDescriptor.SlotBytes))
            {
                throw new LogDamagedException(Path, StartPosition, "both copies of the durable watermark are unreadable");
            }

            return 0;
        }

        byte* slot = sequenceA > sequenceB ? SlotA : SlotB;
        truncateTo = *(long*)(slot + SegmentDescriptor.SlotTruncateOffset);
        return *(long*)(slot + SegmentDescriptor.SlotWatermarkOffset);
    }

    /// <summary>Position just behind the last byte in [from, end) that is not zero; <paramref name="from"/> when there is none.</summary>
    internal long LastNonZero(long from)
    {
        int index = new ReadOnlySpan<long>(Address(from), (int)((EndPosition - from) / sizeof(long))).LastIndexOfAnyExcept(0L);
        return from + ((index + 1L) * sizeof(long));
    }

    /// <summary>Sets [from, to) to zero; not flushed.</summary>
    internal void Zero(long from, long to)
    {
        NativeMemory.Clear(Address(from), (nuint)(to - from));
        FirstEntryPosition = ReadFirstEntryPosition();
    }

    private long ReadFirstEntryPosition()
    {
        byte* first = Address(StartPosition);
        int length = *(int*)(first + EntryDescriptor.LengthOffset);
        bool skips = *(ushort*)(first + EntryDescriptor.TypeOffset) == EntryDescriptor.SkipType && length > 0;
        return skips ? Math.Min(StartPosition + EntryDescriptor.Framed(length), EndPosition) : StartPosition;
    }

    private static bool IsZero(byte* bytes, int length) => new ReadOnlySpan<byte>(bytes, length).IndexOfAnyExcept((byte)0) < 0;

    private long SlotSequence(byte* slot)
    {
        long sequence = *(long*)(slot + SegmentDescriptor.SlotSequenceOffset);
        return sequence > 0 && *(uint*)(slot + SegmentDescriptor.SlotCrcOffset) == SlotCrc(slot) ? sequence : 0;
    }

    // The start position goes in, so that a slot of another segment never checks here.
    private uint SlotCrc(byte* slot) =>
        ~Crc32C.Append(Crc32C.Append(Crc32C.Seed, (ulong)StartPosition), slot, SegmentDescriptor.SlotCrcOffset);
}
