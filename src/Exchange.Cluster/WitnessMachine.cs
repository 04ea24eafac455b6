using System.Text.Json;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster;

/// <summary>What a witness has instead of a state machine: nothing.</summary>
public sealed class WitnessMachine : IStateMachine
{
    /// <inheritdoc/>
    public long NextDeadlineNs => long.MaxValue;

    /// <inheritdoc/>
    public ulong EventHash => 0;

    /// <inheritdoc/>
    public void LoadSnapshot(SnapshotReader reader)
    {
    }

    /// <inheritdoc/>
    public void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
    }

    /// <inheritdoc/>
    public void TakeSnapshot(SnapshotWriter writer)
    {
    }

    /// <inheritdoc/>
    public bool TryDescribe(string topic, Utf8JsonWriter json) => false;
}
