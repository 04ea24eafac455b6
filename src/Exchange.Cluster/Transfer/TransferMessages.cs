using System.Runtime.InteropServices;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Transfer;

// The messages that move a snapshot from one member to another, little-endian. Never renumber or move a field, only append.
//
//   sender                                receiver
//     │ ── Offer ────────────────────────▶ │  may the snapshot at this position come?
//     │ ◀──────────────── Acknowledgement ─ │  yes, from this byte on            (or Refusal; or Completed: it is here already)
//     │ ── Chunk, Chunk, ... ─────────────▶ │  the file, then the outbound history, as one sequence of bytes
//     │ ◀──────────────── Acknowledgement ─ │  all below is here
//     │ ── End ───────────────────────────▶ │  that was all, and this is its hash
//     │ ◀────────────────────── Completed ─ │  checked and durable
//
// A connection may break at any point and a message be lost with it. The sender then offers again with the next attempt's number; what
// carries another number is of the past. Snapshot bytes go on where they stopped, the history begins anew.

/// <summary>What a message of a transfer is; see <see cref="PeerMessageType"/>.</summary>
internal enum TransferMessageType : ushort
{
    /// <summary>From the sender: <see cref="TransferOffer"/>.</summary>
    Offer = PeerMessageType.TransferFirst,

    /// <summary>From the sender: <see cref="TransferChunk"/> and bytes behind it.</summary>
    Chunk = PeerMessageType.TransferFirst + 1,

    /// <summary>From the sender: <see cref="TransferEnd"/>.</summary>
    End = PeerMessageType.TransferFirst + 2,

    /// <summary>From the receiver: <see cref="TransferAnswer"/>, whose value is how many bytes are here.</summary>
    Acknowledgement = PeerMessageType.TransferFirst + 3,

    /// <summary>From the receiver: <see cref="TransferAnswer"/>, whose value is the position of a snapshot that is durable here.</summary>
    Completed = PeerMessageType.TransferFirst + 4,

    /// <summary>From the receiver: <see cref="TransferAnswer"/>, whose value is a <see cref="TransferRefusal"/>, and a text behind it.</summary>
    Refusal = PeerMessageType.TransferFirst + 5,
}

/// <summary>What every message of a transfer begins with; 16 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct TransferHeader
{
    public const int SizeBytes = 16;

    [FieldOffset(0)]
    public TransferMessageType Type;

    [FieldOffset(2)]
    public ushort Reserved;

    /// <summary>Which offer of the transfer this belongs to, from 1.</summary>
    [FieldOffset(4)]
    public uint Attempt;

    /// <summary>Which transfer of the sender.</summary>
    [FieldOffset(8)]
    public ulong TransferId;
}

/// <summary>A snapshot on offer; 88 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct TransferOffer
{
    public const int SizeBytes = 88;

    [FieldOffset(0)]
    public TransferHeader Header;

    [FieldOffset(16)]
    public Guid LogId;

    [FieldOffset(32)]
    public long Position;

    [FieldOffset(40)]
    public long Term;

    [FieldOffset(48)]
    public long TimestampNs;

    [FieldOffset(56)]
    public long FileBytes;

    [FieldOffset(64)]
    public ulong StateHash;

    [FieldOffset(72)]
    public TransferPurpose Purpose;

    /// <summary>1 when the outbound history comes behind the file.</summary>
    [FieldOffset(73)]
    public byte HasHistory;

    [FieldOffset(80)]
    public long Reserved;
}

/// <summary>Bytes follow, up to the end of the message; 24 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct TransferChunk
{
    public const int SizeBytes = 24;

    [FieldOffset(0)]
    public TransferHeader Header;

    /// <summary>Of the first byte, in file and history together.</summary>
    [FieldOffset(16)]
    public long Offset;
}

/// <summary>All bytes were sent; 32 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct TransferEnd
{
    public const int SizeBytes = 32;

    [FieldOffset(0)]
    public TransferHeader Header;

    /// <summary>Bytes of file and history together.</summary>
    [FieldOffset(16)]
    public long TotalBytes;

    /// <summary>Hash over the bytes of the history.</summary>
    [FieldOffset(24)]
    public ulong HistoryHash;
}

/// <summary>What the receiver says; 24 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct TransferAnswer
{
    public const int SizeBytes = 24;

    [FieldOffset(0)]
    public TransferHeader Header;

    [FieldOffset(16)]
    public long Value;
}
