using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Simulation.Faults;

/// <summary>Planted bug: now and then a new order is applied twice.</summary>
internal sealed class TwiceMachine(ExchangeCore core) : CrookedMachine(core)
{
    public override void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
        base.Apply(in context, command, events);
        if (MemoryMarshal.AsRef<CommandHeader>(command).Type == CommandType.NewOrder && context.Position % 4096 < 256)
        {
            byte[] again = command.ToArray();
            MemoryMarshal.AsRef<NewOrderCommand>(again.AsSpan()).Header.MsgSeqNum++;
            MemoryMarshal.AsRef<NewOrderCommand>(again.AsSpan()).ClOrdId = default;
            base.Apply(in context, again, events);
        }
    }
}
