// `exchange ctl promote`: makes the engine of two boxes that is left the leader, on an operator's word. Nothing but that word keeps two
// leaders apart here, so the word is exact: the term that is superseded, typed by hand, and the other box is asked first.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Exchange.Host.Operations;

namespace Exchange.Host.Commands.Ctl;

/// <summary>The verb <c>promote</c>.</summary>
internal static class PromoteCommand
{
    private static readonly Option<bool> s_force = new("--force") { Description = "Required: the member decides alone from then on." };
    private static readonly Option<long?> s_term = new("--term") { Description = "The term that is superseded: the present one of the member (see status)." };
    private static readonly Option<int?> s_member = new("--member") { Description = "Engine to promote (default: the only engine that answers)." };
    private static readonly Option<bool> s_yes = new("--yes") { Description = "Do not ask; the other box is powered off." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.Create(
        "promote", "For two boxes without a witness: make the engine that is left the leader. Only when the other one is powered off.", [s_force, s_term, s_member, s_yes], RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        if (!parsed.GetValue(s_force) || parsed.GetValue(s_term) is not { } term || term < 1)
        {
            throw new HostException("promote needs --force and --term N, the term that is superseded; `exchange ctl status` shows it", ExitCode.BadInput);
        }

        ClusterOperator members = CtlSwitches.Operator(parsed);
        ClusterReport report = await members.StatusAsync(stop).ConfigureAwait(false);
        if (report.Leader is { } leader)
        {
            throw new HostException($"member {leader.Id} answers and leads in term {leader.Term}; use switchover, or power it off first");
        }

        MemberReport chosen = Choose(report, parsed.GetValue(s_member));
        if (Refusal(report, chosen) is { } refusal)
        {
            throw new HostException(refusal);
        }

        if (!parsed.GetValue(s_yes))
        {
            Confirm(chosen, term);
        }

        JsonObject request = new() { ["verb"] = "promote", ["term"] = term };
        JsonObject answer = await members.AskAsync(chosen.Member, request, CtlVerb.Progress(parsed), CtlVerb.Long, stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, a => $"member {chosen.Id} leads alone in term {CtlVerb.Text(a, "term")}; what only the other box had is lost");
    }

    /// <summary>Why a member must not be promoted, in words; null when every other one is out of reach and this one has all that was committed.</summary>
    internal static string? Refusal(ClusterReport report, MemberReport chosen)
    {
        if (report.Members.FirstOrDefault(m => m.Id != chosen.Id && m.IsUp) is { } other)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"member {other.Id} answers: its log ends at {other.AppendPosition}, that of member {chosen.Id} at {chosen.AppendPosition}; two that answer elect a leader themselves, or power off the one that is not to lead");
        }

        return chosen.Number("leader_position") is { } last && last > chosen.AppendPosition
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the last leader had committed up to {last}, the log of member {chosen.Id} ends at {chosen.AppendPosition}: start the other box, which has what is missing; when it is lost for good, `exchange ctl recover`")
            : null;
    }

    private static MemberReport Choose(ClusterReport report, int? id)
    {
        if (id is { } wanted)
        {
            return report.Find(wanted) is { IsUp: true } member
                ? member
                : throw new HostException($"member {wanted} does not answer: {report.Find(wanted)?.Reason ?? "there is none of this id"}", ExitCode.Unreachable);
        }

        MemberReport[] engines = [.. report.Members.Where(static m => m is { IsUp: true, Kind: "engine" })];
        return engines.Length switch
        {
            1 => engines[0],
            0 => throw new HostException(ClusterOperator.NobodyAnswers(report), ExitCode.Unreachable),
            _ => throw new HostException("several engines answer; they elect a leader themselves, or name one with --member", ExitCode.BadInput),
        };
    }

    private static void Confirm(MemberReport chosen, long term)
    {
        if (Console.IsInputRedirected)
        {
            throw new HostException("promote asks to type the term; in a script, give --yes once the other box is powered off", ExitCode.BadInput);
        }

        Console.Write($"Member {chosen.Id} will lead alone. If the other box still runs, there will be two exchanges.\nType the term to confirm that it is powered off: ");
        if (Console.ReadLine()?.Trim() != term.ToString(CultureInfo.InvariantCulture))
        {
            throw new HostException("not confirmed; nothing was changed");
        }
    }
}
