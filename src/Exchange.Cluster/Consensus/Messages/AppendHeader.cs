using System.Runtime.InteropServices;

namespace Exchange.Cluster.Consensus.Messages;

// A leader sends entries, or none: then it is a heartbeat or carries a new commit position. Little-endian; entries follow.
//
//   0      2       4       8      16              24          32                40         48        56           64
//   | type | flags | count | term | prev position | prev term | commit position | sequence | sent ns | wall clock | entries ...
//
// Previous term 0: the leader does not know it any more; the position then lies where the follower has already committed.
// Sequence counts the messages to this follower; sent ns is the leader's clock. Both come back in the reply.
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SizeBytes)]
internal struct AppendHeader
{
    public const int SizeBytes = 64;

    public ushort Type;
    public ushort Flags;
    public int Count;
    public long Term;
    public long PrevPosition;
    public long PrevTerm;
    public long CommitPosition;
    public long Sequence;
    public long SentNs;
    public long WallClockNs;
}
