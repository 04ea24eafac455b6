using System.Runtime.InteropServices;

namespace Exchange.Cluster.Consensus.Messages;

// Answer to a vote request; little-endian.
//
//   0      2       4          8        16
//   | type | flags | reserved | term   |
//
// The term is the voter's; of a granted pre-vote it is the one that was asked for.
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SizeBytes)]
internal struct VoteReply
{
    public const int SizeBytes = 16;
    public const ushort PreVoteFlag = 1;
    public const ushort GrantedFlag = 2;

    public ushort Type;
    public ushort Flags;
    public uint Reserved;
    public long Term;
}
