using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Exchange.Host.Operations;

/// <summary>The status of a cluster for people.</summary>
internal static class StatusTable
{
    private const string None = "-";

    /// <summary>One line a member.</summary>
    public static IRenderable Create(ClusterReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumns("id", "kind", "role", "term", "commit", "applied", "lag", "state hash", "pid", "FIX address", "remark");
        foreach (int column in (ReadOnlySpan<int>)[0, 3, 4, 5, 6, 8])
        {
            table.Columns[column].Alignment = Justify.Right;
        }

        foreach (MemberReport member in report.Members)
        {
            table.AddRow(
                Text(member.Id),
                member.Kind,
                $"[{Colour(member)}]{member.Role}[/]",
                Text(member.Term),
                Text(member.CommitPosition),
                Text(member.AppliedPosition),
                Lag(report, member),
                member.StateHash.Length > 0 ? member.StateHash + At(member) : None,
                Text(member.Pid),
                member.FixAddress.Length > 0 ? Markup.Escape(member.FixAddress) : None,
                Markup.Escape(Remark(report, member)));
        }

        return table;
    }

    /// <summary>What the table adds up to, in one line.</summary>
    public static string Summary(ClusterReport report)
    {
        string leader = report.Leader is { } l ? $"member {l.Id} leads in term {l.Term}" : report.AnyUp ? "no member leads" : "no member answers";
        string hashes = report.HashesEqual() switch
        {
            true => "; state hashes are equal",
            false => "; STATE HASHES DIFFER",
            null => string.Empty,
        };
        string sessions = report.Leader?.Number("sessions_logged_on") is { } on
            ? string.Create(CultureInfo.InvariantCulture, $"; {on} sessions logged on, {report.Leader.Number("open_orders") ?? 0} open orders")
            : string.Empty;
        return leader + hashes + sessions;
    }

    private static string Lag(ClusterReport report, MemberReport member)
    {
        if (report.Leader is not { } leader || !member.IsUp || member == leader)
        {
            return None;
        }

        long? lag = leader.Peer(member.Id) is { } peer ? MemberReport.NumberOf(peer, "lag_bytes") : null;
        return Text(lag ?? (leader.AppendPosition - member.AppendPosition));
    }

    private static string At(MemberReport member) =>
        member.StateHashPosition is { } at && at != member.AppliedPosition ? string.Create(CultureInfo.InvariantCulture, $" @{at}") : string.Empty;

    private static string Remark(ClusterReport report, MemberReport member)
    {
        if (!member.IsUp)
        {
            return member.Reason;
        }

        if (!report.IsMember(member))
        {
            return "no member any more; stop its process";
        }

        List<string> remarks = [];
        if (member.IsRecovering)
        {
            remarks.Add("recovering, does not vote yet");
        }

        if (report.Leader is { } leader && leader != member && !leader.ConnectedPeers.Contains(member.Id))
        {
            remarks.Add("not connected with the leader");
        }

        if (member.IsLeader && member != report.Leader)
        {
            remarks.Add("deposed, does not know it yet");
        }

        return string.Join("; ", remarks);
    }

    private static string Colour(MemberReport member) => member.Role switch
    {
        "leader" => "green",
        MemberReport.Down => "red",
        "candidate" => "yellow",
        _ => "default",
    };

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? None;
}
