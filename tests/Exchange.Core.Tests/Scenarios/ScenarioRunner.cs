using System.Globalization;
using Exchange.Core.Instruments;
using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Core.Requests;
using Exchange.Core.Tests.Orders;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Scenarios;

/// <summary>
/// Plays a scenario file: a line at the margin is something that happens, the indented lines under it are all the reports that it
/// causes, or the book as it is drawn. The runner writes the file anew with what it saw; the test compares.
/// <code>
///   window 4                                            ClOrdIDs remembered per session (first lines only)
///   closed 2                                            closed orders kept per session (first lines only)
///   venue 3                                             open orders of the venue (first lines only)
///   slices of 2 looking at 5                            bounds of one command for a long answer (first lines only)
///   instrument XAU tick 0.01 step 1 max 1000 from 0.01 to 5000
///   limit HFT1 2                                        open orders of a participant
///   HFT1 new a buy 100 XAU @ 10.00 [gtc|ioc|fok|tif=X] [account A] [possresend]      "market" in place of "@ price"
///   HFT1 cancel b of a buy XAU [order 1] [possresend]
///   HFT1 replace c of a buy 50 XAU @ 10.01 [gtc] [order 1] [account A] [possresend]
///   HFT1 status a buy XAU [order 1] [as REQUEST]
///   HFT1 massstatus m all|XAU [buy|sell]
///   HFT1 masscancel m all|XAU [buy|sell] [possresend]
///   HFT1 disconnects | HFT1 resets | day ends | restart | slice | book XAU
/// </code>
/// </summary>
internal sealed class ScenarioRunner : IDisposable
{
    private readonly List<string> _names = [];
    private readonly List<string> _output = [];
    private int _window = 1 << 10;
    private int _closed = 1 << 10;
    private int _venue = 1 << 10;
    private int _sliceActions = 256;
    private int _sliceVisits = 1_024;
    private OrderDesk? _desk;

    private OrderDesk Desk => _desk ??= new OrderDesk(new OrderEntryLimits(_venue, _window, _closed, _sliceActions, _sliceVisits));

    /// <summary>Plays the lines and returns the file as it should have been.</summary>
    public static IReadOnlyList<string> Play(IEnumerable<string> lines)
    {
        using ScenarioRunner runner = new();
        foreach (string line in lines)
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                continue;
            }

            runner._output.Add(line);
            if (line.Length > 0 && line[0] != '#')
            {
                runner.Step(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return runner._output;
    }

    public void Dispose() => _desk?.Dispose();

    private void Step(string[] words)
    {
        switch (words[0])
        {
            case "window":
                _window = int.Parse(words[1], CultureInfo.InvariantCulture);
                return;
            case "closed":
                _closed = int.Parse(words[1], CultureInfo.InvariantCulture);
                return;
            case "venue":
                _venue = int.Parse(words[1], CultureInfo.InvariantCulture);
                return;
            case "slices":
                _sliceActions = int.Parse(words[2], CultureInfo.InvariantCulture);
                _sliceVisits = int.Parse(words[5], CultureInfo.InvariantCulture);
                return;
            case "instrument":
                int id = Desk.Define(words[1], E8(words[3]), E8(words[5]), E8(words[7]), E8(words[9]), E8(words[11]));
                Assert.True(id >= 0, $"instrument {words[1]} refused");
                return;
            case "limit":
                Desk.Orders.AddSession(SessionOf(words[1]), int.Parse(words[2], CultureInfo.InvariantCulture));
                return;
            case "restart":
                Restart();
                return;
            case "book":
                Draw(words[1]);
                return;
            case "day":
                Desk.Orders.ExpireDayOrders(Desk.Next());
                break;
            case "slice":
                Desk.Orders.LongRequests.RunSlice(Desk.Next(LongRequests.SliceIntervalNs));
                break;
            default:
                Request(SessionOf(words[0]), words);
                break;
        }

        Report();
    }

    private void Request(int session, string[] words)
    {
        CommandContext context = Desk.Next();
        switch (words[1])
        {
            case "new":
                NewOrderCommand order = ScenarioCommands.New(words);
                Desk.Orders.NewOrder(session, in order, in context);
                break;
            case "cancel":
                CancelOrderCommand cancel = ScenarioCommands.Cancel(words);
                Desk.Orders.Cancel(session, in cancel, in context);
                break;
            case "replace":
                ReplaceOrderCommand replace = ScenarioCommands.Replace(words);
                Desk.Orders.Replace(session, in replace, in context);
                break;
            case "status":
                OrderStatusCommand status = ScenarioCommands.Status(words);
                Desk.Orders.Status(session, in status, in context);
                break;
            case "massstatus":
                MassOrderCommand massStatus = ScenarioCommands.Mass(words);
                Desk.Orders.Mass.Status(session, in massStatus, in context);
                break;
            case "masscancel":
                MassOrderCommand massCancel = ScenarioCommands.Mass(words);
                Desk.Orders.Mass.Cancel(session, in massCancel, in context);
                break;
            case "disconnects":
                Desk.Orders.CancelOnDisconnect(session, in context);
                break;
            case "resets":
                Desk.Orders.RestateOpenOrders(session, in context);
                break;
            default:
                throw new InvalidOperationException($"'{words[1]}' is no verb of a scenario");
        }
    }

    private void Report()
    {
        long offset = 0;
        while (Desk.Events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            _output.Add("  " + ReportText.Write(bytes, Desk.Instruments, id => _names[id]));
        }
    }

    private void Draw(string symbol)
    {
        OrderBook book = Desk.BookOf(symbol);
        Assert.True(Desk.Instruments.TryFind(Text24.From(symbol), out Instrument? instrument));
        List<string> asks = DrawSide(book, instrument!, OrderBook.SellSide);
        asks.Reverse();
        _output.AddRange(asks);
        _output.Add("  ----");
        _output.AddRange(DrawSide(book, instrument!, OrderBook.BuySide));
    }

    private List<string> DrawSide(OrderBook book, Instrument instrument, int side)
    {
        List<string> lines = [];
        for (int index = book.BestIndex(side); index >= 0; index = book.NextIndex(side, index))
        {
            string orders = "";
            OrderPool pool = Desk.Orders.OpenOrders.Pool;
            for (int slot = book.LevelAt(side, index).Head; slot != 0; slot = pool.Nodes[slot].Next)
            {
                orders += $"  {Desk.Orders.OpenOrders[slot].ClOrdId} {ReportText.Decimal(instrument.ToQuantityE8(pool.Nodes[slot].LeavesLots))}";
            }

            string price = ReportText.Decimal(instrument.ToPriceE8(book.PriceOf(side, index)));
            string total = ReportText.Decimal(instrument.ToQuantityE8(book.LevelAt(side, index).Lots));
            lines.Add($"  {(side == OrderBook.BuySide ? "bid" : "ask")} {price} ({total}):{orders}");
        }

        return lines;
    }

    private void Restart()
    {
        OrderDesk restored = Desk.Restored();
        Assert.Equal(Desk.Snapshot(), restored.Snapshot());
        _desk!.Dispose();
        _desk = restored;
    }

    private int SessionOf(string name)
    {
        int id = _names.IndexOf(name);
        if (id < 0)
        {
            id = Desk.AddSession(1000);
            _names.Add(name);
        }

        return id;
    }

    private static long E8(string text) => ScenarioCommands.E8(text);
}
