using Exchange.Core.Matching;

namespace Exchange.Core.Tests.Matching;

public sealed class SlotIndexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Entries_are_found_until_they_are_removed_also_where_many_share_a_home(int seed)
    {
        const int slotsMax = 64;
        using SlotIndex index = new(slotsMax);
        Random random = new(seed);
        ulong[] hashOf = new ulong[slotsMax + 1];
        bool[] isIn = new bool[slotsMax + 1];
        for (int step = 0; step < 50_000; step++)
        {
            int slot = random.Next(1, slotsMax + 1);
            if (isIn[slot])
            {
                index.Remove(hashOf[slot], slot);
            }
            else
            {
                // Few homes, the last ones of the table among them, so that clusters form and wrap around its end.
                hashOf[slot] = (ulong.MaxValue - ((ulong)random.Next(4) << 57)) ^ (uint)random.Next(3);
                index.Add(hashOf[slot], slot);
            }

            isIn[slot] = !isIn[slot];
            int asked = random.Next(1, slotsMax + 1);
            Assert.True(isIn[asked] == Contains(index, hashOf[asked], asked), $"seed {seed} step {step}");
        }
    }

    private static bool Contains(SlotIndex index, ulong hash, int slot)
    {
        int cursor = -1;
        int found;
        while ((found = index.Find(hash, ref cursor)) != 0)
        {
            if (found == slot)
            {
                return true;
            }
        }

        return false;
    }
}
