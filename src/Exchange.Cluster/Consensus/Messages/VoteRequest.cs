using System.Runtime.InteropServices;

namespace Exchange.Cluster.Consensus.Messages;

// A candidate asks for a vote; little-endian.
//
//   0      2       4          8        16          24              32
//   | type | flags | reserved | term   | last term | last position |
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SizeBytes)]
internal struct VoteRequest
{
    public const int SizeBytes = 32;

    /// <summary>Only asks whether the vote would be granted; the term is the one that would be.</summary>
    public const ushort PreVoteFlag = 1;

    /// <summary>The leader itself wants it, so a live leader is no reason to refuse.</summary>
    public const ushort TransferFlag = 2;

    public ushort Type;
    public ushort Flags;
    public uint Reserved;
    public long Term;
    public long LastTerm;
    public long LastPosition;
}
