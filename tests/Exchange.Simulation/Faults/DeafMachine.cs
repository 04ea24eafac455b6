using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Simulation.Faults;

/// <summary>Planted bug: commands of one kind are left out now and then.</summary>
internal sealed class DeafMachine(ExchangeCore core, CommandType type) : CrookedMachine(core)
{
    public override void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
        if (MemoryMarshal.AsRef<CommandHeader>(command).Type != type || context.Position % 8192 > 2048)
        {
            base.Apply(in context, command, events);
        }
    }
}
