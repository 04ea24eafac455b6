using System.Text.Json;
using Exchange.Core;
using Exchange.Protocol.StateMachine;
using Exchange.Simulation.Members;

namespace Exchange.Simulation.Faults;

/// <summary>The exchange's core with something done to what it is given or gives; a planted bug.</summary>
internal abstract class CrookedMachine(ExchangeCore core) : IStateMachine, IHasCore, IDisposable
{
    public ExchangeCore Core => core;

    public long NextDeadlineNs => core.NextDeadlineNs;

    public ulong EventHash => core.EventHash;

    public virtual void LoadSnapshot(SnapshotReader reader) => core.LoadSnapshot(reader);

    public virtual void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events) => core.Apply(in context, command, events);

    public void TakeSnapshot(SnapshotWriter writer) => core.TakeSnapshot(writer);

    public bool TryDescribe(string topic, Utf8JsonWriter json) => core.TryDescribe(topic, json);

    public void Dispose() => core.Dispose();
}
