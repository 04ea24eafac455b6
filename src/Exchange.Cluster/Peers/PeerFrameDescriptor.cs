// Problem: TCP brings bytes, members exchange messages, and a byte that was damaged on the way must not become a message.
// Idea:    a header of eight bytes before each payload, and padding behind it, so that every payload starts aligned.
//
//          0                   1                   2                   3
//          0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//         +-----------------------------------------------+---------------+
//         | payload length, bytes (24 bits)               | kind          |
//         +-----------------------------------------------+---------------+
//         | CRC-32C of the first word and the payload                     |
//         +---------------------------------------------------------------+
//         | payload ..., then zeros up to a multiple of eight             |
//
// Must hold: little-endian; nothing of a frame is looked at before length, kind, CRC and padding are right.
using System.Buffers.Binary;
using System.Numerics;
using Exchange.Log.Platform;

namespace Exchange.Cluster.Peers;

/// <summary>Layout, writing and reading of frames on a connection between members.</summary>
internal static class PeerFrameDescriptor
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Largest payload that the layout can express.</summary>
    public const int PayloadBytesMax = (1 << 24) - 1;

    private const int Alignment = 8;

    /// <summary>Bytes that a frame with this payload takes.</summary>
    public static int FrameBytes(int payloadBytes) => HeaderBytes + ((payloadBytes + Alignment - 1) & -Alignment);

    /// <summary>Completes a frame whose payload is in place.</summary>
    /// <param name="frame">From the header on, at least <see cref="FrameBytes"/> long.</param>
    /// <param name="kind">What it carries.</param>
    /// <param name="payloadBytes">Length of the payload.</param>
    public static void Seal(Span<byte> frame, PeerFrameKind kind, int payloadBytes)
    {
        uint word = (uint)payloadBytes | ((uint)kind << 24);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, word);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(word, frame.Slice(HeaderBytes, payloadBytes)));
        frame[(HeaderBytes + payloadBytes)..FrameBytes(payloadBytes)].Clear();
    }

    /// <summary>Reads the frame that the bytes start with.</summary>
    /// <param name="bytes">What has arrived.</param>
    /// <param name="payloadBytesMax">Longest payload taken here.</param>
    /// <param name="kind">What it carries.</param>
    /// <param name="payload">Its payload, within <paramref name="bytes"/>.</param>
    /// <param name="consumed">Bytes that the frame takes.</param>
    public static PeerFrameStatus Read(ReadOnlySpan<byte> bytes, int payloadBytesMax, out PeerFrameKind kind, out ReadOnlySpan<byte> payload, out int consumed)
    {
        kind = default;
        payload = default;
        consumed = 0;
        if (bytes.Length < HeaderBytes)
        {
            return PeerFrameStatus.Incomplete;
        }

        uint word = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        int length = (int)(word & PayloadBytesMax);
        kind = (PeerFrameKind)(word >> 24);
        if (length > payloadBytesMax || kind is < PeerFrameKind.Message or > PeerFrameKind.AdminAnswer)
        {
            return PeerFrameStatus.Malformed;
        }

        int frameBytes = FrameBytes(length);
        if (bytes.Length < frameBytes)
        {
            return PeerFrameStatus.Incomplete;
        }

        payload = bytes.Slice(HeaderBytes, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Checksum(word, payload) || bytes[(HeaderBytes + length)..frameBytes].ContainsAnyExcept((byte)0))
        {
            return PeerFrameStatus.Malformed;
        }

        consumed = frameBytes;
        return PeerFrameStatus.Frame;
    }

    private static uint Checksum(uint word, ReadOnlySpan<byte> payload) => ~Crc32C.Append(BitOperations.Crc32C(Crc32C.Seed, word), payload);
}
