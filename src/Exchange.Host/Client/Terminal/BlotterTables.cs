using System.Globalization;
using Spectre.Console;

namespace Exchange.Host.Client.Terminal;

/// <summary>Tables of orders and fills, as text for a screen.</summary>
internal static class BlotterTables
{
    /// <summary>Table of orders.</summary>
    /// <param name="orders">The orders shown.</param>
    /// <param name="screen">Where it will be printed.</param>
    public static string Orders(IEnumerable<BlotterOrder> orders, ITerminalScreen screen)
    {
        Table table = Create(screen, "#", "ClOrdID", "side", "symbol", ">qty", ">price", ">filled", ">left", ">average", "tif", "status", "order");
        foreach (BlotterOrder order in orders)
        {
            string colour = order.Side == '1' ? "green" : "red";
            table.AddRow(
                new Text(order.Number.ToString(CultureInfo.InvariantCulture)),
                new Text(order.ClOrdId),
                new Markup($"[{colour}]{FixWords.Side(order.Side)}[/]"),
                new Text(order.Symbol),
                new Text(FixWords.Number(order.Quantity)),
                new Text(order.Price is decimal price ? FixWords.Number(price) : "market"),
                new Text(FixWords.Number(order.CumQty)),
                new Text(FixWords.Number(order.LeavesQty)),
                new Text(order.CumQty > 0 ? FixWords.Number(order.AvgPx) : string.Empty),
                new Text(FixWords.TimeInForce(order.TimeInForce)),
                new Text(FixWords.Status(order.Status)),
                new Text(order.OrderId));
        }

        return Render(table, screen);
    }

    /// <summary>Table of executions.</summary>
    public static string Fills(IEnumerable<BlotterFill> fills, ITerminalScreen screen)
    {
        Table table = Create(screen, "time", "#", "side", "symbol", ">qty", ">price", "ExecID");
        foreach (BlotterFill fill in fills)
        {
            string colour = fill.Order.Side == '1' ? "green" : "red";
            table.AddRow(
                new Text(fill.Time),
                new Text(fill.Order.Number.ToString(CultureInfo.InvariantCulture)),
                new Markup($"[{colour}]{FixWords.Side(fill.Order.Side)}[/]"),
                new Text(fill.Order.Symbol),
                new Text(FixWords.Number(fill.Quantity)),
                new Text(FixWords.Number(fill.Price)),
                new Text(fill.ExecId));
        }

        return Render(table, screen);
    }

    private static Table Create(ITerminalScreen screen, params ReadOnlySpan<string> columns)
    {
        Table table = new() { Border = screen.IsRich ? TableBorder.Rounded : TableBorder.Ascii2 };
        foreach (string column in columns)
        {
            bool isNumber = column[0] == '>';
            TableColumn added = new(isNumber ? column[1..] : column) { NoWrap = true, Alignment = isNumber ? Justify.Right : Justify.Left };
            table.AddColumn(added);
        }

        return table;
    }

    private static string Render(Table table, ITerminalScreen screen)
    {
        using StringWriter writer = new(CultureInfo.InvariantCulture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = screen.IsRich ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = screen.IsRich ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = screen.Width;
        console.Profile.Capabilities.Unicode = screen.IsRich;
        console.Write(table);
        return writer.ToString().TrimEnd('\r', '\n');
    }
}
