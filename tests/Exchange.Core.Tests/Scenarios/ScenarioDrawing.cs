using Exchange.Core.Instruments;
using Exchange.Core.Matching;
using Exchange.Core.Tests.Orders;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Scenarios;

/// <summary>Draws the book of an instrument: asks from the highest down, a line, bids from the highest down, each level with its orders in time priority.</summary>
internal static class ScenarioDrawing
{
    public static List<string> Book(ExchangeCore core, string symbol)
    {
        Assert.True(core.Instruments.TryFind(Text24.From(symbol), out Instrument? instrument), symbol);
        OrderBook book = core.Orders.BookOf(instrument!.Id);
        List<string> lines = Side(core, book, instrument!, OrderBook.SellSide);
        lines.Reverse();
        lines.Add("  ----");
        lines.AddRange(Side(core, book, instrument!, OrderBook.BuySide));
        return lines;
    }

    private static List<string> Side(ExchangeCore core, OrderBook book, Instrument instrument, int side)
    {
        List<string> lines = [];
        OrderPool pool = core.Orders.OpenOrders.Pool;
        for (int index = book.BestIndex(side); index >= 0; index = book.NextIndex(side, index))
        {
            string orders = "";
            for (int slot = book.LevelAt(side, index).Head; slot != 0; slot = pool.Nodes[slot].Next)
            {
                orders += $"  {core.Orders.OpenOrders[slot].ClOrdId} {ReportText.Decimal(instrument.ToQuantityE8(pool.Nodes[slot].LeavesLots))}";
            }

            string price = ReportText.Decimal(instrument.ToPriceE8(book.PriceOf(side, index)));
            string total = ReportText.Decimal(instrument.ToQuantityE8(book.LevelAt(side, index).Lots));
            lines.Add($"  {(side == OrderBook.BuySide ? "bid" : "ask")} {price} ({total}):{orders}");
        }

        return lines;
    }
}
