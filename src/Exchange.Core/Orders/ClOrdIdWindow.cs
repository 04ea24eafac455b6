using System.Runtime.InteropServices;
using Exchange.Core.Matching;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Orders;

/// <summary>
/// The ClOrdIDs of a session's last 2^20 answered requests, and what became of each. From it come the detection of duplicates, the
/// answer to a PossResend, and the way from any id of a chain to its order. It is a ring, so what it forgets is the oldest, and it is
/// state: in the snapshot, and untouched by a reset of sequence numbers.
/// </summary>
internal sealed class ClOrdIdWindow : IDisposable
{
    private readonly NativeBlock<ClOrdIdEntry> _ringBlock;
    private readonly NativeArray<ClOrdIdEntry> _ring;
    private readonly SlotIndex _index;
    private readonly int _mask;

    /// <summary>Reserves a window of <paramref name="capacity"/> ids, a power of two.</summary>
    public ClOrdIdWindow(int capacity)
    {
        Invariant.Require(int.IsPow2(capacity));
        _mask = capacity - 1;
        _ringBlock = new NativeBlock<ClOrdIdEntry>(capacity);
        _ring = _ringBlock.Items;
        _index = new SlotIndex(capacity);
    }

    /// <summary>Ids added since the session exists.</summary>
    public long Added { get; private set; }

    /// <summary>Whether an id has ever been forgotten. From then on an id that is not found may still be an old one.</summary>
    public bool HasForgotten => Added > _mask + 1L;

    /// <summary>Looks an id up.</summary>
    /// <param name="clOrdId">The id.</param>
    /// <param name="outcome">Its <see cref="ClOrdIdEntry.Outcome"/>.</param>
    public bool TryFind(in Text40 clOrdId, out long outcome)
    {
        ulong hash = HashOf(in clOrdId);
        int cursor = -1;
        int slot;
        while ((slot = _index.Find(hash, ref cursor)) != 0)
        {
            ref ClOrdIdEntry entry = ref _ring[slot - 1];
            if (entry.ClOrdId.Equals(clOrdId))
            {
                outcome = entry.Outcome;
                return true;
            }
        }

        outcome = 0;
        return false;
    }

    /// <summary>Adds an id that is not in the window.</summary>
    /// <param name="clOrdId">The id.</param>
    /// <param name="outcome">What became of the request.</param>
    /// <param name="forgotten">The entry that had to go.</param>
    /// <returns>Whether one had to go.</returns>
    public bool Add(in Text40 clOrdId, long outcome, out ClOrdIdEntry forgotten)
    {
        int at = (int)(Added & _mask);
        ref ClOrdIdEntry entry = ref _ring[at];
        bool isFull = Added > _mask;
        forgotten = entry;
        if (isFull)
        {
            _index.Remove(HashOf(in entry.ClOrdId), at + 1);
        }

        entry.ClOrdId = clOrdId;
        entry.Outcome = outcome;
        _index.Add(HashOf(in clOrdId), at + 1);
        Added++;
        return isFull;
    }

    /// <summary>Writes the window, oldest id first.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(Added);
        for (long number = Math.Max(0, Added - _mask - 1); number < Added; number++)
        {
            writer.WriteBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<ClOrdIdEntry>(in _ring[(int)(number & _mask)])));
        }
    }

    /// <summary>Restores what <see cref="Save"/> wrote into an empty window.</summary>
    public void Load(SnapshotReader reader)
    {
        long added = reader.ReadInt64();
        if (added < 0)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: number of ClOrdIDs is {added}");
        }

        Added = Math.Max(0, added - _mask - 1);
        while (Added < added)
        {
            ClOrdIdEntry entry = reader.Read<ClOrdIdEntry>();
            if (TryFind(in entry.ClOrdId, out _))
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: ClOrdID {entry.ClOrdId} stands twice in a window");
            }

            int at = (int)(Added & _mask);
            _ring[at] = entry;
            _index.Add(HashOf(in entry.ClOrdId), at + 1);
            Added++;
        }
    }

    // Nearly all clients count in the last places of their ids. Scattered, each new id would cost a line of memory and a page that were
    // not touched for a million ids; behind each other, ten or more share them.
    private ulong HashOf(in Text40 clOrdId)
    {
        ulong stem = clOrdId.HashOfStem(out int tail);
        return _index.HashNear(stem, tail);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ringBlock.Dispose();
        _index.Dispose();
    }
}
