namespace Exchange.Cluster.Consensus;

/// <summary>Keeps what a member must never forget, durably.</summary>
public interface IVoteStore
{
    /// <summary>What was saved last.</summary>
    VoteState Current { get; }

    /// <summary>Makes the state durable before it returns.</summary>
    /// <exception cref="IOException">It could not be made durable; the member must stop.</exception>
    void Save(in VoteState state);
}
