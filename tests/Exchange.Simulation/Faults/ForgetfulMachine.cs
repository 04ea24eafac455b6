using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Simulation.Faults;

/// <summary>Planted bug: a state that was loaded from a snapshot lacks a part, as if it had not been written: who was attached.</summary>
internal sealed class ForgetfulMachine(ExchangeCore core) : CrookedMachine(core)
{
    private bool _isLoaded;

    public override void LoadSnapshot(SnapshotReader reader)
    {
        base.LoadSnapshot(reader);
        _isLoaded = true;
    }

    public override void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
        // The first order behind the snapshot is the one that would have used what is missing.
        if (_isLoaded && MemoryMarshal.AsRef<CommandHeader>(command).Type == CommandType.NewOrder)
        {
            _isLoaded = false;
            return;
        }

        base.Apply(in context, command, events);
    }
}
