using System.Runtime.InteropServices;

namespace Exchange.Protocol.StateMachine;

/// <summary>The 64-bit hash of snapshots and event streams: multiply and fold per word, the same on every machine.</summary>
public static class SnapshotHash
{
    /// <summary>Start value.</summary>
    public const ulong Seed = 0x2545F4914F6CDD1DUL;

    private const ulong Multiplier = 0x9FB21C651E98DF25UL;

    /// <summary>Adds bytes; a tail shorter than a word is padded with zeros.</summary>
    public static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
            foreach (ulong word in words)
            {
                hash = (hash ^ word) * Multiplier;
                hash ^= hash >> 35;
            }

            ReadOnlySpan<byte> tail = bytes[(words.Length * sizeof(ulong))..];
            if (!tail.IsEmpty)
            {
                ulong last = 0;
                tail.CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref last)));
                hash = (hash ^ last) * Multiplier;
                hash ^= hash >> 35;
            }

            return hash;
        }
    }

    /// <summary>Ends a hash with the number of bytes that went in.</summary>
    public static ulong Finish(ulong hash, long lengthBytes)
    {
        unchecked
        {
            hash = (hash ^ (ulong)lengthBytes) * Multiplier;
            hash ^= hash >> 29;
            hash *= Multiplier;
            return hash ^ (hash >> 32);
        }
    }
}
