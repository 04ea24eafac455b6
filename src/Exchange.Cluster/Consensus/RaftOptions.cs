namespace Exchange.Cluster.Consensus;

/// <summary>How a member takes part in consensus. Times are nanoseconds of the clock given to <see cref="RaftNode.DoWork"/>.</summary>
public sealed class RaftOptions
{
    private const long Millisecond = 1_000_000;

    /// <summary>Id of this member.</summary>
    public required int Id { get; init; }

    /// <summary>Source of all randomness; must differ between members and between lives of one.</summary>
    public required int Seed { get; init; }

    /// <summary>What an acknowledgement means.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>A leader with nothing to say says so this often.</summary>
    public long HeartbeatNs { get; init; } = 20 * Millisecond;

    /// <summary>A follower that has observed this much silence no longer protects its leader; a leader without a majority for so long resigns.</summary>
    public long ElectionTimeoutNs { get; init; } = 200 * Millisecond;

    /// <summary>Random addition to the election timeout, so that two seldom stand at once.</summary>
    public long ElectionSpreadNs { get; init; } = 100 * Millisecond;

    /// <summary>Addition to the election timeout for each step of <see cref="ClusterMember.Priority"/>.</summary>
    public long PriorityStepNs { get; init; } = 100 * Millisecond;

    /// <summary>Least wait before standing when the operating system said that the leader's process is gone.</summary>
    public long GoneWaitNs { get; init; } = 10 * Millisecond;

    /// <summary>A learner becomes a voter only when it lacks less than this, bytes.</summary>
    public long VoterLagBytesMax { get; init; } = 1 << 20;

    /// <summary>Deliberately wrong behaviours, for tests of the tests.</summary>
    internal PlantedDefects Defects { get; init; }

    /// <summary>
    /// A candidate counts no vote after this much time, and a recovering member is confirmed only after twice as long: a vote it
    /// may have forgotten elects nobody any more.
    /// </summary>
    internal long CandidacyMaxNs => (2 * ElectionTimeoutNs) + ElectionSpreadNs;

    /// <summary>Throws when values do not fit each other.</summary>
    /// <exception cref="ArgumentException">The message names the value and what is allowed.</exception>
    public void Validate()
    {
        if (Id is < 1 or > 255)
        {
            throw new ArgumentException($"member id {Id}: must be from 1 to 255");
        }

        if (HeartbeatNs <= 0 || ElectionTimeoutNs < 3 * HeartbeatNs)
        {
            throw new ArgumentException($"heartbeat {HeartbeatNs} ns, election timeout {ElectionTimeoutNs} ns: the timeout must be at least three heartbeats");
        }

        if (ElectionSpreadNs <= 0 || PriorityStepNs < 0 || GoneWaitNs <= 0)
        {
            throw new ArgumentException("election spread and wait after a lost process must be positive; priority step not negative");
        }
    }
}
