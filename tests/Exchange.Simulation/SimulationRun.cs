using Exchange.Protocol;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Members;

namespace Exchange.Simulation;

/// <summary>Runs one seed to its end: enough commits, then peace, then the last checks.</summary>
internal static class SimulationRun
{
    private const long RestMaxNs = 30_000_000_000;

    /// <summary>Runs a seed; a failure is in the result, not thrown.</summary>
    public static RunResult Run(ulong seed, RunOptions options)
    {
        using SimulatedCluster cluster = new(seed, options);
        string? check = null;
        string? failure = null;
        try
        {
            Trade(cluster, options);
            ComeToRest(cluster);
        }
        catch (SimulationFailedException e)
        {
            (check, failure) = (e.Check, e.Message);
        }
        catch (InvariantException e)
        {
            (check, failure) = ("invariant", $"at {cluster.World.NowNs / 1e6:F3} ms: {e}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            (check, failure) = (e.GetType().Name, $"at {cluster.World.NowNs / 1e6:F3} ms: {e}");
        }

        return new RunResult
        {
            Seed = seed,
            TraceHash = cluster.World.Trace.Value,
            Commits = cluster.Auditor.CommitCount,
            Messages = cluster.Auditor.MessagesChecked,
            Trades = cluster.Auditor.Reference.Trades,
            RulesAccepted = cluster.Auditor.Rules?.Accepted ?? 0,
            RulesRefused = cluster.Auditor.Rules?.Refused ?? 0,
            RulesGiven = cluster.Desk?.Given ?? 0,
            TermsLed = cluster.Auditor.TermsLed,
            Elections = cluster.Elections,
            Truncations = cluster.Truncations,
            Snapshots = cluster.Snapshots,
            Faults = cluster.Nemesis?.Count ?? 0,
            MembershipChanges = cluster.Auditor.ConfigurationCount,
            Promotions = cluster.Operator?.Promotions ?? 0,
            Installs = cluster.Boxes.Sum(static box => box.Installs),
            Refusals = cluster.Boxes.Sum(static box => box.Refusals),
            Rebuilds = cluster.Boxes.Sum(static box => box.Rebuilds) + (cluster.Operator?.Strangers ?? 0),
            ContestedTerms = cluster.Auditor.ContestedTerms,
            Switchovers = cluster.Nemesis?.Switchovers ?? 0,
            Logons = cluster.Clients.Sum(static client => client.Logons),
            Resets = cluster.Clients.Sum(static client => client.Resets),
            SimulatedNs = cluster.World.NowNs,
            FailedCheck = check,
            Failure = failure,
            Story = failure is null ? [] : [.. cluster.World.Story.Lines],
        };
    }

    private static void Trade(SimulatedCluster cluster, RunOptions options)
    {
        while (cluster.Auditor.CommitCount < options.CommitsMin && cluster.World.Step())
        {
            if (cluster.World.NowNs > options.DurationMaxNs)
            {
                throw new SimulationFailedException("liveness", $"only {cluster.Auditor.CommitCount} commits in {options.DurationMaxNs / 1e9:F0} s");
            }
        }
    }

    private static void ComeToRest(SimulatedCluster cluster)
    {
        cluster.World.Tell("everything is put right, and clients come to rest");
        cluster.Heal();
        foreach (FixClient client in cluster.Clients)
        {
            client.IsQuiet = true;
        }

        long deadlineNs = cluster.World.NowNs + RestMaxNs;
        while (!IsAtRest(cluster) && cluster.World.NowNs < deadlineNs && cluster.World.Step())
        {
        }

        if (!IsAtRest(cluster))
        {
            string clients = string.Join("; ", cluster.Clients.Where(static client => !client.IsSettled)
                .Select(static client => $"{client.Profile.CompId} {client.State}, without an answer: {client.Trader.Unanswered}"));
            string members = string.Join("; ", cluster.Boxes.Select(static box => $"member {box.MemberId} {(box.Member is { } member ? $"{member.Node.Raft.Role} term {member.Term} commit {member.CommitPosition} applied {member.AppliedPosition}" : "down")}"));
            throw new SimulationFailedException("liveness", $"no rest within {RestMaxNs / 1e9:F0} s after everything was put right: {clients}; {members}");
        }

        cluster.Auditor.CheckEnd([.. cluster.Boxes.Where(static box => box.IsWanted).Select(static IMemberUnderTest (box) => box.Member!)]);
    }

    private static bool IsAtRest(SimulatedCluster cluster) =>
        cluster.Clients.All(static client => client.IsSettled)
        && cluster.Operator is not { IsBusy: true }
        && cluster.Boxes.All(static box => !box.IsDamaged)
        && cluster.Boxes.All(box => !box.IsWanted || (box.Member is { } member && member.CommitPosition == cluster.Auditor.CommittedPosition && member.AppliedPosition == member.CommitPosition))
        && cluster.Auditor.AreNumbersEqual
        && cluster.Auditor.IsWorkDone;
}
