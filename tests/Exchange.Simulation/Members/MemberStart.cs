using Exchange.Cluster;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Network;

namespace Exchange.Simulation.Members;

/// <summary>What a member's process is started with.</summary>
internal sealed record MemberStart
{
    public required SimulatedWorld World { get; init; }

    public required PeerNetwork Network { get; init; }

    /// <summary>Which box, from 0; the member's id is one more.</summary>
    public required int Box { get; init; }

    public required MemberOptions Options { get; init; }

    public required SimulatedVotes Votes { get; init; }

    /// <summary>Called after each turn.</summary>
    public required Action<SimulatedMember> Turned { get; init; }

    /// <summary>Told why the process cannot go on; false when it must not come to that.</summary>
    public required Func<SimulatedMember, Exception, bool> Ended { get; init; }

    /// <summary>Its log was tampered with.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>Told of each message to another member when it leaves: receiver, message.</summary>
    public required Action<SimulatedMember, int, byte[]> Said { get; init; }

    /// <summary>See <see cref="SimulatedPeerTransport.Tamper"/>.</summary>
    public Func<int, byte[], byte[]?>? Tamper { get; init; }

    /// <summary>Changes what gateways are fed, or doubles it, or keeps it back.</summary>
    public Func<byte[], IEnumerable<byte[]>>? Egress { get; init; }
}
