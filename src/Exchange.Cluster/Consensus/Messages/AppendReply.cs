using System.Runtime.InteropServices;

namespace Exchange.Cluster.Consensus.Messages;

// A follower answers an append message, or tells that more of its log is durable; little-endian.
//
//   0      2       4          8      16         24        32      40           48      56        64       72           80      88
//   | type | flags | reserved | term | sequence | sent ns | match | match term | acked | applied | commit | wall clock | nonce |
//
// Accepted: the logs are equal up to match. Rejected: they may be, with match term as the follower's term there.
// Sent ns is the leader's, or 0 when no message caused this. The nonce tells the lives of a member apart.
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SizeBytes)]
internal struct AppendReply
{
    public const int SizeBytes = 88;
    public const ushort AcceptedFlag = 1;
    public const ushort RecoveringFlag = 2;

    public ushort Type;
    public ushort Flags;
    public uint Reserved;
    public long Term;
    public long Sequence;
    public long SentNs;
    public long Match;
    public long MatchTerm;
    public long Acked;
    public long Applied;
    public long Commit;
    public long WallClockNs;
    public long Nonce;
}
