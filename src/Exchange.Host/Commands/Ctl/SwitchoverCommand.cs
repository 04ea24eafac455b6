using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Exchange.Host.Operations;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl switchover`: hands the lead to another engine as planned, and verifies that it serves.</summary>
internal static class SwitchoverCommand
{
    private static readonly TimeSpan s_verify = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_awaitClients = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);
    private static readonly Option<int?> s_to = new("--to") { Description = "Engine that shall lead (default: the best one)." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.Create(
        "switchover",
        "Hand the lead to another engine: drain, equal position, equal hash, transfer, verify; gives up without harm at each step.",
        [s_to],
        RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed);
        Action<string> progress = CtlVerb.Progress(parsed);
        JsonObject request = new() { ["verb"] = "switchover" };
        if (parsed.GetValue(s_to) is { } to)
        {
            request["to"] = to;
        }

        JsonObject answer = await members.AskLeaderAsync(request, progress, CtlVerb.Long, stop).ConfigureAwait(false);
        if (CtlVerb.IsOk(answer))
        {
            progress($"member {CtlVerb.Text(answer, "from")} has handed over in {CtlVerb.Text(answer, "handover_us")} µs");
            await VerifyAsync(members, answer, stop).ConfigureAwait(false);
        }

        return CtlVerb.Tell(parsed, answer, Words);
    }

    /// <summary>Waits until the new leader serves, and for a moment for the first report that it sends to a client.</summary>
    private static async Task VerifyAsync(ClusterOperator members, JsonObject answer, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        long to = MemberReport.NumberOf(answer, "to") ?? 0;
        long lastReportNs = MemberReport.NumberOf(answer, "last_report_ns") ?? 0;
        try
        {
            _ = await members.UntilAsync(
                report =>
                {
                    if (report.Leader is not { IsServing: true } leader || leader.Id != to)
                    {
                        return false;
                    }

                    answer["term"] = leader.Term;
                    long firstReportNs = leader.Answer?["counters"] is JsonObject counters ? MemberReport.NumberOf(counters, "first_report_ns") ?? 0 : 0;
                    bool isAnswering = lastReportNs > 0 && firstReportNs > lastReportNs;
                    if (isAnswering)
                    {
                        answer["gap_us"] = (firstReportNs - lastReportNs) / 1000;
                    }

                    return isAnswering || lastReportNs == 0 || Stopwatch.GetElapsedTime(started) > s_awaitClients;
                },
                s_look,
                s_verify,
                report => $"the lead was handed over, but member {to} does not serve {s_verify.TotalSeconds:F0} s later ({(report.Leader is { } other ? $"member {other.Id} leads" : "nobody leads")}); see exchange ctl status",
                stop).ConfigureAwait(false);
        }
        catch (HostException e)
        {
            answer["ok"] = false;
            answer["error"] = e.Message;
        }
    }

    private static string Words(JsonObject answer)
    {
        string gap = MemberReport.NumberOf(answer, "gap_us") is { } us
            ? string.Create(CultureInfo.InvariantCulture, $"; {us / 1000.0:F1} ms between the last report to a client there and the first one here")
            : "; no client has been answered since";
        return $"member {CtlVerb.Text(answer, "to")} leads in term {CtlVerb.Text(answer, "term")}{gap}";
    }
}
