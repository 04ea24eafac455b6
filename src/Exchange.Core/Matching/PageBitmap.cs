using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Core.Matching;

/// <summary>
/// Which pages of a book side are in use, as a bitmap of four levels: each bit of an upper level says whether the 64 bits below it
/// hold anything. Together with the bits inside the page, the next best price of a range of 2^30 ticks is found in at most nine
/// steps, and in two or three near the touch.
/// </summary>
internal sealed class PageBitmap : IDisposable
{
    private const int LevelCount = 4;

    private readonly NativeBlock<ulong> _block;
    private readonly NativeArray<ulong> _words;
    private readonly int _second;
    private readonly int _third;
    private readonly int _fourth;

    /// <summary>Reserves a bitmap for <paramref name="pageCount"/> pages, at most 2^24.</summary>
    public PageBitmap(int pageCount)
    {
        // The levels lie behind one another in one block, the widest first.
        _second = (pageCount >> 6) + 1;
        _third = _second + (pageCount >> 12) + 1;
        _fourth = _third + (pageCount >> 18) + 1;
        _block = new NativeBlock<ulong>(_fourth + 1L);
        _words = _block.Items;
    }

    /// <summary>Marks a page as used.</summary>
    public void Set(int page)
    {
        int index = page;
        for (int level = 0; level < LevelCount; level++)
        {
            ref ulong word = ref _words[Start(level) + (index >> 6)];
            ulong before = word;
            word = before | (1UL << (index & 63));
            if (before != 0)
            {
                return;
            }

            index >>= 6;
        }
    }

    /// <summary>Marks a page as unused.</summary>
    public void Clear(int page)
    {
        int index = page;
        for (int level = 0; level < LevelCount; level++)
        {
            ref ulong word = ref _words[Start(level) + (index >> 6)];
            word &= ~(1UL << (index & 63));
            if (word != 0)
            {
                return;
            }

            index >>= 6;
        }
    }

    /// <summary>The highest used page not above <paramref name="page"/>; -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindAtOrBelow(int page)
    {
        if (page < 0)
        {
            return -1;
        }

        ulong candidates = _words[page >> 6] & (ulong.MaxValue >> (63 - (page & 63)));
        return candidates != 0 ? (page & ~63) | BitOperations.Log2(candidates) : FindUpwards(page >> 6);
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    // Climbs until a level has something further down, then descends along the highest bits.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindUpwards(int index)
    {
        for (int level = 1; level < LevelCount; level++)
        {
            index--;
            if (index < 0)
            {
                return -1;
            }

            ulong candidates = _words[Start(level) + (index >> 6)] & (ulong.MaxValue >> (63 - (index & 63)));
            if (candidates == 0)
            {
                index >>= 6;
                continue;
            }

            index = (index & ~63) | BitOperations.Log2(candidates);
            for (int below = level - 1; below >= 0; below--)
            {
                index = (index << 6) | BitOperations.Log2(_words[Start(below) + index]);
            }

            return index;
        }

        return -1;
    }

    private int Start(int level) => level switch
    {
        0 => 0,
        1 => _second,
        2 => _third,
        _ => _fourth,
    };
}
