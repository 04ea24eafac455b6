using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

/// <summary>
/// A cluster under everything that can go wrong, from one seed: messages lost, repeated, delayed, reordered, links blocked one or both ways,
/// members killed, paused, without power, without disk, leadership handed over, members added and removed. In the end all heals, and
/// then the cluster must agree and go on. What must hold is checked by <see cref="TestCluster"/> and <see cref="TestMember"/> throughout.
/// </summary>
internal sealed class RandomRun : IDisposable
{
    private readonly Random _random;
    private readonly TestCluster _cluster;
    private readonly Dictionary<int, (long Flushed, bool IsPowerCut, bool IsBlank)> _down = [];
    private readonly int _size;
    private int _value;

    public RandomRun(int seed, PlantedDefects defects = PlantedDefects.None, Durability? durability = null, int? members = null)
    {
        _random = new Random(seed);
        _size = members ?? (_random.Next(3) == 0 ? 5 : 3);
        int[] witnesses = _random.Next(2) == 0 ? [_size] : [];
        _cluster = new TestCluster(_size, seed, witnesses)
        {
            Defects = defects,
            Durability = durability ?? (_random.Next(2) == 0 ? Durability.Fsync : Durability.Replicated),
            FlushesAtOnce = false,
        };
    }

    public TestCluster Cluster => _cluster;

    public int Kills { get; private set; }

    public int PowerCuts { get; private set; }

    public int Changes { get; private set; }

    public int Transfers { get; private set; }

    /// <summary>Runs for a number of turns, then heals all and requires agreement.</summary>
    public void Run(int steps)
    {
        _cluster.StartAll();
        for (int step = 0; step < steps; step++)
        {
            Disturb();
            Work();
            _cluster.Step(_random.Next(20) == 0 ? _random.NextInt64(20) * TestCluster.Millisecond : _random.NextInt64(2 * TestCluster.Millisecond));
        }

        Heal();
    }

    public void Dispose() => _cluster.Dispose();

    private void Work()
    {
        foreach (TestMember member in _cluster.Members.Where(static member => member is { IsUp: true, IsPaused: false }))
        {
            if (member.IsLeader && !member.Raft.IsTransferring && _random.Next(4) == 0)
            {
                member.Append(_random.Next(20) == 0 ? _random.Next(100_000) : _random.Next(500), _value++);
            }

            if (_random.Next(10) == 0)
            {
                member.Log.Flush();
            }
        }
    }

    private void Disturb()
    {
        int dice = _random.Next(1000);
        TestMember member = _cluster.Members[_random.Next(_cluster.Members.Count)];
        switch (dice)
        {
            case < 6:
                Stop(member);
                break;
            case < 16:
                Restart();
                break;
            case < 21:
                member.IsPaused = member.IsUp;
                break;
            case < 28:
                _cluster.Members.ForEach(static paused => paused.IsPaused = false);
                break;
            case < 34:
                Split();
                break;
            case < 38:
                _cluster.Network.Block(member.Id, _random.Next(_size) + 1);
                break;
            case < 44:
                _cluster.Network.Heal();
                break;
            case < 50:
                _cluster.Network.TroublePercent = _random.Next(3) == 0 ? _random.Next(40) : 0;
                break;
            case < 54:
                Transfers += _cluster.Leader?.Raft.TryTransfer(member.Id, out _) == true ? 1 : 0;
                break;
            case < 58:
                Reconnect(member);
                break;
            case < 62:
                Change(member);
                Change(_cluster.Members[_random.Next(_cluster.Members.Count)]);
                Change(_cluster.Members[_random.Next(_cluster.Members.Count)]);
                break;
            case < 65:
                RackLosesPower();
                break;
            default:
                break;
        }
    }

    // With fsync even that loses nothing that was acknowledged.
    private void RackLosesPower()
    {
        if (_cluster.Durability == Durability.Fsync)
        {
            foreach (TestMember member in _cluster.Members.Where(static member => member.IsUp))
            {
                _down[member.Id] = (member.Log.FlushedPosition, true, false);
                PowerCuts++;
                _cluster.Kill(member);
            }
        }
    }

