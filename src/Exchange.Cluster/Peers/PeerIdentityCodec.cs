// Bytes of an identity within the handshake, little-endian:
//
//    0 member id (4)   4 kind (1), zeros (3)   8 protocol version (4), zeros (4)   16 segment bytes (8)
//   24 cluster id (16)   40 history id (16)   56 life (16)   72 length of release (2)   74 release, UTF-8
//
// An operator sends zeros and its name as the release.
using System.Buffers.Binary;
using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <summary>Writes and reads what a member says of itself.</summary>
internal static class PeerIdentityCodec
{
    /// <summary>Longest release text, bytes.</summary>
    public const int ReleaseBytesMax = 64;

    /// <summary>Most bytes of an identity.</summary>
    public const int BytesMax = FixedBytes + ReleaseBytesMax;

    private const int FixedBytes = 74;

    /// <summary>Writes; returns the bytes used.</summary>
    public static int Write(Span<byte> target, in PeerIdentity identity, Guid life)
    {
        target[..FixedBytes].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(target, identity.MemberId);
        target[4] = (byte)identity.Kind;
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], identity.ProtocolVersion);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], identity.SegmentBytes);
        _ = identity.ClusterId.TryWriteBytes(target[24..]);
        _ = identity.HistoryId.TryWriteBytes(target[40..]);
        _ = life.TryWriteBytes(target[56..]);
        int length = PeerText.Write(target.Slice(FixedBytes, ReleaseBytesMax), identity.Release);
        BinaryPrimitives.WriteUInt16LittleEndian(target[72..], (ushort)length);
        return FixedBytes + length;
    }

    /// <summary>Reads; false when the bytes are not an identity.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PeerIdentity identity, out Guid life, out int consumed)
    {
        identity = default;
        life = default;
        consumed = 0;
        if (bytes.Length < FixedBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[72..]);
        if (length > ReleaseBytesMax || bytes.Length < FixedBytes + length)
        {
            return false;
        }

        consumed = FixedBytes + length;
        life = new Guid(bytes.Slice(56, 16));
        identity = new PeerIdentity(
            BinaryPrimitives.ReadInt32LittleEndian(bytes),
            (MemberKind)bytes[4],
            new Guid(bytes.Slice(24, 16)),
            new Guid(bytes.Slice(40, 16)),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            PeerText.Read(bytes.Slice(FixedBytes, length)));
        return true;
    }
}
