using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

public sealed class TermIndexTests
{
    [Fact]
    public void Tells_the_term_of_each_entry_as_a_list_of_all_would()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 200; round++)
        {
            TermIndex index = new(floor: 96, floorTerm: 2);
            List<(long End, long Term)> model = [(96, 2)];
            long term = 2;
            for (int step = 0; step < 60; step++)
            {
                if (random.Next(8) == 0)
                {
                    int keep = random.Next(model.Count) + 1;
                    model.RemoveRange(keep, model.Count - keep);
                    index.Truncate(model[^1].End);
                    term = Math.Max(term, model[^1].Term);
                }
                else
                {
                    term += random.Next(4) == 0 ? random.Next(3) : 0;
                    long end = model[^1].End + (32 * random.Next(1, 5));
                    model.Add((end, term));
                    index.Append(end, term);
                }

                Compare(index, model, seed);
            }
        }
    }

    [Fact]
    public void Finds_where_two_logs_may_part()
    {
        TermIndex index = new(floor: 0, floorTerm: 0);
        index.Append(32, 1);
        index.Append(64, 1);
        index.Append(96, 3);
        index.Append(128, 5);
        Assert.Equal(64, index.LastNotAfter(64, 1));
        Assert.Equal(64, index.LastNotAfter(96, 2));
        Assert.Equal(96, index.LastNotAfter(120, 4));
        Assert.Equal(128, index.LastNotAfter(128, 5));
        Assert.Equal(-1, index.LastNotAfter(32, 0));
    }

    private static void Compare(TermIndex index, List<(long End, long Term)> model, int seed)
    {
        Assert.Equal(model[^1].End, index.End);
        Assert.Equal(model[^1].Term, index.LastTerm);
        for (int entry = 0; entry < model.Count; entry++)
        {
            Assert.True(index.TermAt(model[entry].End) == model[entry].Term, $"seed {seed}");
            Assert.Equal(entry + 1 < model.Count ? model[entry + 1].Term : 0, index.TermBehind(model[entry].End));
        }

        Assert.Equal(0, index.TermAt(64));
        Assert.Equal(0, index.TermAt(model[^1].End + 32));
    }
}
