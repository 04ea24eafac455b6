using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Log.Platform;

namespace Exchange.Log.History;

// Layout of a history file: a header page, records growing upwards, and an index growing downwards from the end of the file.
//
//   0         8         12        16        24         32           40        56
//   +---------+---------+---------+---------+----------+------------+---------+-------+-----+
//   | magic   | version | session | epoch   | ordinal  | first seq  | log id  | zero  | CRC |
//   +---------+---------+---------+---------+----------+------------+---------+-------+-----+ 64
//   | zeros                                                                                 |
//   +--------------------+--------------------+------+-----+--------------------------------+ 512
//   | flushed next seq   | sequence           | zero | CRC | slot A; slot B at 1024         |
//   +--------------------+--------------------+------+-----+--------------------------------+ 4096
//   | record | record | ...  ▶                                                              |
//   |                                                              ◀ ... | offset | offset  |
//   +---------------------------------------------------------------------------------------+
//
// A record, at a multiple of 8 bytes:
//
//   0                4                8                                16
//   +----------------+----------------+--------------------------------+---------------------+-------+
//   | length         | CRC-32C        | sequence number                | content ...         | to 8  |
//   | header+content |                |                                |                     |       |
//   +----------------+----------------+--------------------------------+---------------------+-------+
//
// The index entry of record i is a 32-bit offset in units of 8 bytes, 4 (i + 1) bytes before the end of the file. The file is full
// when the two meet. A file whose header page is zero was prepared but not used.
internal static unsafe class HistoryDescriptor
{
    internal const ulong Magic = 0x00545349_48484358; // "XCHHIST\0"
    internal const int Version = 1;
    internal const int HeaderBytes = 4096;
    internal const string Suffix = ".hist";

    internal const int MagicOffset = 0;
    internal const int VersionOffset = 8;
    internal const int SessionOffset = 12;
    internal const int EpochOffset = 16;
    internal const int OrdinalOffset = 24;
    internal const int FirstSeqOffset = 32;
    internal const int LogIdOffset = 40;
    internal const int CrcOffset = 60;
    internal const int FixedBytes = 64;

    internal const int SlotAOffset = 512;
    internal const int SlotBOffset = 1024;
    internal const int SlotNextSeqOffset = 0;
    internal const int SlotSequenceOffset = 8;
    internal const int SlotCrcOffset = 20;

    internal const int RecordHeaderBytes = 16;
    internal const int RecordAlignmentBytes = 8;
    internal const int RecordLengthOffset = 0;
    internal const int RecordCrcOffset = 4;
    internal const int RecordSeqOffset = 8;
    internal const int IndexEntryBytes = 4;

    /// <summary>Bytes a record takes in the file, index entry not counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Framed(int length) => (length + RecordAlignmentBytes - 1) & ~(RecordAlignmentBytes - 1);

    /// <summary>File name; the names of one session sort as its ordinals do.</summary>
    internal static string FileName(int sessionId, long ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"session-{sessionId:D8}-{ordinal:D10}{Suffix}");

    /// <summary>State of the CRC before each record of a session's epoch, so that no record checks in another.</summary>
    internal static uint CrcSeed(Guid logId, int sessionId, long epoch)
    {
        uint state = Crc32C.Append(Crc32C.Seed, MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in logId)));
        return Crc32C.Append(Crc32C.Append(state, (ulong)sessionId), (ulong)epoch);
    }

    /// <summary>The CRC of a record whose length, number and content are in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint RecordCrc(byte* record, int length, uint seed) =>
        ~Crc32C.Append(Crc32C.Append(seed, (ulong)length), record + RecordSeqOffset, length - RecordSeqOffset);

    /// <summary>Writes the header of a file that is put to use.</summary>
    internal static void WriteFixed(byte* header, Guid logId, int sessionId, long epoch, long ordinal, long firstSeq)
    {
        Span<byte> bytes = new(header, FixedBytes);
        BitConverter.TryWriteBytes(bytes[VersionOffset..], Version);
        BitConverter.TryWriteBytes(bytes[SessionOffset..], sessionId);
        BitConverter.TryWriteBytes(bytes[EpochOffset..], epoch);
        BitConverter.TryWriteBytes(bytes[OrdinalOffset..], ordinal);
        BitConverter.TryWriteBytes(bytes[FirstSeqOffset..], firstSeq);
        logId.TryWriteBytes(bytes[LogIdOffset..]);
        BitConverter.TryWriteBytes(bytes[MagicOffset..], Magic);
        BitConverter.TryWriteBytes(bytes[CrcOffset..], Crc32C.Of(bytes[..CrcOffset]));
    }

    /// <summary>The CRC of a flush slot; the first number goes in, so that it checks in no other file of the session.</summary>
    internal static uint SlotCrc(byte* slot, uint seed, long firstSeq) =>
        ~Crc32C.Append(Crc32C.Append(seed, (ulong)firstSeq), slot, SlotCrcOffset);
}
