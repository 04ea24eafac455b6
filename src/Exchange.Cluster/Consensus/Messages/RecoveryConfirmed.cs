using System.Runtime.InteropServices;

namespace Exchange.Cluster.Consensus.Messages;

// The leader confirms that a recovering member has everything it may have forgotten; little-endian.
//
//   0      2       4          8      16      24
//   | type | flags | reserved | term | nonce |
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SizeBytes)]
internal struct RecoveryConfirmed
{
    public const int SizeBytes = 24;

    public ushort Type;
    public ushort Flags;
    public uint Reserved;
    public long Term;
    public long Nonce;
}
