using System.Runtime.InteropServices;

namespace Exchange.Cluster.Consensus.Messages;

// The leader asks a member to stand for election at once, because it shall take over (TimeoutNow of the thesis, 3.10); little-endian.
//
//   0      2       4          8      16
//   | type | flags | reserved | term |
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SizeBytes)]
internal struct StandNow
{
    public const int SizeBytes = 16;

    public ushort Type;
    public ushort Flags;
    public uint Reserved;
    public long Term;
}
