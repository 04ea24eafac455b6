// Problem: what breaks a cluster is not one fault but the second one in the wrong moment. Idea: something goes wrong every few hundred
// milliseconds, drawn from everything that boxes, disks, networks and clocks do, and what went wrong is put right again some time later,
// overlapping at will. What must hold: what a majority may never lose is never lost by a majority; all else is allowed.
using System.Globalization;
using Exchange.Cluster;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Members;

namespace Exchange.Simulation.Faults;

/// <summary>Makes things go wrong.</summary>
internal sealed partial class Nemesis
{
    private readonly SimulatedCluster _cluster;
    private readonly SimulatedWorld _world;
    private readonly Chance _chance;
    private readonly (int Weight, Action Strike)[] _faults;
    private readonly int _weights;
    private readonly long _paceNs;
    private bool _isOver;

    public Nemesis(SimulatedCluster cluster)
    {
        _cluster = cluster;
        _world = cluster.World;
        _chance = _world.Chance.Fork();
        _paceNs = _chance.Between(100_000_000, 900_000_000);
        _faults =
        [
            (10, KillMember),
            (4, KillGateway),
            (4, KillBoth),
            (6, CrashBox),
            (6, StopMember),
            (4, StopGateway),
            (5, StopBoth),
            (8, CutPeers),
            (6, CutOneWay),
            (4, CutClients),
            (6, BreakConnection),
            (5, SlowDisk),
            (4, SlowNetwork),
            (4, JumpClock),
            (2, LoseDisk),
            (3, RestartInOrder),
            (5, Switchover),
            (3, RawNetwork),
            (3, TellNews),
            (_cluster.Scenario.IsCloseRace ? 15 : 0, KillLeaderShortly),
            (_cluster.Scenario.IsCloseRace ? 25 : 0, StopLeaderShortly),
            (_cluster.Scenario.DeletesLog ? 6 : 0, KillForLong),
            (_cluster.Scenario.DeletesLog ? 4 : 0, LoseDisk),
            (_cluster.Scenario.DamagesLogs ? 12 : 0, DamageLog),
            (_cluster.Durability == Durability.Fsync && !_cluster.Scenario.IsTwoBoxes ? 6 : 0, CrashTwo),
        ];
        _weights = _faults.Sum(static fault => fault.Weight);
        _world.After(_chance.Between(300_000_000, 1_000_000_000), Strike);
    }

    public long Count { get; private set; }

    public long Switchovers { get; private set; }

    public void End() => _isOver = true;

    private void Strike()
    {
        if (_isOver)
        {
            return;
        }

        int dice = _chance.Below(_weights);
        foreach ((int weight, Action strike) in _faults)
        {
            dice -= weight;
            if (dice < 0)
            {
                Count++;
                strike();
                break;
            }
        }

        _world.After(_chance.Between(_paceNs / 10, 2 * _paceNs), Strike);
    }

    private SimulatedBox Any() => _chance.PerMille(500) && _cluster.Leader is { } leader ? leader : _chance.Pick(_cluster.Boxes);

    private void Later(long lowestMs, long highestMs, Action action) => _world.After(_chance.Between(lowestMs * 1_000_000, highestMs * 1_000_000), action);

    private void KillMember()
    {
        SimulatedBox box = Any();
        box.KillMember();
        Later(20, 900, box.StartMember);
    }

    private void KillGateway()
    {
        SimulatedBox box = Any();
        box.KillGateway();
        Later(10, 500, box.StartGateway);
    }

    private void KillBoth()
    {
        SimulatedBox box = Any();
        box.KillMember();
        box.KillGateway();
        Later(20, 900, box.StartMember);
        Later(20, 900, box.StartGateway);
    }

    /// <summary>Only while every other box has all that it ever acknowledged, and those are enough to go on with.</summary>
    public bool MayLoseSomething => MayLoseFrom(null);

    /// <summary>The same, whatever state one box is in that is to lose something.</summary>
    public bool MayLoseFrom(SimulatedBox? victim) => _cluster.Boxes.All(box => box == victim || !box.IsWanted || (!box.IsDown && !box.MayLack && box.Member is { } member && HasSpare(member)))
        && _cluster.Operator is not { IsBusy: true };

