// What each of the last outbound numbers was used for, so that a ResendRequest can be answered without keeping any bytes: an order
// is a function of its number (LoadMix.Shape), so it can be written again as it was, with its original SendingTime.
//
// A ring indexed by sequence number. What the ring no longer holds is gap-filled. What must hold: nothing that old is unanswered; the
// session sends no new order while half of the ring is.
using System.Runtime.CompilerServices;

namespace Exchange.Host.Load;

/// <summary>What one session sent under its last numbers; used by the sending thread only.</summary>
internal sealed class SentRing
{
    /// <summary>Numbers remembered.</summary>
    public const int Capacity = 1 << 17;

    private const int Mask = Capacity - 1;
    private readonly Entry[] _entries = new Entry[Capacity];

    /// <summary>What a number was used for.</summary>
    internal enum Kind : byte
    {
        /// <summary>An admin message, or unknown: to be gap-filled.</summary>
        Admin = 0,

        /// <summary>A new order.</summary>
        New,

        /// <summary>The cancel of an order.</summary>
        Cancel,
    }

    /// <summary>Notes an order or a cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note(long seqNum, Kind kind, long number, long sentNs) =>
        _entries[seqNum & Mask] = new Entry { SeqNum = seqNum, Kind = kind, Number = number, SentNs = sentNs };

    /// <summary>What was sent under a number; an admin message when it is not known.</summary>
    public Entry Find(long seqNum)
    {
        Entry entry = _entries[seqNum & Mask];
        return entry.SeqNum == seqNum ? entry : default;
    }

    /// <summary>Forgets everything, because numbers begin anew.</summary>
    public void Clear() => Array.Clear(_entries);

    /// <summary>One message.</summary>
    internal struct Entry
    {
        /// <summary>MsgSeqNum (34).</summary>
        public long SeqNum;

        /// <summary>Number of the order within its session.</summary>
        public long Number;

        /// <summary>SendingTime (52), nanoseconds since 1970.</summary>
        public long SentNs;

        /// <summary>What it was.</summary>
        public Kind Kind;
    }
}
