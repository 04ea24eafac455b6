using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Transfer;

/// <summary>The hash of <see cref="SnapshotHash"/> over bytes that arrive in pieces of any length.</summary>
internal struct ContentHash
{
    private ulong _hash = SnapshotHash.Seed;
    private ulong _word;
    private long _length;

    /// <summary>Starts over nothing.</summary>
    public ContentHash()
    {
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        int filled = (int)(_length % sizeof(ulong));
        _length += bytes.Length;
        if (filled > 0)
        {
            int take = Math.Min(sizeof(ulong) - filled, bytes.Length);
            bytes[..take].CopyTo(WordBytes(ref _word)[filled..]);
            bytes = bytes[take..];
            if (filled + take < sizeof(ulong))
            {
                return;
            }

            _hash = SnapshotHash.Add(_hash, WordBytes(ref _word));
        }

        // SnapshotHash pads what is not a whole word, so that only the end may be.
        int whole = bytes.Length & ~(sizeof(ulong) - 1);
        _hash = SnapshotHash.Add(_hash, bytes[..whole]);
        _word = 0;
        bytes[whole..].CopyTo(WordBytes(ref _word));
    }

    /// <summary>The hash of everything added.</summary>
    public readonly ulong Finish()
    {
        ulong word = _word;
        int filled = (int)(_length % sizeof(ulong));
        return SnapshotHash.Finish(SnapshotHash.Add(_hash, WordBytes(ref word)[..filled]), _length);
    }

    private static Span<byte> WordBytes(ref ulong word) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<ulong>(ref word));
}
