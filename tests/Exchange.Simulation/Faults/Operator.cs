// Problem: who belongs to a cluster changes while it runs, and what an operator asked for may or may not have happened when the leader died
// over it. Idea: an operator who never trusts an answer, only what is committed: he starts a box when the cluster has taken it in, and takes it
// away, disk and all, when the cluster has let it go. What must hold: he never takes away what a majority may need.
using System.Globalization;
using Exchange.Cluster.Consensus;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Members;

namespace Exchange.Simulation.Faults;

/// <summary>Adds, promotes and removes boxes, and helps a cluster of two boxes when one is lost.</summary>
internal sealed class Operator
{
    private readonly SimulatedCluster _cluster;
    private readonly SimulatedWorld _world;
    private readonly Chance _chance;
    private readonly long[] _strangerSinceNs;
    private bool _isOver;

    public Operator(SimulatedCluster cluster)
    {
        _cluster = cluster;
        _world = cluster.World;
        _chance = _world.Chance.Fork();
        _strangerSinceNs = [.. _cluster.Boxes.Select(static _ => long.MaxValue)];
        _world.After(50_000_000, Reconcile);
        if (cluster.Scenario.ChangesMembers)
        {
            _world.After(_chance.Between(300_000_000, 900_000_000), Change);
        }
    }

    /// <summary>Promotions by force.</summary>
    public long Promotions { get; private set; }

    /// <summary>Members that had to be set up anew because the leader was unknown to them.</summary>
    public long Strangers { get; private set; }

    /// <summary>A box is lost and the other is being promoted.</summary>
    public bool IsBusy { get; private set; }

    public void End() => _isOver = true;

    /// <summary>One of two boxes has lost its power: it stays off until the other leads alone, and votes again when it has caught up.</summary>
    public void OnLost(SimulatedBox lost)
    {
        IsBusy = true;
        lost.IsHeldOff = true;
        SimulatedBox other = _cluster.Boxes.First(box => box != lost);
        _world.After(_chance.Between(100_000_000, 600_000_000), () => Promote(other, lost));
    }

    private void Promote(SimulatedBox other, SimulatedBox lost)
    {
        if (other.Member is { IsLeader: true } leader && leader.Raft.Configuration.VoterCount == 1 && leader.IsServing)
        {
            lost.IsHeldOff = false;
            _world.After(_chance.Between(20_000_000, 1_500_000_000), () =>
            {
                lost.PowerOn();
                lost.StartMember();
                lost.StartGateway();
                TakeBack(lost);
            });
            return;
        }

        if (other.Member is { IsStopped: false } member && !member.IsLeader)
        {
            Ask(member, string.Create(CultureInfo.InvariantCulture, $$"""{"verb":"promote","term":{{member.Term}}}"""), () => Promotions++);
        }

        _world.After(200_000_000, () => Promote(other, lost));
    }

    private void TakeBack(SimulatedBox lost)
    {
        if (_cluster.Auditor.Configuration is { } now && now.TryFind(lost.MemberId, out ClusterMember? member) && member.IsVoter && !lost.MayLack)
        {
            IsBusy = false;
            return;
        }

        if (_cluster.Leader?.Member is { } leader)
        {
            Ask(leader, Add(lost));
        }

        _world.After(_chance.Between(100_000_000, 400_000_000), () => TakeBack(lost));
    }

    // What is committed decides which boxes run.
    private void Reconcile()
    {
        if (_cluster.Auditor.Configuration is { } now)
        {
            foreach (SimulatedBox box in _cluster.Boxes)
            {
                bool belongs = now.TryFind(box.MemberId, out _);
                if (belongs && !box.IsWanted)
                {
                    box.Tell("is taken into the cluster, with an empty disk");
                    _cluster.GiveDisk(box);
                    box.IsWanted = true;
                    box.StartMember();
                    box.StartGateway();
                }
                else if (!belongs && box.IsWanted)
                {
                    box.Tell("is let go");
                    box.KillMember();
                    box.KillGateway();
                    box.IsWanted = false;
                }
                else if (belongs)
                {
                    LookAfter(box);
                }
            }
        }

        _world.After(_chance.Between(20_000_000, 60_000_000), Reconcile);
    }

    // A member that was away while the others became others does not know the leader, and listens to nobody whom it does not know.
    private void LookAfter(SimulatedBox box)
    {
        bool isStranger = _cluster.Leader is { } leader && leader != box && leader.Member!.IsServing && box.Member is { } member
            && !member.Raft.Configuration.TryFind(leader.MemberId, out _);
        _strangerSinceNs[box.Index] = !isStranger ? long.MaxValue : Math.Min(_strangerSinceNs[box.Index], _world.NowNs);
        if (_world.NowNs - _strangerSinceNs[box.Index] > 2_000_000_000 && _strangerSinceNs[box.Index] != long.MaxValue && _cluster.Nemesis!.MayLoseFrom(box))
        {
            Strangers++;
            _strangerSinceNs[box.Index] = long.MaxValue;
            box.Tell("does not know the leader, and is set up anew");
            box.KillMember();
            _cluster.GiveDisk(box);
            box.StartMember();
        }
    }

    private void Change()
    {
        if (_isOver)
        {
            return;
        }

        _world.After(_chance.Between(100_000_000, 1_200_000_000), Change);
        if (_cluster.Leader?.Member is not { IsStopped: false } leader)
        {
            return;
        }

        ClusterConfiguration now = leader.Raft.Configuration;
        SimulatedBox box = _chance.Pick(_cluster.Boxes);
        if (!now.TryFind(box.MemberId, out ClusterMember? member))
        {
            // What is let go must be gone before it may come back.
            if (!box.IsWanted)
            {
                Ask(leader, Add(box));
            }
        }
        else if (!member.IsVoter && _chance.PerMille(800))
        {
            Ask(leader, Add(box));
        }
        else if (!member.IsVoter || (now.VoterCount >= 4 && _cluster.Nemesis!.MayLoseSomething) || (now.VoterCount == 3 && _cluster.Nemesis!.MayLoseSomething && _chance.PerMille(300)))
        {
            Ask(leader, string.Create(CultureInfo.InvariantCulture, $$"""{"verb":"member-remove","id":{{box.MemberId}}}"""));
        }
    }

    private static string Add(SimulatedBox box)
    {
        string kind = box.Kind == MemberKind.Engine ? "engine" : "witness";
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"verb":"member-add","id":{{box.MemberId}},"kind":"{{kind}}","peer":"box{{box.MemberId}}:1","fix":"box{{box.MemberId}}:2","priority":1}""");
    }

    private void Ask(SimulatedMember member, string request, Action? done = null)
    {
        _world.Tell(string.Create(CultureInfo.InvariantCulture, $"an operator asks member {member.Id}: {request}"));
        member.Transport.Ask(request, (answer, isLast) =>
        {
            _world.Tell("operator: " + answer);
            if (isLast && answer.Contains("\"ok\":true", StringComparison.Ordinal))
            {
                done?.Invoke();
            }
        });
    }
}
