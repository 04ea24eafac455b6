using System.Runtime.InteropServices;

namespace Exchange.Cluster.Consensus.Messages;

// An entry within an append message; little-endian, the payload is padded with zeros to a multiple of 8.
//
//   0          8      16             24       28     30         32
//   | position | term | timestamp ns | length | type | reserved | payload ...
//
// The position is where the entry begins, which differs from the end of the one before it where a segment was filled up.
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SizeBytes)]
internal struct EntryHeader
{
    public const int SizeBytes = 32;

    public long Position;
    public long Term;
    public long TimestampNs;
    public int Length;
    public ushort Type;
    public ushort Reserved;

    /// <summary>Bytes in a message of an entry with a payload of this length.</summary>
    public static int Framed(int payloadLength) => SizeBytes + ((payloadLength + 7) & ~7);
}
