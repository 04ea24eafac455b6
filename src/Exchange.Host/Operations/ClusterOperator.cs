// Asks the members of a cluster. Each member answers for itself only, so that an answer is worth something even when the others are
// gone: a status is the sum of all answers, and a verb for the leader goes to whoever says that it leads.
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Exchange.Host.Operations;

/// <summary>An operator's view of a cluster.</summary>
internal sealed class ClusterOperator
{
    private static readonly TimeSpan s_statusLimit = TimeSpan.FromSeconds(2);
    private readonly OperatorAccess _access;

    /// <summary>Creates the view.</summary>
    public ClusterOperator(OperatorAccess access, IReadOnlyList<OperatorMember> members)
    {
        _access = access;
        Members = members;
    }

    /// <summary>Who is asked.</summary>
    public IReadOnlyList<OperatorMember> Members { get; }

    /// <summary>
    /// Asks all members for their status, at the same time; then those that the leader knows and this operator did not, as after a member
    /// was added, or when only one address was given.
    /// </summary>
    public async Task<ClusterReport> StatusAsync(CancellationToken stop)
    {
        MemberReport[] reports = await Task.WhenAll(Members.Select(member => StatusAsync(member, stop))).ConfigureAwait(false);
        IReadOnlyList<OperatorMember> more = new ClusterReport(reports).Unasked();
        MemberReport[] others = await Task.WhenAll(more.Select(member => StatusAsync(member, stop))).ConfigureAwait(false);
        return new ClusterReport([.. reports.Concat(others).OrderBy(static r => r.Id)]);
    }

    /// <summary>Asks the leader.</summary>
    /// <exception cref="HostException">There is no leader, or nobody answers.</exception>
    public async Task<JsonObject> AskLeaderAsync(JsonObject request, Action<string> progress, TimeSpan limit, CancellationToken stop)
    {
        ClusterReport report = await StatusAsync(stop).ConfigureAwait(false);
        if (report.Leader is { } leader)
        {
            return await AskAsync(leader.Member, request, progress, limit, stop).ConfigureAwait(false);
        }

        throw report.AnyUp
            ? new HostException("no member leads at this moment; see `exchange ctl status`, and try again when one does")
            : new HostException(NobodyAnswers(report), ExitCode.Unreachable);
    }

    /// <summary>Asks one member.</summary>
    /// <exception cref="HostException">It does not answer.</exception>
    public async Task<JsonObject> AskAsync(OperatorMember member, JsonObject request, Action<string> progress, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            return await _access.AskAsync(member.PeerAddress, request, progress, limit, stop).ConfigureAwait(false);
        }
        catch (HostException e)
        {
            throw new HostException($"{member.Name}: {e.Message}", e.ExitCode);
        }
    }

    /// <summary>Asks all members for their status, again and again, until the answers are as wanted.</summary>
    /// <param name="condition">What is wanted.</param>
    /// <param name="pause">Time between two rounds.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="late">What to say of the last answers when it took longer.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="HostException">It took longer.</exception>
    public async Task<ClusterReport> UntilAsync(Predicate<ClusterReport> condition, TimeSpan pause, TimeSpan limit, Func<ClusterReport, string> late, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            ClusterReport report = await StatusAsync(stop).ConfigureAwait(false);
            if (condition(report))
            {
                return report;
            }

            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new HostException(late(report));
            }

            await Task.Delay(pause, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Why nobody could be asked, in one line.</summary>
    public static string NobodyAnswers(ClusterReport report) =>
        $"no member answers ({string.Join("; ", report.Members.Select(static m => $"{m.Member.Name}: {m.Reason}").Distinct(StringComparer.Ordinal))}); is the exchange running?";

    private async Task<MemberReport> StatusAsync(OperatorMember member, CancellationToken stop)
    {
        try
        {
            JsonObject answer = await _access.AskAsync(member.PeerAddress, new JsonObject { ["verb"] = "status" }, static _ => { }, s_statusLimit, stop).ConfigureAwait(false);
            return MemberReport.FlagOf(answer, "ok")
                ? new MemberReport(member, answer, string.Empty)
                : new MemberReport(member, null, answer["error"]?.ToString() ?? "the answer makes no sense");
        }
        catch (HostException e)
        {
            return new MemberReport(member, null, e.Message);
        }
    }
}
