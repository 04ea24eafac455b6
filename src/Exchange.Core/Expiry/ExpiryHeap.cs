using Exchange.Core.Matching;
using Exchange.Protocol;

namespace Exchange.Core.Expiry;

/// <summary>
/// Good-till-date orders by the time at which they expire, equal times by order number: a binary heap that knows where each order lies in it,
/// so that an order that ends earlier leaves nothing behind. How the heap is laid out follows from history and shows nowhere.
/// </summary>
internal sealed class ExpiryHeap : IDisposable
{
    private readonly NativeBlock<Entry> _entryBlock;
    private readonly NativeBlock<int> _placeBlock;
    private readonly NativeArray<Entry> _entries;
    private readonly NativeArray<int> _places;

    /// <summary>Reserves room for orders in slots up to <paramref name="slotsMax"/>.</summary>
    public ExpiryHeap(int slotsMax)
    {
        _entryBlock = new NativeBlock<Entry>(slotsMax + 2L);
        _placeBlock = new NativeBlock<int>(slotsMax + 1L);
        _entries = _entryBlock.Items;
        _places = _placeBlock.Items;
    }

    /// <summary>Number of orders.</summary>
    public int Count { get; private set; }

    /// <summary>Log time at which the next one expires; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextNs => Count == 0 ? long.MaxValue : _entries[1].ExpiryNs;

    /// <summary>Slot of the order that expires next, which must exist.</summary>
    public int NextSlot => _entries[1].Slot;

    /// <summary>Whether the order in a slot is in the heap.</summary>
    public bool Contains(int slot) => _places[slot] != 0;

    /// <summary>Adds an order.</summary>
    public void Add(int slot, long orderId, long expiryNs)
    {
        Invariant.Require(_places[slot] == 0);
        Count++;
        Rise(Count, new Entry { ExpiryNs = expiryNs, OrderId = orderId, Slot = slot });
    }

    /// <summary>Removes an order that is in the heap.</summary>
    public void Remove(int slot)
    {
        int place = _places[slot];
        Invariant.Require(place > 0 && place <= Count);
        _places[slot] = 0;
        Entry last = _entries[Count];
        Count--;
        if (place > Count)
        {
            return;
        }

        if (place > 1 && IsBefore(in last, in _entries[place / 2]))
        {
            Rise(place, last);
        }
        else
        {
            Sink(place, last);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entryBlock.Dispose();
        _placeBlock.Dispose();
    }

    private static bool IsBefore(in Entry left, in Entry right) =>
        left.ExpiryNs < right.ExpiryNs || (left.ExpiryNs == right.ExpiryNs && left.OrderId < right.OrderId);

    private void Rise(int place, Entry entry)
    {
        while (place > 1 && IsBefore(in entry, in _entries[place / 2]))
        {
            Put(place, _entries[place / 2]);
            place /= 2;
        }

        Put(place, entry);
    }

    private void Sink(int place, Entry entry)
    {
        int child;
        while ((child = place * 2) <= Count)
        {
            child += child < Count && IsBefore(in _entries[child + 1], in _entries[child]) ? 1 : 0;
            if (!IsBefore(in _entries[child], in entry))
            {
                break;
            }

            Put(place, _entries[child]);
            place = child;
        }

        Put(place, entry);
    }

    private void Put(int place, Entry entry)
    {
        _entries[place] = entry;
        _places[entry.Slot] = place;
    }

    private struct Entry
    {
        public long ExpiryNs;
        public long OrderId;
        public int Slot;
    }
}