    private bool HasSpare(SimulatedMember member) => member.Raft.Configuration.VoterCount >= (_cluster.Scenario.IsTwoBoxes ? 2 : 3);

    private void CrashBox() => LosePower(losesDisk: false);

    private void LoseDisk() => LosePower(losesDisk: true);

    private void LosePower(bool losesDisk)
    {
        if (!MayLoseSomething)
        {
            return;
        }

        SimulatedBox box = Any();
        box.Crash();
        if (losesDisk && box.IsWanted)
        {
            _cluster.GiveDisk(box);
        }

        if (_cluster.Scenario.IsTwoBoxes)
        {
            _cluster.Operator!.OnLost(box);
            return;
        }

        Later(50, 1500, () =>
        {
            box.PowerOn();
            box.StartMember();
            box.StartGateway();
        });
    }

    // Where everything is flushed before it is acknowledged, power may go everywhere at once, whatever else has just happened.
    private void CrashTwo()
    {
        if (_cluster.Operator is { IsBusy: true })
        {
            return;
        }

        SimulatedBox first = Any();
        CrashForNow(first);
        Later(0, 30, () => CrashForNow(_chance.Pick(_cluster.Boxes)));
    }

    private void CrashForNow(SimulatedBox box)
    {
        if (_isOver || box.IsDown || box.IsDamaged || !box.IsWanted)
        {
            return;
        }

        box.Crash();
        Later(50, 1500, () =>
        {
            box.PowerOn();
            box.StartMember();
            box.StartGateway();
        });
    }

    private void KillForLong()
    {
        SimulatedBox box = Any();
        box.KillMember();
        Later(1500, 8000, box.StartMember);
    }

    private void DamageLog()
    {
        if (!MayLoseSomething)
        {
            return;
        }

        SimulatedBox box = Any();
        if (box.Member is { } member)
        {
            long from = member.Log.StartPosition;
            long to = member.Log.FlushedPosition;
            box.KillMember();
            box.Damage(from, to);
            Later(20, 500, box.StartMember);
        }
    }

    private void StopMember()
    {
        SimulatedBox box = Any();
        if (box.Member is { IsStopped: false } member)
        {
            box.Tell("member is stopped");
            member.Stop();
            Later(5, 1200, () => Wake(box, member));
        }
    }

    private static void Wake(SimulatedBox box, SimulatedMember member)
    {
        if (box.Member == member)
        {
            box.Tell("member goes on");
            member.Continue();
        }
    }

    private void StopGateway()
    {
        SimulatedBox box = Any();
        if (box.Gateway is { IsStopped: false } gateway)
        {
            box.Tell("gateway is stopped");
            gateway.Stop();
            Later(5, 1200, () =>
            {
                if (box.Gateway == gateway)
                {
                    gateway.Continue();
                }
            });
        }
    }

    private void StopBoth()
    {
        SimulatedBox box = Any();
        if (box.Member is { IsStopped: false } member && box.Gateway is { IsStopped: false } gateway)
        {
            box.Tell("member and gateway are stopped");
            member.Stop();
            gateway.Stop();
            Later(50, 2000, () =>
            {
                Wake(box, member);
                if (box.Gateway == gateway)
                {
                    gateway.Continue();
                }
            });
        }
    }

    private void CutPeers()
    {
        SimulatedBox box = Any();
        int alsoClients = _chance.Below(2);
        box.Tell(alsoClients == 1 ? "is cut off from all" : "is cut off from the other members");
        SetDark(box, isDark: true, alsoClients == 1);
        Later(20, 2500, () => SetDark(box, isDark: false, alsoClients == 1));
    }

    private void SetDark(SimulatedBox box, bool isDark, bool alsoClients)
    {
        foreach (SimulatedBox other in _cluster.Boxes)
        {
            if (other != box)
            {
                _cluster.Network.Path(box.Index, other.Index).SetDark(isDark);
                _cluster.Network.Path(other.Index, box.Index).SetDark(isDark);
            }
        }

        if (alsoClients)
        {
            box.ClientsToBox.SetDark(isDark);
            box.BoxToClients.SetDark(isDark);
        }
    }

