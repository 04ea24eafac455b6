// The named mixes of the load generator. A mix says what the n-th order of a session looks like and when it is cancelled; all
// prices lie around one middle price, so that mixes can be reasoned about:
//
//   passive buys  | middle - 1 … middle - 50 ticks        never meet each other
//   middle        | buys and sells of the mix `fills`     meet at once
//   passive sells | middle + 1 … middle + 50 ticks
//   through       | a price beyond all passive orders of the other side, immediate-or-cancel
namespace Exchange.Host.Load;

/// <summary>A kind of order flow.</summary>
internal sealed record LoadMix
{
    /// <summary>Price levels on each side of the middle.</summary>
    public const int Levels = 50;

    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one line.</summary>
    public required string Description { get; init; }

    /// <summary>An order is cancelled when its session has sent this many more; -1 for not during the run.</summary>
    public int CancelLag { get; init; } = -1;

    /// <summary>What prices the orders have.</summary>
    public PriceClass Prices { get; init; }

    /// <summary>Of ten orders, so many go through the book instead.</summary>
    public int ThroughOfTen { get; init; }

    /// <summary>Orders are immediate-or-cancel.</summary>
    public bool IsIoc { get; init; }

    /// <summary>Orders may be left open and have to be cancelled when the run is over.</summary>
    public bool LeavesOpen => !IsIoc && CancelLag != 0;

    /// <summary>Every order stays open until the run is over.</summary>
    public bool KeepsAll => !IsIoc && CancelLag < 0 && Prices == PriceClass.Passive;

    /// <summary>All mixes.</summary>
    public static IReadOnlyList<LoadMix> All { get; } =
    [
        new()
        {
            Name = "fills", Prices = PriceClass.Middle,
            Description = "buys and sells of one lot meet at one price: every order is acknowledged and filled (2 reports an order)",
        },
        new()
        {
            Name = "new-cancel", CancelLag = 0,
            Description = "each passive order is followed by its cancel in the same packet (2 requests and 2 reports an order)",
        },
        new()
        {
            Name = "churn", CancelLag = 1000,
            Description = "passive orders over 100 price levels, each cancelled 1000 orders later: a book of constant depth",
        },
        new()
        {
            Name = "new-only",
            Description = "passive orders that stay until the run is over and are cancelled then; for short runs, the book grows",
        },
        new()
        {
            Name = "ioc", IsIoc = true,
            Description = "immediate-or-cancel orders that meet nothing: acknowledged and cancelled at once, the book stays empty",
        },
        new()
        {
            Name = "aggressive", CancelLag = 1000, ThroughOfTen = 1,
            Description = "as churn, but one order in ten takes the best price of the other side",
        },
    ];

    /// <summary>The mix of this name; null when there is none.</summary>
    public static LoadMix? Find(string name) => All.FirstOrDefault(mix => mix.Name == name);

    /// <summary>What the n-th order of a session looks like.</summary>
    /// <param name="session">The session, from 0.</param>
    /// <param name="n">The order's index within its session, from 0.</param>
    /// <param name="sessions">Number of sessions.</param>
    /// <param name="symbols">Number of symbols.</param>
    public OrderShape Shape(int session, long n, int sessions, int symbols)
    {
        // Sessions work in pairs of a buyer and a seller; the last of an odd number trades with itself, in turn.
        bool isPaired = (session ^ 1) < sessions;
        int symbol = (int)((isPaired ? n + (session >> 1) : n >> 1) % symbols);
        if (Prices == PriceClass.Middle)
        {
            bool buysAtMiddle = isPaired ? (session & 1) == 0 : (n & 1) == 0;
            return new OrderShape(symbol, buysAtMiddle, PriceClass.Middle, 0, IsIoc);
        }

        // A fixed scramble of the index: levels and sides look random but are the same in every run.
        ulong scrambled = ((ulong)n + ((ulong)session << 32)) * 0x9E3779B97F4A7C15;
        bool isBuy = (scrambled >> 63) == 0;
        int level = (int)((scrambled >> 32) % Levels);
        bool isThrough = n % 10 < ThroughOfTen;
        return new OrderShape(symbol, isBuy, isThrough ? PriceClass.Through : PriceClass.Passive, isThrough ? 0 : level, isThrough || IsIoc);
    }
}
