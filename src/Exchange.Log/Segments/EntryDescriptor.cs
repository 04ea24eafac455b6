using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Log.Platform;

namespace Exchange.Log.Segments;

// Layout of an entry. Entries begin at multiples of 32 bytes, are little-endian, and are padded with zeros to the next multiple.
//
//   0                4                8        10       12               16
//   +----------------+----------------+--------+--------+----------------+
//   | length         | CRC-32C        | type   | flags  | durable        |
//   | header+payload |                |        | (zero) | distance / 32  |
//   +----------------+----------------+--------+--------+----------------+
//   | term                            | timestamp, ns since 1970         |
//   +---------------------------------+----------------------------------+ 32
//   | payload ...                                       | zeros to 32    |
//   +---------------------------------+----------------------------------+
//
// The CRC starts from the log's id and covers the position, the length, all header fields behind the CRC, and the payload. So bytes
// of another log, or of this one at another place, never check, whatever way they got there.
//
// Durable distance: the writer notes how far behind this entry everything was already known to be on the device. Recovery that finds
// an invalid entry looks whether anything behind it proves, by this field, that the place had been durable: then it is damage and not
// a torn tail. It costs nothing, where a watermark of its own would cost a second flush per batch.
//
// A padding entry fills the rest of a segment when the next entry does not fit. A skip entry stands at the start of the first segment
// of a log that begins within it. The CRC of either covers the header only.
internal static unsafe class EntryDescriptor
{
    internal const int HeaderBytes = 32;
    internal const int AlignmentBytes = 32;
    internal const ushort PaddingType = 0xFFFF;
    internal const ushort SkipType = 0xFFFE;

    internal const int LengthOffset = 0;
    internal const int CrcOffset = 4;
    internal const int TypeOffset = 8;
    internal const int FlagsOffset = 10;
    internal const int DurableDistanceOffset = 12;
    internal const int TermOffset = 16;
    internal const int TimestampOffset = 24;

    /// <summary>Bytes an entry takes in the segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Framed(int length) => (length + AlignmentBytes - 1) & ~(AlignmentBytes - 1);

    /// <summary>State of the CRC before an entry: a function of the log's id.</summary>
    internal static uint CrcSeed(Guid logId) => Crc32C.Append(Crc32C.Seed, MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in logId)));

    /// <summary>Writes the header of an entry whose payload is in place, the length last, so that it appears whole or not at all.</summary>
    internal static void Seal(byte* entry, long position, int length, ushort type, long term, long timestampNs, long durable, uint seed)
    {
        long distance = Math.Min((position - durable) / AlignmentBytes, uint.MaxValue);
        *(ulong*)(entry + TypeOffset) = type | ((ulong)distance << 32);
        *(long*)(entry + TermOffset) = term;
        *(long*)(entry + TimestampOffset) = timestampNs;
        int covered = type >= SkipType ? HeaderBytes : length;
        *(uint*)(entry + CrcOffset) = Crc(entry, position, length, covered, seed);
        byte* end = entry + covered;
        byte* framedEnd = entry + Framed(covered);
        while (end < framedEnd)
        {
            *end++ = 0;
        }

        // Pairs with the length that Check reads, in this process or in a tool that maps the same file.
        Volatile.Write(ref *(int*)(entry + LengthOffset), length);
    }

    /// <summary>Judges what is at <paramref name="entry"/>.</summary>
    /// <param name="entry">Address of the entry; at least one header must be mapped there.</param>
    /// <param name="position">Its position in the log.</param>
    /// <param name="available">Bytes from there to the end of the segment.</param>
    /// <param name="seed">See <see cref="CrcSeed"/>.</param>
    internal static EntryState Check(byte* entry, long position, long available, uint seed)
    {
        int length = Volatile.Read(ref *(int*)(entry + LengthOffset));
        if (length == 0)
        {
            return EntryState.Blank;
        }

        if (length < HeaderBytes || length > available || *(ushort*)(entry + FlagsOffset) != 0)
        {
            return EntryState.Invalid;
        }

        ushort type = *(ushort*)(entry + TypeOffset);
        if (type == PaddingType && length != available)
        {
            return EntryState.Invalid;
        }

        uint crc = Crc(entry, position, length, type >= SkipType ? HeaderBytes : length, seed);
        return crc == *(uint*)(entry + CrcOffset) ? EntryState.Valid : EntryState.Invalid;
    }

    /// <summary>Everything below this position was durable when the entry was written.</summary>
    internal static long DurableBefore(byte* entry, long position)
    {
        uint distance = *(uint*)(entry + DurableDistanceOffset);
        return distance == uint.MaxValue ? 0 : Math.Max(0, position - ((long)distance * AlignmentBytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Crc(byte* entry, long position, int length, int covered, uint seed)
    {
        uint state = Crc32C.Append(seed, (ulong)position);
        state = Crc32C.Append(state, (ulong)length);
        return ~Crc32C.Append(state, entry + TypeOffset, covered - TypeOffset);
    }
}
