using Exchange.Core.Quotes;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Quotes;

public sealed class QuoteProtectionTests
{
    private const long Second = 1_000_000_000;
    private const long One = 100_000_000;
    private static readonly Text16 _main = Text16.From("MAIN");
    private static readonly Text16 _group = Text16.From("FUT");

    [Fact]
    public void The_limit_itself_trips_and_what_is_below_does_not()
    {
        QuoteProtection protection = Protect(quantityE8: 10 * One);
        Assert.False(protection.Count(9 * One, 0, 0));
        Assert.False(protection.Count(One - 1, 0, 0));
        Assert.True(protection.Count(1, 0, 0));
        protection = Protect(notionalE8: 10 * One);
        Assert.False(protection.Count(long.MaxValue, (10 * One) - 1, 0));
        Assert.True(protection.Count(0, 1, 0));
        protection = Protect(fills: 3);
        Assert.False(protection.Count(0, 0, 0));
        Assert.False(protection.Count(0, 0, 0));
        Assert.True(protection.Count(0, 0, 0));
    }

    [Fact]
    public void Without_a_limit_nothing_trips()
    {
        QuoteProtection protection = Protect();
        Assert.False(protection.IsActive);
        Assert.False(protection.Count(long.MaxValue, long.MaxValue, 0));
    }

    [Fact]
    public void A_fill_leaves_with_its_sixteenth_of_the_window()
    {
        // A window of 16 seconds in parts of one: a fill at 0.9 s counts until the part of second 16 begins.
        QuoteProtection protection = Protect(fills: 2);
        Assert.False(protection.Count(0, 0, (9 * Second) / 10));
        Assert.Equal(1, protection.Executed((16 * Second) - 1).Fills);
        Assert.Equal(0, protection.Executed(16 * Second).Fills);
        Assert.False(protection.Count(0, 0, 16 * Second));
        Assert.False(Protect(fills: 2).Count(0, 0, long.MaxValue));
    }

    [Fact]
    public void Parts_are_used_again_and_again()
    {
        QuoteProtection protection = Protect(fills: 17);
        for (int second = 0; second < 1_000; second++)
        {
            Assert.False(protection.Count(One, One, second * Second));
            Assert.Equal(Math.Min(second + 1, 16), protection.Executed(second * Second).Fills);
            Assert.Equal(Math.Min(second + 1, 16) * One, protection.Executed(second * Second).QuantityE8);
        }
    }

    [Fact]
    public void Sums_stay_at_the_largest_number()
    {
        QuoteProtection protection = Protect(quantityE8: long.MaxValue);
        Assert.False(protection.Count(long.MaxValue - 1, 0, 0));
        Assert.True(protection.Count(long.MaxValue - 1, 0, Second));
        Assert.Equal(long.MaxValue, protection.Executed(Second).QuantityE8);
    }

    [Fact]
    public void A_tripped_one_counts_no_more_until_it_is_reset()
    {
        QuoteProtection protection = Protect(fills: 1);
        Assert.True(protection.Count(0, 0, 0));
        protection.Trip(42);
        Assert.False(protection.Count(0, 0, 0));
        Assert.Equal((true, 42L, 1L), (protection.IsTripped, protection.WithdrawnThrough, protection.TripCount));
        protection.Reset();
        Assert.Equal((false, 42L, 0L), (protection.IsTripped, protection.WithdrawnThrough, protection.Executed(0).Fills));
        Assert.True(protection.Count(0, 0, 0));
    }

    [Fact]
    public void Another_window_forgets_and_other_limits_do_not()
    {
        QuoteProtection protection = Protect(fills: 5);
        protection.Count(0, 0, 0);
        protection.Set(new SetProtectionCommand { WindowNs = 16 * Second, FillsMax = 2 });
        Assert.True(protection.Count(0, 0, 0));
        protection.Set(new SetProtectionCommand { WindowNs = 8 * Second, FillsMax = 2 });
        Assert.False(protection.Count(0, 0, 0));
    }

    [Fact]
    public void A_snapshot_holds_all_of_it()
    {
        ProtectionTable table = new();
        table.Of(3, _group).Set(new SetProtectionCommand { WindowNs = 16 * Second, FillsMax = 5, QuantityMaxE8 = 7, NotionalMaxE8 = 8 });
        table.Of(3, _group).Count(1, 2, 5 * Second);
        table.Of(0, _main).Set(new SetProtectionCommand { WindowNs = 32 * Second, FillsMax = 1 });
        table.Of(0, _main).Trip(9);
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        table.Save(writer);
        writer.Complete();
        stream.Position = 0;
        ProtectionTable loaded = new();
        loaded.Load(new SnapshotReader(stream));
        Assert.Equal((2, 1, 0), (loaded.Count, loaded.NumberOf(loaded.Find(0, _main)!), loaded.NumberOf(loaded.Find(3, _group)!)));
        Assert.Equal((1L, 2L, 1L), loaded.Find(3, _group)!.Executed(6 * Second));
        Assert.Equal((true, 9L), (loaded.Find(0, _main)!.IsTripped, loaded.Find(0, _main)!.WithdrawnThrough));
        Assert.Null(loaded.Find(3, _main));
        Assert.Null(loaded.Find(1, _main));
    }

    private static QuoteProtection Protect(long quantityE8 = 0, long notionalE8 = 0, int fills = 0)
    {
        QuoteProtection protection = new(0, _main);
        protection.Set(new SetProtectionCommand { WindowNs = 16 * Second, QuantityMaxE8 = quantityE8, NotionalMaxE8 = notionalE8, FillsMax = fills });
        return protection;
    }
}
