using System.Runtime.CompilerServices;
using Exchange.Core.Matching;
using Exchange.Protocol;

namespace Exchange.Core.Risk;

/// <summary>
/// All positions: slots are given out from 1 in the order in which positions come into being, which is the order of snapshots, and found
/// by account and instrument through an open-addressing table. A position is never removed.
/// </summary>
internal sealed class PositionTable : IDisposable
{
    private readonly NativeBlock<Position> _block;
    private readonly NativeArray<Position> _positions;
    private readonly SlotIndex _index;

    /// <summary>Reserves room for <paramref name="countMax"/> positions.</summary>
    public PositionTable(int countMax)
    {
        CountMax = countMax;
        _block = new NativeBlock<Position>(countMax + 1L);
        _positions = _block.Items;
        _index = new SlotIndex(countMax);
    }

    /// <summary>Most positions.</summary>
    public int CountMax { get; }

    /// <summary>Number of positions; slots run from 1 to it.</summary>
    public int Count { get; private set; }

    /// <summary>The position in a slot.</summary>
    public ref Position this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _positions[slot];
    }

    /// <summary>The slot of a position; 0 when it does not exist.</summary>
    public int Find(int accountId, int instrumentId)
    {
        int cursor = -1;
        int slot;
        ulong hash = Hash(accountId, instrumentId);
        while ((slot = _index.Find(hash, ref cursor)) != 0)
        {
            ref Position position = ref _positions[slot];
            if (position.AccountId == accountId && position.InstrumentId == instrumentId)
            {
                return slot;
            }
        }

        return 0;
    }

    /// <summary>Adds a position that does not exist yet.</summary>
    public int Add(int accountId, int instrumentId)
    {
        Invariant.Require(Count < CountMax);
        int slot = ++Count;
        ref Position position = ref _positions[slot];
        position.AccountId = accountId;
        position.InstrumentId = instrumentId;
        _index.Add(Hash(accountId, instrumentId), slot);
        return slot;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _block.Dispose();
        _index.Dispose();
    }

    private static ulong Hash(int accountId, int instrumentId)
    {
        unchecked
        {
            ulong hash = (((ulong)(uint)accountId << 32) | (uint)instrumentId) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 32;
            return hash * 0xD6E8FEB86659FD93UL;
        }
    }
}
