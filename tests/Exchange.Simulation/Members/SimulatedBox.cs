using System.Globalization;
using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Recovery;
using Exchange.Log;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Gateways;
using Exchange.Simulation.Network;

namespace Exchange.Simulation.Members;

/// <summary>A box: its clocks, its disk, a member, and a gateway unless the member is a witness.</summary>
internal sealed class SimulatedBox
{
    private readonly SimulatedWorld _world;
    private readonly PeerNetwork _network;
    private readonly Chance _chance;
    private readonly Func<SimulatedBox, MemberStart> _start;
    private int _lastProcessId;

    public SimulatedBox(SimulatedWorld world, PeerNetwork network, int index, MemberKind kind, string directory, Func<SimulatedBox, MemberStart> start)
    {
        _world = world;
        _network = network;
        _chance = world.Chance.Fork();
        _start = start;
        Index = index;
        Kind = kind;
        MemberDirectory = directory;
        Time = new SimulatedTime(world, _chance.Fork());
        ClientsToBox = new NetworkPath(world, _chance.Fork(), 20_000, 120_000);
        BoxToClients = new NetworkPath(world, _chance.Fork(), 20_000, 120_000);
        _lastProcessId = 1000 * (index + 1);
    }

    /// <summary>From 0.</summary>
    public int Index { get; }

    /// <summary>From 1.</summary>
    public int MemberId => Index + 1;

    public MemberKind Kind { get; }

    public string MemberDirectory { get; }

    public SimulatedTime Time { get; }

    public SimulatedVotes Votes { get; } = new();

    public NetworkPath ClientsToBox { get; }

    public NetworkPath BoxToClients { get; }

    /// <summary>The member's process; null while it is down.</summary>
    public SimulatedMember? Member { get; private set; }

    /// <summary>The gateway's process; null while it is down.</summary>
    public SimulatedGateway? Gateway { get; private set; }

    /// <summary>Who belongs to the cluster, as the operator wrote it on this box when he gave it its disk; null for what all began with.</summary>
    public ClusterConfiguration? Written { get; set; }

    /// <summary>The whole box is down.</summary>
    public bool IsDown { get; private set; }

    /// <summary>It belongs to the cluster's configuration and is to run.</summary>
    public bool IsWanted { get; set; } = true;

    /// <summary>Set while a fault must not be answered by another of its kind: this box may lack what it acknowledged.</summary>
    public bool MayLack => Votes.Current.IsRecovering || IsDamaged;

    /// <summary>Something was written into its log that the member never wrote, and nobody has put that right yet.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Times a member was opened again to start from a snapshot that had arrived.</summary>
    public long Installs { get; private set; }

    /// <summary>Times a member refused a damaged log.</summary>
    public long Refusals { get; private set; }

    /// <summary>Times a member was built anew from its peers.</summary>
    public long Rebuilds { get; private set; }

    public void StartMember()
    {
        if (Member is not null || IsDown || !IsWanted)
        {
            return;
        }

        Tell("member starts");
        try
        {
            Member = new SimulatedMember(_start(this));
        }
        catch (LogDamagedException e) when (IsDamaged)
        {
            Refuse(e);
        }
    }

    /// <summary>The member's process cannot go on; false when that is a failure of the run.</summary>
    public bool OnEnded(SimulatedMember member, Exception cause)
    {
        if (member != Member || cause is not (MemberReopenException or LogDamagedException) || (cause is LogDamagedException && !IsDamaged))
        {
            return false;
        }

        if (cause is LogDamagedException damage)
        {
            _world.After(0, () =>
            {
                if (member == Member)
                {
                    KillMember();
                    Refuse(damage);
                }
            });
            return true;
        }

        Installs++;
        _world.After(0, () =>
        {
            if (member == Member)
            {
                Tell(cause.Message);
                ShutdownMember();
                _world.After(_chance.Between(1_000_000, 30_000_000), StartMember);
            }
        });
        return true;
    }

    /// <summary>Changes bytes of the log that the member took to be safe; the member is down.</summary>
    public void Damage(long from, long to)
    {
        IsDamaged = LogDamage.Rot(MemberDirectories.Log(MemberDirectory), from, to, _chance);
        if (IsDamaged)
        {
            Tell("bytes of the log have changed on the disk");
            _world.After(_chance.Between(1_500_000_000, 3_000_000_000), Repair);
        }
    }

    // An operator has the member built anew: when it refused its log, or when he finds the damage himself.
    private void Repair()
    {
        if (!IsDamaged)
        {
            return;
        }

        IsDamaged = false;
        KillMember();
        Rebuilds++;
        MemberRebuild.Request(MemberDirectory);
        StartMember();
    }

    private void Refuse(LogDamagedException damage)
    {
        Refusals++;
        Tell("member refuses its log: " + damage.Message);
        _world.After(_chance.Between(20_000_000, 500_000_000), Repair);
    }

    public void StartGateway()
    {
        if (Gateway is null && !IsDown && IsWanted && Kind == MemberKind.Engine)
        {
            Gateway = new SimulatedGateway(_world, MemberId, ++_lastProcessId, Time, () => Member?.Driver);
        }
    }

    public void KillMember()
    {
        if (Member is { } member)
        {
            Tell("member is killed");
            Member = null;
            _network.Leave(Index, isTold: true);
            member.Kill();
        }
    }

    public void ShutdownMember()
    {
        if (Member is { } member)
        {
            Tell("member is shut down");
            Member = null;
            _network.Leave(Index, isTold: true);
            member.Shutdown();
        }
    }

    public void KillGateway()
    {
        if (Gateway is { } gateway)
        {
            Tell("gateway is killed");
            Gateway = null;
            gateway.Kill(isBoxGone: false);
        }
    }

    /// <summary>The box loses its power: what was not flushed is torn, and nobody is told anything.</summary>
    public void Crash()
    {
        IsDown = true;
        if (Gateway is { } gateway)
        {
            Gateway = null;
            gateway.Kill(isBoxGone: true);
        }

        if (Member is { } member)
        {
            Member = null;
            long flushed = member.Log.FlushedPosition;
            long end = member.Log.AppendPosition;
            _network.Leave(Index, isTold: false);
            member.Kill();
            int sectors = LogDamage.LosePower(MemberDirectories.Log(MemberDirectory), flushed, end, _chance);
            Tell(string.Create(CultureInfo.InvariantCulture, $"host loses power: {end - flushed} bytes were not flushed, {sectors} sectors are damaged"));
        }
    }

    public void PowerOn() => IsDown = IsHeldOff;

    /// <summary>An operator sees to it that it stays off.</summary>
    public bool IsHeldOff { get; set; }

    /// <summary>The disk is replaced by an empty one; the member is down.</summary>
    public void LoseDisk()
    {
        Tell("disk is lost");
        if (Directory.Exists(MemberDirectory))
        {
            Directory.Delete(MemberDirectory, recursive: true);
        }

        IsDamaged = false;
        Votes.Format(isRecovering: true);
    }

    public void Tell(string what) => _world.Tell(string.Create(CultureInfo.InvariantCulture, $"box {MemberId}: {what}"));
}
