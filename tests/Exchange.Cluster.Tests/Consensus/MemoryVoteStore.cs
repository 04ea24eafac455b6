using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

/// <summary>A vote store that survives the crashes of its test.</summary>
internal sealed class MemoryVoteStore : IVoteStore
{
    public VoteState Current { get; private set; }

    public int SaveCount { get; private set; }

    public void Save(in VoteState state)
    {
        Current = state;
        SaveCount++;
    }
}
