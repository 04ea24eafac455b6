using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Core;
using Exchange.Gateway;
using Exchange.Host.Admin;
using Exchange.Host.Client;
using Exchange.Host.Configuration;
using Exchange.Host.Local;
using Exchange.Protocol.Commands;

namespace Exchange.Host.Processes;

/// <summary>The throw-away exchange of a rehearsal: members, their gateways and two clients, all of which take turns on one thread.</summary>
internal sealed class RehearsalStage : IDisposable
{
    private const int SegmentBytes = 1 << 20;
    private const int HistoryMessages = 1000;
    private const int PasswordIterations = 1000;
    private const int IdleTurnsMax = 20;
    private const string Instruments = "instruments:\n  - { symbol: AAPL, tick: 0.01, quantityStep: 1, quantityMax: 1000000, priceMax: 1000 }\n";

    private const string Participants =
        "participants:\n  - { sender: ONE, password: ONE, timestampDecimals: 3 }\n  - { sender: TWO, password: TWO, timestampDecimals: 6 }\n";

    private static readonly string[] _names = ["ONE", "TWO"];
    private readonly RehearsalOptions _options;
    private readonly RehearsalBudget _budget;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(ClusterKey.Bytes);
    private readonly List<byte[]> _seed = Seed();
    private readonly ClusterConfiguration? _configuration;
    private readonly List<int> _ids = [1];
    private readonly Dictionary<int, Member> _members = [];
    private readonly Dictionary<int, GatewayAgent> _gateways = [];
    private int _idleTurns;

    /// <summary>Puts everything up; nothing happens before <see cref="Until"/>.</summary>
    public RehearsalStage(RehearsalOptions options, RehearsalBudget budget)
    {
        _options = options;
        _budget = budget;
        Clients = [];
        try
        {
            if (options.IsCluster)
            {
                int[] ports = FreePorts.Take(3);
                _ids = [1, 2, 3];
                _configuration = new ClusterConfiguration(
                    Guid.NewGuid(),
                    _ids.Select(id => new ClusterMember(id, id == 3 ? MemberKind.Witness : MemberKind.Engine, IsVoter: true, id - 1, HostAddress.Format(new IPEndPoint(IPAddress.Loopback, ports[id - 1])), string.Empty)));
            }

            _ids.ForEach(Open);
            foreach (int id in _ids.Take(2))
            {
                _gateways.Add(id, Gateway(id));
            }

            IPEndPoint[] addresses = [.. _gateways.Values.Select(static gateway => gateway.FixEndPoint)];
            Clients = [.. _names.Select(name => new RehearsalClient(name, addresses))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The clients.</summary>
    public IReadOnlyList<RehearsalClient> Clients { get; }

    /// <summary>The member that serves clients; 0 for none.</summary>
    public int Leader => _members.FirstOrDefault(static member => member.Value.IsServing).Key;

    /// <summary>Lets everything go on until a condition holds.</summary>
    /// <exception cref="RehearsalEndedException">The budget is used up.</exception>
    public void Until(Func<bool> condition)
    {
        while (!condition())
        {
            Turn();
        }
    }

    /// <summary>Lets everything go on for a while.</summary>
    public void For(TimeSpan time)
    {
        TimeSpan end = _budget.Elapsed + time;
        Until(() => _budget.Elapsed >= end);
    }

    /// <summary>A member dies and stays away.</summary>
    public void Close(int id)
    {
        _members.Remove(id, out Member? member);
        member?.Dispose();
    }

    /// <summary>Starts a member on what it has left.</summary>
    public void Open(int id) => _members.Add(id, Member.Open(MemberOptions(id)));

    /// <summary>Has an operator ask a member, and everything go on meanwhile.</summary>
    public JsonObject Ask(int id, string verb)
    {
        string address = _configuration!.Members[id - 1].PeerAddress;
        TimeSpan limit = TimeSpan.FromSeconds(5);

        // The operator's tool waits for its answers, so it cannot be on this thread.
        Task<JsonObject> asking = Task.Factory.StartNew(
            () =>
            {
                using OperatorConnection connection = OperatorConnection.Open(address, _key, limit);
                return connection.Ask(new JsonObject { ["verb"] = verb }, limit);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Until(() => asking.IsCompleted);
        return asking.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RehearsalClient client in Clients)
        {
            client.Dispose();
        }

        foreach (GatewayAgent gateway in _gateways.Values)
        {
            gateway.Dispose();
        }

        foreach (Member member in _members.Values)
        {
            member.Dispose();
        }
    }

    private void Turn()
    {
        _budget.Check();
        int work = 0;
        foreach (RehearsalClient client in Clients)
        {
            work += client.Turn();
        }

        for (int i = 0; i < _ids.Count; i++)
        {
            if (_members.TryGetValue(_ids[i], out Member? member))
            {
                work += member.Agent.DoWork();
            }

            if (_gateways.TryGetValue(_ids[i], out GatewayAgent? gateway))
            {
                work += gateway.DoWork();
            }
        }

        _idleTurns = work > 0 ? 0 : _idleTurns + 1;
        if (_idleTurns > IdleTurnsMax || _budget.IsOverdrawn)
        {
            Thread.Sleep(1);
        }
    }

    private MemberOptions MemberOptions(int id) => new()
    {
        Id = id,
        Configuration = _configuration,
        IsNewCluster = true,
        ClusterKey = _key,
        Directory = Path.Combine(_options.Directory, string.Create(CultureInfo.InvariantCulture, $"member-{id}")),
        AeronDirectory = Aeron(id),
        Durability = Durability.Replicated,
        StateMachineFactory = id == 3 ? static () => new WitnessMachine() : static () => new ExchangeCore(),
        Seed = _seed,
        SegmentBytes = SegmentBytes,
        HistoryMessagesPerSession = HistoryMessages,
    };

    private GatewayAgent Gateway(int id) => new(new GatewayOptions
    {
        GatewayId = id,
        ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        AeronDirectory = Aeron(id),
        UnattachedPatience = TimeSpan.Zero,
        MemberLease = _options.IsCluster ? TimeSpan.FromSeconds(5) : TimeSpan.Zero,
        ConnectionsMax = 16,
        IoDriver = _options.Polled ? GatewayIoDriver.Polled : GatewayIoDriver.Pipelines,
    });

    private string Aeron(int id) => Path.Combine(_options.Directory, string.Create(CultureInfo.InvariantCulture, $"aeron-{id}"));

    private static List<byte[]> Seed()
    {
        DefineVenueCommand venue = SeedFiles.Venue(TimeOnly.MinValue);
        return
        [
            SeedFiles.Bytes(venue),
            .. InstrumentsFile.Parse("rehearsal", Instruments).Select(SeedFiles.Bytes),
            .. ParticipantsFile.Parse("rehearsal", Participants, PasswordIterations).Select(SeedFiles.Bytes),
        ];
    }
}