    private void Split()
    {
        int side = _random.Next(1 << _size);
        for (int from = 1; from <= _size; from++)
        {
            for (int to = 1; to <= _size; to++)
            {
                _cluster.Network.Block(from, to, (((side >> (from - 1)) ^ (side >> (to - 1))) & 1) != 0);
            }
        }
    }

    private void Reconnect(TestMember member)
    {
        foreach (TestMember other in _cluster.Members.Where(other => other.IsUp && member.IsUp && other != member))
        {
            _cluster.Network.Disconnect(member.Id, other.Id);
            member.Raft.OnDisconnected(other.Id, _random.Next(2) == 0, _cluster.Network.NowNs);
            other.Raft.OnDisconnected(member.Id, _random.Next(2) == 0, _cluster.Network.NowNs);
        }

        _cluster.ConnectAll();
    }

    // Only so many members forget at once that a majority of any configuration remembers; otherwise the cluster rightly stands still for ever.
    private void Stop(TestMember member)
    {
        if (!member.IsUp)
        {
            return;
        }

        bool mayForget = Forgetful(except: member) < ForgetfulMax;
        bool isPowerCut = (mayForget || _cluster.Durability == Durability.Fsync) && _random.Next(2) == 0;
        bool isBlank = mayForget && _random.Next(6) == 0;
        _down[member.Id] = (member.Log.FlushedPosition, isPowerCut || isBlank, isBlank);
        Kills++;
        PowerCuts += isPowerCut || isBlank ? 1 : 0;
        _cluster.Kill(member, isNoticed: _random.Next(2) == 0);
    }

    private int ForgetfulMax => (_cluster.Members.Min(static member => member.Raft.Configuration.VoterCount) - 1) / 2;

    private int Forgetful(TestMember? except) => _cluster.Members.Count(other =>
        other != except && (other.Votes.Current.IsRecovering || (!other.IsUp && _down[other.Id].IsPowerCut && (_down[other.Id].IsBlank || _cluster.Durability == Durability.Replicated))));

    private void Restart()
    {
        foreach ((int id, (long flushed, bool isPowerCut, bool isBlank)) in _down.ToArray())
        {
            TestMember member = _cluster[id];
            if (isBlank)
            {
                member.StartBlank();
            }
            else if (isPowerCut)
            {
                member.StartAfterPowerCut(flushed, isRecovering: _cluster.Durability == Durability.Replicated);
            }
            else
            {
                member.Start();
            }

            _down.Remove(id);
        }

        _cluster.ConnectAll();
    }

    // A voter becomes a learner or a learner a voter; now and then two at once, which is to be refused.
    private void Change(TestMember member)
    {
        if (_cluster.Leader is not { } leader || !leader.Raft.Configuration.TryFind(member.Id, out ClusterMember? known))
        {
            return;
        }

        ClusterConfiguration next = leader.Raft.Configuration;
        bool mayShrink = Forgetful(except: null) < ForgetfulMax;
        if (!known.IsVoter || (mayShrink && next.Members.Count(other => other.IsVoter && other.Kind == MemberKind.Engine) > 1))
        {
            next = next.With(known with { IsVoter = !known.IsVoter });
            Changes += leader.Raft.TryChange(next, out _) ? 1 : 0;
        }
    }

    private void Heal()
    {
        _cluster.Network.TroublePercent = 0;
        _cluster.Network.Heal();
        _cluster.Members.ForEach(static paused => paused.IsPaused = false);
        Restart();
        foreach (TestMember member in _cluster.Members)
        {
            Reconnect(member);
        }

        _cluster.FlushesAtOnce = true;
        _cluster.Elect();
        _cluster.RunUntil(() => _cluster.Members.TrueForAll(static member => !member.Raft.IsRecovering), "all recovered", 20_000);
        _cluster.Replicate(3);
        foreach (TestMember member in _cluster.Members)
        {
            _cluster.Committed.RequireIn(member.Id, member.Log);
            Assert.Equal(_cluster.Members[0].Log.AppendPosition, member.Log.AppendPosition);
            Assert.Equal(0, member.Raft.Counters.MalformedMessages);
        }
    }
}
