using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

/// <summary>Members of one cluster on one thread, with real logs and a network and a clock of the test's.</summary>
internal sealed class TestCluster : IDisposable
{
    public const long Millisecond = 1_000_000;

    /// <summary>How failures begin that are of liveness, not of safety.</summary>
    public const string StandsStill = "stands still";

    private readonly string _directory;
    private readonly Dictionary<long, int> _leaders = [];

    public TestCluster(int members = 3, int seed = 1, params int[] witnesses)
    {
        Seed = seed;
        string root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        _directory = Path.Combine(root, "exchange-raft-" + Guid.NewGuid().ToString("N"));
        Network = new TestNetwork(seed);
        Initial = new ClusterConfiguration(Guid.NewGuid(), Enumerable.Range(1, members).Select(id => Engine(id, kind: witnesses.Contains(id) ? MemberKind.Witness : MemberKind.Engine)));
        Members = [.. Initial.Members.Select(member => new TestMember(this, member.Id, Path.Combine(_directory, $"member-{member.Id}")))];
    }

    public int Seed { get; }

    public TestNetwork Network { get; }

    public ClusterConfiguration Initial { get; }

    public List<TestMember> Members { get; }

    public CommittedEntries Committed { get; } = new();

    public Durability Durability { get; set; } = Durability.Replicated;

    public PlantedDefects Defects { get; set; }

    /// <summary>Where the times come from.</summary>
    public RaftOptions Template { get; init; } = new() { Id = 1, Seed = 1 };

    /// <summary>Members whose log begins later than at 0.</summary>
    public Dictionary<int, long> StartPositions { get; } = [];

    /// <summary>Whether everything is flushed in each turn.</summary>
    public bool FlushesAtOnce { get; set; } = true;

    public TestMember this[int id] => Members.Single(member => member.Id == id);

    /// <summary>The member that leads in the newest term.</summary>
    public TestMember? Leader => Members.Where(static member => member.IsLeader && !member.IsPaused).MaxBy(static member => member.Raft.Term);

    public int LeaderCount => _leaders.Count;

    public static ClusterMember Engine(int id, bool isVoter = true, MemberKind kind = MemberKind.Engine) =>
        new(id, kind, isVoter, (id - 1) % 3, $"box{id}:7000", kind == MemberKind.Engine ? $"box{id}:9000" : "");

    public long StartPositionOf(int id) => StartPositions.GetValueOrDefault(id);

    public RaftOptions OptionsOf(int id, int seed) => new()
    {
        Id = id,
        Seed = seed,
        Durability = Durability,
        Defects = Defects,
        VoterLagBytesMax = 64 << 10,
        HeartbeatNs = Template.HeartbeatNs,
        ElectionTimeoutNs = Template.ElectionTimeoutNs,
        ElectionSpreadNs = Template.ElectionSpreadNs,
        PriorityStepNs = Template.PriorityStepNs,
    };

    public TestCluster StartAll()
    {
        foreach (TestMember member in Members)
        {
            member.Start();
        }

        ConnectAll();
        return this;
    }

    /// <summary>A member that the first configuration does not know.</summary>
    public TestMember AddMember(int id)
    {
        TestMember member = new(this, id, Path.Combine(_directory, $"member-{id}"));
        Members.Add(member);
        member.Start();
        ConnectAll();
        return member;
    }

    public void ConnectAll()
    {
        foreach (TestMember one in Members.Where(static member => member.IsUp))
        {
            foreach (TestMember other in Members.Where(other => other.IsUp && other.Id > one.Id && !Network.IsConnected(one.Id, other.Id)))
            {
                Network.Connect(one.Id, other.Id);
                one.Raft.OnConnected(other.Id, Network.NowNs);
                other.Raft.OnConnected(one.Id, Network.NowNs);
            }
        }
    }

