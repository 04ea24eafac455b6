using System.Runtime.InteropServices;
using System.Text.Json;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Benchmarks.Cluster;

/// <summary>The least state machine that answers: each order causes one event for the gateway it came from.</summary>
internal sealed class ProbeMachine : IStateMachine
{
    private ulong _count;

    /// <inheritdoc/>
    public long NextDeadlineNs => long.MaxValue;

    /// <inheritdoc/>
    public ulong EventHash => _count;

    /// <inheritdoc/>
    public void LoadSnapshot(SnapshotReader reader) => _count = (ulong)reader.ReadInt64();

    /// <inheritdoc/>
    public void TakeSnapshot(SnapshotWriter writer) => writer.WriteInt64((long)_count);

    /// <inheritdoc/>
    public bool TryDescribe(string topic, Utf8JsonWriter json) => false;

    /// <inheritdoc/>
    public void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        if (header.Type is not (CommandType.NewOrder or CommandType.GatewayAttached))
        {
            return;
        }

        _count++;
        ref GatewayReadyEvent answer = ref events.Append<GatewayReadyEvent>(EventType.GatewayReady);
        answer.Header.SessionId = -1;
        answer.Header.GatewayId = header.GatewayId;
        answer.Header.GatewayIncarnation = header.GatewayIncarnation;
        answer.LeadershipTerm = context.Term;
    }
}
