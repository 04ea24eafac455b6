using System.Globalization;

namespace Exchange.Log.Snapshots;

// Layout of a snapshot file.
//
//   0         8         12        16               24               32
//   +---------+---------+---------+----------------+----------------+
//   | magic   | version | zero    | log position   | term           |
//   +---------+---------+---------+----------------+----------------+
//   | timestamp ns      | log id (16)                      | zeros  |
//   +-------------------+----------------------------------+--------+ 64
//   | content ...                                                   |
//   +-------------------+-------------------+-----------+-----------+ 64 + content
//   | content bytes     | state hash        | zeros     | CRC-32C   |
//   +-------------------+-------------------+-----------+-----------+ 96 + content
//
// The CRC covers the whole file before it. Length and hash are known only at the end, so they are in the trailer, and a file is
// written in one pass. It gets its name when it is complete and flushed; so a file with that name that does not check was damaged.
internal static class SnapshotDescriptor
{
    internal const ulong Magic = 0x0050414E_53484358; // "XCHSNAP\0"
    internal const int Version = 1;
    internal const int HeaderBytes = 64;
    internal const int TrailerBytes = 32;
    internal const string Prefix = "snapshot-";
    internal const string Suffix = ".snap";

    internal const int MagicOffset = 0;
    internal const int VersionOffset = 8;
    internal const int PositionOffset = 16;
    internal const int TermOffset = 24;
    internal const int TimestampOffset = 32;
    internal const int LogIdOffset = 40;

    internal const int ContentBytesOffset = 0;
    internal const int StateHashOffset = 8;
    internal const int CrcOffset = 28;

    /// <summary>File name of the snapshot at a position; names sort as positions do.</summary>
    internal static string FileName(long position) => Prefix + position.ToString("D20", CultureInfo.InvariantCulture) + Suffix;

    internal static void WriteHeader(Span<byte> header, Guid logId, long position, long term, long timestampNs)
    {
        header.Clear();
        BitConverter.TryWriteBytes(header[MagicOffset..], Magic);
        BitConverter.TryWriteBytes(header[VersionOffset..], Version);
        BitConverter.TryWriteBytes(header[PositionOffset..], position);
        BitConverter.TryWriteBytes(header[TermOffset..], term);
        BitConverter.TryWriteBytes(header[TimestampOffset..], timestampNs);
        logId.TryWriteBytes(header[LogIdOffset..]);
    }
}
