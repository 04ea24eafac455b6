using System.Globalization;
using Exchange.Log.Platform;

namespace Exchange.Log.Segments;

// Layout of a segment file: a header page, then the entries.
//
//   0         8         12        16               24               32
//   +---------+---------+---------+----------------+----------------+
//   | magic   | version | header  | start position | capacity bytes |
//   +---------+---------+---------+----------------+----------------+
//   | log id (16)                 | created ns     | 0     | CRC-32C|
//   +-----------------------------+----------------+-------+--------+ 64
//   | zeros                                                         |
//   +----------------+----------------+----------------+------------+ 512
//   | watermark      | sequence       | truncate to    | 0 | CRC    |  slot A
//   +----------------+----------------+----------------+------------+ 1024
//   | the same                                                      |  slot B
//   +---------------------------------------------------------------+ 4096
//   | entries ...                                                   |
//   +---------------------------------------------------------------+ 4096 + capacity
//
// The watermark says: everything below it is on the device. It is written only after that became true, so it can be trusted
// whenever it checks. Two slots in sectors of their own alternate, because a power cut may tear the sector being written; the slot
// with the higher sequence counts. "Truncate to" is -1, or the position of a truncation that was begun and must be finished.
internal static class SegmentDescriptor
{
    internal const ulong Magic = 0x00474F4C_48435845; // "EXCHLOG\0"
    internal const int Version = 1;
    internal const int HeaderBytes = 4096;
    internal const string Suffix = ".seg";

    internal const int MagicOffset = 0;
    internal const int VersionOffset = 8;
    internal const int HeaderBytesOffset = 12;
    internal const int StartOffset = 16;
    internal const int CapacityOffset = 24;
    internal const int LogIdOffset = 32;
    internal const int CreatedOffset = 48;
    internal const int CrcOffset = 60;
    internal const int FixedBytes = 64;

    internal const int SlotAOffset = 512;
    internal const int SlotBOffset = 1024;
    internal const int SlotWatermarkOffset = 0;
    internal const int SlotSequenceOffset = 8;
    internal const int SlotTruncateOffset = 16;
    internal const int SlotCrcOffset = 28;
    internal const int SlotBytes = 32;

    /// <summary>File name of the segment that starts at a position; names sort as positions do.</summary>
    internal static string FileName(long startPosition) => startPosition.ToString("D20", CultureInfo.InvariantCulture) + Suffix;

    /// <summary>Fills the fixed part of a header.</summary>
    internal static void WriteFixed(Span<byte> header, long start, long capacity, Guid logId, long createdNs)
    {
        BitConverter.TryWriteBytes(header[MagicOffset..], Magic);
        BitConverter.TryWriteBytes(header[VersionOffset..], Version);
        BitConverter.TryWriteBytes(header[HeaderBytesOffset..], HeaderBytes);
        BitConverter.TryWriteBytes(header[StartOffset..], start);
        BitConverter.TryWriteBytes(header[CapacityOffset..], capacity);
        logId.TryWriteBytes(header[LogIdOffset..]);
        BitConverter.TryWriteBytes(header[CreatedOffset..], createdNs);
        BitConverter.TryWriteBytes(header[CrcOffset..], Crc32C.Of(header[..CrcOffset]));
    }

    /// <summary>Reads and checks the fixed part of a header.</summary>
    /// <param name="header">At least <see cref="FixedBytes"/> bytes.</param>
    /// <param name="path">For messages.</param>
    /// <param name="start">Position of the first entry.</param>
    /// <param name="capacity">Bytes of entries.</param>
    /// <param name="logId">The log's identity.</param>
    /// <exception cref="LogDamagedException">It is no header of a format that this release reads.</exception>
    internal static void ReadFixed(ReadOnlySpan<byte> header, string path, out long start, out long capacity, out Guid logId)
    {
        if (BitConverter.ToUInt64(header[MagicOffset..]) != Magic)
        {
            throw new LogDamagedException(path, -1, "not a log segment (its first eight bytes are wrong)");
        }

        int version = BitConverter.ToInt32(header[VersionOffset..]);
        bool checks = BitConverter.ToUInt32(header[CrcOffset..]) == Crc32C.Of(header[..CrcOffset]);
        if (version != Version)
        {
            throw new LogDamagedException(path, -1, $"format version {version}, but this release reads only version {Version}; use the release that wrote it");
        }

        if (!checks || BitConverter.ToInt32(header[HeaderBytesOffset..]) != HeaderBytes)
        {
            throw new LogDamagedException(path, -1, "the segment header does not match its checksum");
        }

        start = BitConverter.ToInt64(header[StartOffset..]);
        capacity = BitConverter.ToInt64(header[CapacityOffset..]);
        logId = new Guid(header.Slice(LogIdOffset, 16));
    }
}
