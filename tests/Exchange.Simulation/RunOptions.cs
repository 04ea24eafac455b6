using Exchange.Cluster.Consensus;
using Exchange.Core;
using Exchange.Protocol.StateMachine;

namespace Exchange.Simulation;

/// <summary>What a run is to be like, beyond its seed.</summary>
internal sealed record RunOptions
{
    /// <summary>Entries to be committed at least.</summary>
    public long CommitsMin { get; init; } = 10_000;

    /// <summary>Simulated time after which a run that has not got so far is a failure.</summary>
    public long DurationMaxNs { get; init; } = 600_000_000_000;

    /// <summary>Whether anything goes wrong at all.</summary>
    public bool HasFaults { get; init; } = true;

    /// <summary>Members and their kinds; null for what the seed says.</summary>
    public IReadOnlyList<MemberKind>? Members { get; init; }

    /// <summary>What the run dwells on; null for what the seed says.</summary>
    public Scenario? Scenario { get; init; }

    /// <summary>Whether all trading rules are in use, with operators who change them; null for what the seed says.</summary>
    public bool? HasRules { get; init; }

    /// <summary>Wrong behaviours of consensus.</summary>
    public PlantedDefects Defects { get; init; }

    /// <summary>Members forget their votes when they restart.</summary>
    public bool ForgetsVotes { get; init; }

    /// <summary>Changes a member's messages before they leave: member, receiver, message; null keeps it back.</summary>
    public Func<int, int, byte[], byte[]?>? Tamper { get; init; }

    /// <summary>Puts a wrong state machine around a member's core.</summary>
    public Func<int, ExchangeCore, IStateMachine>? Machine { get; init; }

    /// <summary>The replay that members are compared with is as wrong as <see cref="Machine"/> makes them.</summary>
    public bool IsReplayWrong { get; init; }

    /// <summary>Changes what a gateway is fed: member, event; false keeps it back.</summary>
    public Func<int, byte[], IEnumerable<byte[]>>? Egress { get; init; }

    /// <summary>Told every line.</summary>
    public Action<string>? Listener { get; init; }
}
