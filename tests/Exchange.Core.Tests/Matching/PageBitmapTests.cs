using Exchange.Core.Matching;

namespace Exchange.Core.Tests.Matching;

public sealed class PageBitmapTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 2)]
    [InlineData(65, 3)]
    [InlineData(4096, 4)]
    [InlineData(1 << 18, 5)]
    [InlineData(1 << 24, 6)]
    public void The_highest_used_page_below_is_that_of_a_sorted_set(int pageCount, int seed)
    {
        using PageBitmap bitmap = new(pageCount);
        SortedSet<int> model = [];
        Random random = new(seed);
        for (int step = 0; step < 3_000; step++)
        {
            // Far and near pages, so that each level of the bitmap is climbed.
            int page = random.Next(3) == 0 ? random.Next(pageCount) : Math.Min(pageCount - 1, random.Next(200));
            if (model.Remove(page))
            {
                bitmap.Clear(page);
            }
            else if (model.Count < 12)
            {
                model.Add(page);
                bitmap.Set(page);
            }

            int asked = random.Next(pageCount);
            SortedSet<int> below = model.GetViewBetween(0, asked);
            Assert.True(bitmap.FindAtOrBelow(asked) == (below.Count == 0 ? -1 : below.Max), $"seed {seed} step {step} page {asked}");
        }

        Assert.Equal(-1, bitmap.FindAtOrBelow(-1));
    }
}
