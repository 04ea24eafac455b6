// Problem: several processes append to and read one stream without a lock, and any of them may die at any instruction.
// Idea: three terms used in turn behind each other, and one page of metadata. The tail of a term is one 64-bit cell (term id, offset)
// that a publisher moves; a reader of term n never meets a writer of term n+3, because the writer stays within a window.
// What must hold: these offsets are those of Aeron 1.53 (CnC version 0.2.0), byte for byte.
using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.LogBuffers;

/// <summary>
/// Layout of a log buffer file.
/// <code>
/// |  term 0  |  term 1  |  term 2  | metadata, 4096 bytes |
///
/// metadata: 0 tail counters (3 × 8)    24 active term count
///           128 end of stream position 136 is connected    140 active transports
///           256 correlation id ... 320 default header (128) ... 496 revoked, 497 type
/// tail counter: term id in the upper 32 bits, offset in the lower
/// </code>
/// </summary>
public static unsafe class LogBufferDescriptor
{
    /// <summary>Terms of a log.</summary>
    public const int PartitionCount = 3;

    /// <summary>Shortest term, 64 KiB.</summary>
    public const int TermLengthMin = 64 * 1024;

    /// <summary>Longest term, 1 GiB.</summary>
    public const int TermLengthMax = 1024 * 1024 * 1024;

    /// <summary>Bytes of the metadata behind the terms.</summary>
    public const int MetadataLength = 4096;

    /// <summary>Three raw tails.</summary>
    public const int TailCountersOffset = 0;

    /// <summary>Number of the active term since the initial one; modulo 3 it is the active partition.</summary>
    public const int ActiveTermCountOffset = 24;

    /// <summary>Final position, or <see cref="long.MaxValue"/> while open.</summary>
    public const int EndOfStreamPositionOffset = 128;

    /// <summary>1 while a subscriber is attached.</summary>
    public const int IsConnectedOffset = 136;

    /// <summary>Network transports; 0 for IPC.</summary>
    public const int ActiveTransportCountOffset = 140;

    /// <summary>Registration id of the publication.</summary>
    public const int CorrelationIdOffset = 256;

    /// <summary>Id of the first term.</summary>
    public const int InitialTermIdOffset = 264;

    /// <summary>32.</summary>
    public const int DefaultFrameHeaderLengthOffset = 268;

    /// <summary>Longest frame.</summary>
    public const int MtuLengthOffset = 272;

    /// <summary>Bytes of a term.</summary>
    public const int TermLengthOffset = 276;

    /// <summary>Page size of the file.</summary>
    public const int PageSizeOffset = 280;

    /// <summary>How far a publisher may be ahead of the slowest subscriber.</summary>
    public const int PublicationWindowLengthOffset = 284;

    /// <summary>Retransmits kept; network only.</summary>
    public const int MaxResendOffset = 316;

    /// <summary>Header that an unblocker starts from.</summary>
    public const int DefaultHeaderOffset = 320;

    /// <summary>Application's tag.</summary>
    public const int EntityTagOffset = 448;

    /// <summary>Response channels only.</summary>
    public const int ResponseCorrelationIdOffset = 456;

    /// <summary>How long a closed publication stays.</summary>
    public const int LingerTimeoutNsOffset = 464;

    /// <summary>Untethered subscribers only.</summary>
    public const int UntetheredWindowLimitTimeoutNsOffset = 472;

    /// <summary>Untethered subscribers only.</summary>
    public const int UntetheredRestingTimeoutNsOffset = 480;

    /// <summary>Byte: the file was left sparse.</summary>
    public const int SparseOffset = 492;

    /// <summary>Byte: the end of stream is signalled.</summary>
    public const int SignalEosOffset = 493;

    /// <summary>Byte: the publisher took its stream back.</summary>
    public const int IsPublicationRevokedOffset = 496;

    /// <summary>Byte: 0 concurrent publication, 1 exclusive.</summary>
    public const int TypeOffset = 497;

    /// <summary>Untethered subscribers only; not aligned, as in Aeron.</summary>
    public const int UntetheredLingerTimeoutNsOffset = 500;

    /// <summary>Value at <see cref="TypeOffset"/>.</summary>
    public const byte TypeConcurrent = 0;

    /// <summary>Value at <see cref="TypeOffset"/>.</summary>
    public const byte TypeExclusive = 1;

    /// <summary>Bytes of the file.</summary>
    public static long LogLength(int termLength, int pageSize) => Alignment.Align(((long)termLength * PartitionCount) + MetadataLength, pageSize);

    /// <summary>Longest message that may be offered, in fragments: an eighth of a term, at most 16 MiB.</summary>
    public static int MaxMessageLength(int termLength) => Math.Min(termLength / 8, 16 * 1024 * 1024);

    /// <summary>log2 of the term length.</summary>
    public static int PositionBitsToShift(int termLength) => BitOperations.TrailingZeroCount(termLength);

    /// <summary>Term id of a raw tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TermId(long rawTail) => (int)(rawTail >> 32);

    /// <summary>Offset of a raw tail, which may have run over the end of the term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TermOffset(long rawTail, int termLength) => (int)Math.Min(rawTail & 0xFFFF_FFFFL, termLength);

    /// <summary>Raw tail from its parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long PackTail(int termId, int termOffset) => ((long)termId << 32) | (uint)termOffset;

    /// <summary>Terms since the initial one; both ids may wrap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TermCount(int termId, int initialTermId) => unchecked(termId - initialTermId);

    /// <summary>Partition of a term count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexByTermCount(int termCount) => (int)((uint)termCount % PartitionCount);

    /// <summary>Stream position of an offset in a term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Position(int termId, int termOffset, int positionBitsToShift, int initialTermId) =>
        ((long)TermCount(termId, initialTermId) << positionBitsToShift) + termOffset;

    /// <summary>Frames of a fragmented message in bytes, aligned.</summary>
    public static int FramedLength(int length, int maxPayloadLength)
    {
        int whole = length / maxPayloadLength;
        int rest = length % maxPayloadLength;
        int last = rest > 0 ? Alignment.Align(rest + DataHeaderDescriptor.Length, DataHeaderDescriptor.FrameAlignment) : 0;
        return (whole * Alignment.Align(maxPayloadLength + DataHeaderDescriptor.Length, DataHeaderDescriptor.FrameAlignment)) + last;
    }

    /// <summary>
    /// Makes the next term active. Both cells are moved by compare-and-swap, because a publisher, another publisher and the unblocker may
    /// do it at once.
    /// </summary>
    /// <returns>True when this caller moved the active term count.</returns>
    public static bool RotateLog(byte* metadata, int termCount, int termId)
    {
        int nextTermId = unchecked(termId + 1);
        int nextTermCount = termCount + 1;
        int nextIndex = IndexByTermCount(nextTermCount);
        int expectedTermId = unchecked(nextTermId - PartitionCount);
        ref long tail = ref *(long*)(metadata + TailCountersOffset + (nextIndex * sizeof(long)));
        long rawTail;
        do
        {
            rawTail = Volatile.Read(ref tail); // partner: the exchange below, in another publisher
            if (TermId(rawTail) != expectedTermId)
            {
                break;
            }
        }
        while (Interlocked.CompareExchange(ref tail, PackTail(nextTermId, 0), rawTail) != rawTail); // partner: itself

        // partner: the acquire of the active term count in publishers and the driver
        return Interlocked.CompareExchange(ref *(int*)(metadata + ActiveTermCountOffset), nextTermCount, termCount) == termCount;
    }
}