    public void Kill(TestMember member, bool isNoticed = true)
    {
        member.Kill();
        foreach (TestMember other in Members.Where(static other => other.IsUp))
        {
            Network.Disconnect(member.Id, other.Id);
            other.Raft.OnDisconnected(member.Id, isNoticed, Network.NowNs);
        }
    }

    /// <summary>One turn: time passes, what is due arrives, every member works.</summary>
    public void Step(long elapsedNs = Millisecond)
    {
        Network.NowNs += elapsedNs;
        while (Network.TryReceive(id => Members.Exists(member => member.Id == id && member.IsUp && !member.IsPaused), out int from, out int to, out byte[] message))
        {
            this[to].Raft.OnMessage(from, message, Network.NowNs);
        }

        foreach (TestMember member in Members.Where(static member => member is { IsUp: true, IsPaused: false }))
        {
            if (FlushesAtOnce)
            {
                member.Log.Flush();
            }

            member.DoWork();
        }
    }

    public void Run(int milliseconds)
    {
        for (int step = 0; step < milliseconds; step++)
        {
            Step();
        }
    }

    /// <summary>Runs until something holds; fails when it does not within some simulated time.</summary>
    public void RunUntil(Func<bool> condition, string what, int millisecondsMax = 5000)
    {
        for (int step = 0; step < millisecondsMax; step++)
        {
            if (condition())
            {
                return;
            }

            Step();
        }

        Assert.Fail($"{StandsStill}: not within {millisecondsMax} ms: {what}; " + string.Join("; ", Members.Select(Describe)));
    }

    /// <summary>Something is replicated; then a follower of the three starts on an empty disk, and so recovers.</summary>
    public (TestMember Leader, TestMember Recovering, TestMember Third) LoseADisk()
    {
        Replicate(5);
        TestMember leader = Elect();
        TestMember recovering = Members.First(member => member != leader);
        Kill(recovering);
        recovering.StartBlank();
        ConnectAll();
        return (leader, recovering, Members.Last(member => member != leader));
    }

    /// <summary>A leader that serves.</summary>
    public TestMember Elect()
    {
        RunUntil(() => Leader is { } leader && leader.Raft.HasCommittedInTerm, "a leader with an entry of its own term committed");
        return Leader!;
    }

    /// <summary>Appends on the leader and waits until every running member has committed it; anew when the leader changes meanwhile.</summary>
    public void Replicate(int entries, int length = 100)
    {
        bool isDone = false;
        while (!isDone)
        {
            TestMember leader = Elect();
            long term = leader.Raft.Term;
            long end = 0;
            for (int entry = 0; entry < entries; entry++)
            {
                end = leader.Append(length, entry);
            }

            RunUntil(() => (isDone = IsCommittedEverywhere(end)) || !leader.IsLeader || leader.Raft.Term != term, $"position {end} committed everywhere");
        }
    }

    public void LeaderElected(TestMember member, long term)
    {
        Assert.True(_leaders.TryAdd(term, member.Id) || _leaders[term] == member.Id, $"members {member.Id} and {_leaders[term]} both lead in term {term}");
        Committed.RequireIn(member.Id, member.Log);
    }

    public void Dispose()
    {
        Members.ForEach(static member => member.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    private bool IsCommittedEverywhere(long end) => Leader is { } leader
        && Members.Where(static member => member.IsUp).All(member => member.Raft.CommitPosition >= end && member.Log.AppendPosition == leader.Log.AppendPosition);

    private static string Describe(TestMember member) => member.IsUp
        ? $"{member.Id}: {member.Raft.Role} term {member.Raft.Term} leader {member.Raft.LeaderId} commit {member.Raft.CommitPosition} append {member.Log.AppendPosition} malformed {member.Raft.Counters.MalformedMessages}"
            + $" last term {member.Raft.Terms.LastTerm} voters {string.Join(',', member.Raft.Configuration.Members.Where(static other => other.IsVoter).Select(static other => other.Id))}{(member.Raft.IsRecovering ? " recovering" : "")}"
        : $"{member.Id}: down";
}
