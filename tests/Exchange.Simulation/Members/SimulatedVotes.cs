using Exchange.Cluster.Consensus;

namespace Exchange.Simulation.Members;

/// <summary>Term and vote on the disk of a box: they outlast every crash, until the disk is lost.</summary>
internal sealed class SimulatedVotes : IVoteStore
{
    public VoteState Current { get; private set; }

    /// <summary>Planted bug: a restart finds that it voted for nobody.</summary>
    public bool Forgets { get; set; }

    public void Save(in VoteState state) => Current = state;

    /// <summary>The member starts again.</summary>
    public void Restart()
    {
        if (Forgets)
        {
            Current = Current with { VotedFor = 0 };
        }
    }

    /// <summary>The disk is new.</summary>
    public void Format(bool isRecovering) => Current = new VoteState(0, 0, isRecovering);
}
