using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Core.Matching;

/// <summary>
/// Open-addressing hash table from a 64-bit hash to slot numbers, at most half full. It holds no keys: an entry is one word,
/// <code>
///  63                 64-b               b            0
///  +------------------+------------------+------------+
///  | home (b bits)    | rest of hash     | slot (b)   |     b = log2 of the capacity
///  +------------------+------------------+------------+
/// </code>
/// so that entries can be moved and removed without looking at the keys, and a lookup looks at a key only when 64 - b bits of its
/// hash agree. The caller compares the keys. Removal shifts followers back, so there are no tombstones and the table never degrades.
/// Where an entry lies depends on history; nothing may ever iterate over the table.
/// </summary>
internal sealed class SlotIndex : IDisposable
{
    private const int LocalityBits = 6;
    private const ulong LocalityMask = (1UL << LocalityBits) - 1;

    private readonly NativeBlock<ulong> _block;
    private readonly NativeArray<ulong> _words;
    private readonly ulong _slotMask;
    private readonly int _mask;
    private readonly int _homeShift;

    /// <summary>Reserves a table for at most <paramref name="slotsMax"/> entries with slots 1 to <paramref name="slotsMax"/>.</summary>
    public SlotIndex(int slotsMax)
    {
        int bits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)slotsMax)) + 1;
        _block = new NativeBlock<ulong>(1L << bits);
        _words = _block.Items;
        _mask = (1 << bits) - 1;
        _slotMask = (1UL << bits) - 1;
        _homeShift = 64 - bits;
    }

    /// <summary>
    /// The hash for keys that are numbers from a counter. Orders that live at the same time have numbers that are close, so blocks of 64
    /// are scattered by a multiplication (Fibonacci hashing) and stay neighbours within: recent orders share cache lines and pages of the
    /// table. Homes that were simply consecutive would form runs as long as the live orders.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashOf(long number)
    {
        unchecked
        {
            ulong scattered = ((ulong)number >> LocalityBits) * 0x9E3779B97F4A7C15UL;
            return (scattered & ~(LocalityMask << _homeShift)) | (((ulong)number & LocalityMask) << _homeShift);
        }
    }

    /// <summary>
    /// The hash for keys of which those of one stem are used one after the other: they lie behind each other, from a place that the stem
    /// decides, and so share cache lines and pages of the table.
    /// </summary>
    /// <param name="stem">A well-mixed hash of what they have in common.</param>
    /// <param name="offset">What tells them apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashNear(ulong stem, int offset) => unchecked(stem + ((ulong)offset << _homeShift));

    /// <summary>
    /// The next slot under <paramref name="hash"/>, whose key the caller must compare; 0 when there is none. Start with a cursor of -1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong hash, ref int cursor)
    {
        unchecked
        {
            int at = cursor < 0 ? (int)(hash >> _homeShift) : (cursor + 1) & _mask;
            ulong word;
            while ((word = _words[at]) != 0)
            {
                if ((word ^ hash) <= _slotMask)
                {
                    cursor = at;
                    return (int)(word & _slotMask);
                }

                at = (at + 1) & _mask;
            }

            return 0;
        }
    }

    /// <summary>Adds an entry; the caller knows that it is not there yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong hash, int slot)
    {
        unchecked
        {
            int at = (int)(hash >> _homeShift);
            while (_words[at] != 0)
            {
                at = (at + 1) & _mask;
            }

            _words[at] = (hash & ~_slotMask) | (uint)slot;
        }
    }

    /// <summary>Removes the entry that was added with the same hash and slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remove(ulong hash, int slot)
    {
        unchecked
        {
            ulong wanted = (hash & ~_slotMask) | (uint)slot;
            int at = (int)(hash >> _homeShift);
            while (_words[at] != wanted)
            {
                at = (at + 1) & _mask;
            }

            int next = (at + 1) & _mask;
            ulong word;
            while ((word = _words[next]) != 0)
            {
                // An entry may move into the hole unless its home lies behind the hole.
                int home = (int)(word >> _homeShift);
                if (((next - home) & _mask) >= ((next - at) & _mask))
                {
                    _words[at] = word;
                    at = next;
                }

                next = (next + 1) & _mask;
            }

            _words[at] = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();
}
