using System.Globalization;
using Exchange.Host.Load;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Exchange.Host.Demo;

/// <summary>The table at the end of the demonstration.</summary>
internal static class DemoTable
{
    /// <summary>Creates it.</summary>
    public static IRenderable Create(DemoResult result)
    {
        LoadTotals totals = result.Load.Totals;
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("what", "result");
        table.Columns[1].Alignment = Justify.Right;
        Row(table, "orders sent", Number(totals.OrdersSent), isGood: true);
        Row(table, "orders acknowledged", Number(totals.OrdersAnswered - totals.Rejected), totals.OrdersAnswered == totals.OrdersSent);
        Row(table, "orders lost", Number(result.Lost), result.Lost == 0);
        Row(table, "answers doubled", Number(result.Doubled), result.Doubled == 0);
        Row(table, "sent again when asked", Number(totals.Resent), isGood: true);
        Row(table, "gap when the primary was killed, ms", Milliseconds(result.Kill), result.Kill is not null);
        Row(table, "gap of the planned switchover, ms", Milliseconds(result.Switchover), result.Switchover is not null);
        if (result.Others.Count > 0)
        {
            Row(table, "other interruptions, the longest in ms", Milliseconds(result.Others.MaxBy(static f => f.MaxGapNs)), isGood: true);
        }

        Row(table, "state hashes equal", result.HashesEqual switch { true => "yes", false => "NO", null => "unknown" }, result.HashesEqual == true);
        return table;
    }

    private static void Row(Table table, string what, string value, bool isGood) => table.AddRow(Markup.Escape(what), isGood ? value : $"[red]{value}[/]");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(Failover? failover) => failover is null ? "none seen" : (failover.MaxGapNs / 1e6).ToString("F1", CultureInfo.InvariantCulture);
}
