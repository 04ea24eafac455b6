// A whole exchange on one thread: boxes with members and gateways, clients, an operator, somebody who breaks things, and the auditor.
using System.Globalization;
using System.Net;
using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Protocol.StateMachine;
using Exchange.Simulation.Audit;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Faults;
using Exchange.Simulation.Members;
using Exchange.Simulation.Network;
using Exchange.Simulation.Rules;

namespace Exchange.Simulation;

/// <summary>The world of one seed.</summary>
internal sealed class SimulatedCluster : IClientNetwork, IDisposable
{
    // Runs of the same seed may be under way at once, in tests that run beside each other.
    private static int s_created;
    private readonly RunOptions _options;
    private readonly string _directory;
    private readonly ClusterConfiguration _configuration;
    private readonly Durability _durability;
    private readonly Chance _chance;
    private readonly List<SimulatedBox> _boxes = [];
    private readonly List<FixClient> _clients = [];
    private readonly IReadOnlyList<byte[]> _seedCommands;
    private readonly long _snapshotEveryBytes;
    private int _lastPort;

    public SimulatedCluster(ulong seed, RunOptions options)
    {
        _options = options;
        World = new SimulatedWorld(seed) { Story = { Listener = options.Listener } };
        _chance = World.Chance.Fork();
        Scenario = !options.HasFaults ? Scenario.Plain : options.Scenario ?? Scenario.Draw(seed);
        _directory = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"exchange-simulation-{Environment.ProcessId}-{Interlocked.Increment(ref s_created)}-{seed:x}");
        IReadOnlyList<MemberKind> kinds = options.Members ?? DrawMembers();
        _durability = _chance.PerMille(500) ? Durability.Fsync : Durability.Replicated;
        _snapshotEveryBytes = _chance.Between(200 << 10, 1500 << 10);
        _configuration = new ClusterConfiguration(
            new Guid((int)seed, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            kinds.Select((kind, index) => new ClusterMember(index + 1, kind, IsVoter: true, Scenario.IsCloseRace ? 0 : Math.Min(index, 2), $"box{index + 1}:1", kind == MemberKind.Engine ? $"box{index + 1}:2" : "")));
        int boxCount = kinds.Count + (Scenario.ChangesMembers ? 2 : 0);
        Network = new PeerNetwork(World, boxCount);
        HasRules = options.HasRules ?? new Chance(seed ^ 0x2B1E_5A7E_2B1E_5A7E).PerMille(400);
        Auditor = new Auditor(World, NewCore, options is { IsReplayWrong: true, Machine: { } wrong } ? core => wrong(0, core) : null, HasRules);
        List<ClientProfile> profiles = [.. Enumerable.Range(0, _chance.Below(5) + 3).Select(id => Population.Draw(_chance, id))];
        _seedCommands = Population.Definitions(profiles, _chance);
        if (HasRules)
        {
            profiles = [.. profiles.Select(static profile => profile with { UsesRules = true })];
            Chance ofRules = new(seed ^ 0x0FF1_CE00_0FF1_CE00);
            _seedCommands = [.. RulePopulation.Amend(_seedCommands, profiles, ofRules)];
            Desk = new RuleDesk(this, ofRules);
        }

        for (int index = 0; index < boxCount; index++)
        {
            MemberKind kind = index < kinds.Count ? kinds[index] : MemberKind.Engine;
            SimulatedBox box = new(World, Network, index, kind, Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"member-{index + 1}")), StartOf);
            box.Votes.Format(isRecovering: false);
            box.Votes.Forgets = options.ForgetsVotes;
            box.IsWanted = index < kinds.Count;
            _boxes.Add(box);
            World.After(_chance.Between(0, 20_000_000), box.StartMember);
            World.After(_chance.Between(0, 20_000_000), box.StartGateway);
        }

        foreach (ClientProfile profile in profiles)
        {
            FixClient client = new(World, profile, this, Auditor);
            _clients.Add(client);
            Auditor.Watch(client);
        }

        World.Tell($"seed {seed}: {string.Join(", ", kinds)}, {_durability}, {profiles.Count} clients");
        Nemesis = options.HasFaults ? new Nemesis(this) : null;
        Operator = Scenario.ChangesMembers || Scenario.IsTwoBoxes ? new Operator(this) : null;
    }

    public SimulatedWorld World { get; }

    public PeerNetwork Network { get; }

    public Auditor Auditor { get; }

    public Scenario Scenario { get; }

    public Durability Durability => _durability;

    public Nemesis? Nemesis { get; }

    public Operator? Operator { get; }

    /// <summary>Whether all trading rules are in use.</summary>
    public bool HasRules { get; }

    /// <summary>Operators who change rules; null without them.</summary>
    public RuleDesk? Desk { get; }

    public IReadOnlyList<SimulatedBox> Boxes => _boxes;

    public IReadOnlyList<FixClient> Clients => _clients;

    /// <summary>The box whose member serves clients; the one with the newest term if several believe so.</summary>
    public SimulatedBox? Leader => _boxes.Where(static box => box.Member is { IsLeader: true }).MaxBy(static box => box.Member!.Term);

    public long Elections { get; private set; }

    public long Truncations { get; private set; }

    public long Snapshots { get; private set; }

    public int AddressCount => _boxes.Count(static box => box.Kind == MemberKind.Engine);

    public void Connect(FixClient client, int address, Action<SimulatedSocket?> result)
    {
        SimulatedBox box = _boxes.Where(static box => box.Kind == MemberKind.Engine).ElementAt(address);
        if (!box.ClientsToBox.IsDark)
        {
            World.After(box.ClientsToBox.DelayNs(), () => Knock(client, box, result));
        }
    }

    /// <summary>Puts everything right that went wrong.</summary>
    public void Heal()
    {
        Nemesis?.End();
        Operator?.End();
        Desk?.End();
        Network.RawPerMille = 0;
        foreach (SimulatedBox box in _boxes)
        {
            box.ClientsToBox.SetDark(false);
            box.BoxToClients.SetDark(false);
            box.Time.WallOffsetNs = 0;
            foreach (SimulatedBox other in _boxes)
            {
                Network.Path(box.Index, other.Index).SetDark(false);
                Network.Path(box.Index, other.Index).ExtraDelayNs = 0;
            }

            box.PowerOn();
            if (box.Member is { IsStopped: true } member)
            {
                member.Continue();
            }

            if (box.Gateway is { IsStopped: true } gateway)
            {
                gateway.Continue();
            }

            box.StartMember();
            box.StartGateway();
        }
    }

    public void Dispose()
    {
        foreach (SimulatedBox box in _boxes)
        {
            box.KillMember();
            box.KillGateway();
        }

        Auditor.Dispose();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static ExchangeCore NewCore() => new(new OrderEntryLimits(1 << 12, 1 << 13, 1 << 12));

    private void Knock(FixClient client, SimulatedBox box, Action<SimulatedSocket?> result)
    {
        if (box.IsDown || box.ClientsToBox.IsDark)
        {
            return;
        }

        if (box.Gateway is not { } gateway)
        {
            World.After(box.BoxToClients.DelayNs(), () => result(null));
            return;
        }

        (SimulatedSocket near, SimulatedSocket far) = SimulatedSocket.Connect(World, box.ClientsToBox, box.BoxToClients);
        gateway.Enqueue(new IPEndPoint(new IPAddress([10, 0, 0, (byte)(client.Profile.SessionId + 1)]), 1024 + (++_lastPort % 60_000)), far);
        World.After(box.BoxToClients.DelayNs(), () => result(near));
    }

    private IReadOnlyList<MemberKind> DrawMembers() => Scenario.IsTwoBoxes ? [MemberKind.Engine, MemberKind.Engine] : _chance.Below(10) switch
    {
        < 5 => [MemberKind.Engine, MemberKind.Engine, MemberKind.Witness],
        < 8 => [MemberKind.Engine, MemberKind.Engine, MemberKind.Engine],
        _ => [MemberKind.Engine, MemberKind.Engine, MemberKind.Engine, MemberKind.Engine, MemberKind.Engine],
    };

    private MemberStart StartOf(SimulatedBox box) => new()
    {
        World = World,
        Network = Network,
        Box = box.Index,
        Votes = box.Votes,
        Turned = OnTurn,
        Said = OnSaid,
        Ended = box.OnEnded,
        IsDamaged = box.IsDamaged,
        Tamper = _options.Tamper is { } tamper ? (to, message) => tamper(box.MemberId, to, message) : null,
        Egress = _options.Egress is { } egress ? record => egress(box.MemberId, record) : null,
        Options = new MemberOptions
        {
            Directory = box.MemberDirectory,
            AeronDirectory = "none",
            Id = box.MemberId,
            Configuration = box.Written ?? _configuration,
            Raft = NewRaft(box),
            Release = "simulated",
            Durability = _durability,
            StateMachineFactory = () => NewMachine(box),
            Seed = _seedCommands,
            SegmentBytes = 1 << 20,
            SnapshotEveryBytes = Scenario.DeletesLog ? _snapshotEveryBytes / 4 : _snapshotEveryBytes,
            LogKeepBytes = Scenario.DeletesLog ? 64 << 10 : long.MaxValue,
            HistoryMessagesPerSession = 100_000,
            Time = box.Time,
            Log = line => OnLine(box, line),
        },
    };

    /// <summary>A box gets an empty disk and, from the operator, a list of those who belong to the cluster now, all of them with a vote.</summary>
    public void GiveDisk(SimulatedBox box)
    {
        ClusterConfiguration now = Auditor.Configuration ?? _configuration;
        ClusterMember self = new(box.MemberId, box.Kind, IsVoter: true, 1, string.Create(CultureInfo.InvariantCulture, $"box{box.MemberId}:1"), string.Create(CultureInfo.InvariantCulture, $"box{box.MemberId}:2"));
        box.Written = new ClusterConfiguration(now.ClusterId, now.With(self).Members.Select(static member => member with { IsVoter = true }));
        box.LoseDisk();
    }

    private RaftOptions NewRaft(SimulatedBox box)
    {
        RaftOptions usual = new() { Id = box.MemberId, Seed = (int)_chance.Next(), Durability = _durability, Defects = _options.Defects };
        return !Scenario.IsCloseRace ? usual : new RaftOptions
        {
            Id = usual.Id,
            Seed = usual.Seed,
            Durability = usual.Durability,
            Defects = usual.Defects,
            ElectionSpreadNs = 400_000,
            GoneWaitNs = 200_000,
            PriorityStepNs = 0,
        };
    }

    private IStateMachine NewMachine(SimulatedBox box)
    {
        if (box.Kind == MemberKind.Witness)
        {
            return new WitnessMachine();
        }

#pragma warning disable CA2000 // Whoever asked for the machine disposes it.
        ExchangeCore core = NewCore();
#pragma warning restore CA2000
        return _options.Machine is null ? core : _options.Machine(box.MemberId, core);
    }

    private void OnTurn(SimulatedMember member) => Auditor.OnTurn(member, ref member.Seen);

    private void OnSaid(SimulatedMember from, int to, byte[] message)
    {
        Auditor.OnSaid(from, to, message);
        Nemesis?.OnSaid(from, to, message);
    }

    private void OnLine(SimulatedBox box, string line)
    {
        Elections += line.StartsWith("leads term", StringComparison.Ordinal) ? 1 : 0;
        Truncations += line.Contains("give way to the leader's", StringComparison.Ordinal) ? 1 : 0;
        Snapshots += line.StartsWith("snapshot at position", StringComparison.Ordinal) ? 1 : 0;
        World.Tell(string.Create(CultureInfo.InvariantCulture, $"member {box.MemberId}: {line}"));
    }
}