    private void CutOneWay()
    {
        SimulatedBox from = _chance.Pick(_cluster.Boxes);
        SimulatedBox to = _chance.Pick(_cluster.Boxes);
        if (from == to)
        {
            return;
        }

        _world.Tell(string.Create(CultureInfo.InvariantCulture, $"nothing gets from box {from.MemberId} to box {to.MemberId}"));
        _cluster.Network.Path(from.Index, to.Index).SetDark(true);
        Later(20, 2500, () => _cluster.Network.Path(from.Index, to.Index).SetDark(false));
    }

    private void CutClients()
    {
        SimulatedBox box = Any();
        bool isOneWay = _chance.Below(2) == 0;
        box.Tell(isOneWay ? "is not heard by clients" : "is cut off from clients");
        box.BoxToClients.SetDark(true);
        if (!isOneWay)
        {
            box.ClientsToBox.SetDark(true);
        }

        Later(20, 2000, () =>
        {
            box.BoxToClients.SetDark(false);
            box.ClientsToBox.SetDark(false);
        });
    }

    private void BreakConnection()
    {
        SimulatedBox from = _chance.Pick(_cluster.Boxes);
        SimulatedBox to = _chance.Pick(_cluster.Boxes);
        if (from != to)
        {
            _cluster.Network.Link(from.Index, to.Index).Break(isProcessGone: _chance.Below(4) == 0);
        }
    }

    private void SlowDisk()
    {
        SimulatedBox box = Any();
        if (box.Member is { } member)
        {
            box.Tell("disk is slow");
            member.Flush.ExtraDelayNs = _chance.Between(1_000_000, 150_000_000);
            Later(50, 2000, () => member.Flush.ExtraDelayNs = 0);
        }
    }

    private void SlowNetwork()
    {
        SimulatedBox from = _chance.Pick(_cluster.Boxes);
        SimulatedBox to = _chance.Pick(_cluster.Boxes);
        _cluster.Network.Path(from.Index, to.Index).ExtraDelayNs = _chance.Between(100_000, 60_000_000);
        Later(50, 2000, () => _cluster.Network.Path(from.Index, to.Index).ExtraDelayNs = 0);
    }

    private void JumpClock()
    {
        SimulatedBox box = Any();
        long byMs = _chance.Between(-3000, 3000);
        box.Tell(string.Create(CultureInfo.InvariantCulture, $"wall clock jumps by {byMs} ms"));
        box.Time.WallOffsetNs += byMs * 1_000_000;
        Later(100, 4000, () => box.Time.WallOffsetNs = 0);
    }

    private void RestartInOrder()
    {
        SimulatedBox box = Any();
        if (box.Member is { IsStopped: false })
        {
            box.ShutdownMember();
            Later(20, 500, box.StartMember);
        }
    }

    private void Switchover()
    {
        if (_cluster.Leader?.Member is { } leader)
        {
            _world.Tell(string.Create(CultureInfo.InvariantCulture, $"an operator asks member {leader.Id} to hand over"));
            leader.Transport.Ask("""{"verb":"switchover"}""", (answer, isLast) =>
            {
                _world.Tell("operator: " + answer);
                Switchovers += isLast && answer.Contains("\"ok\":true", StringComparison.Ordinal) ? 1 : 0;
            });
        }
    }

    private void TellNews()
    {
        if (_cluster.Leader?.Member is { } leader)
        {
            _world.Tell(string.Create(CultureInfo.InvariantCulture, $"an operator has member {leader.Id} tell news"));
            leader.Transport.Ask("""{"verb":"news","headline":"Storm ahead","text":"Expect delays.\nStay calm."}""", (answer, _) => _world.Tell("operator: " + answer));
        }
    }

    private void RawNetwork()
    {
        _cluster.Network.RawPerMille = _chance.Below(100);
        Later(100, 2000, () => _cluster.Network.RawPerMille = 0);
    }
}
