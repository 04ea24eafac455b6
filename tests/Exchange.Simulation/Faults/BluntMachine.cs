using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Simulation.Faults;

/// <summary>Planted bug: the kill switch of the market blocks entry, and leaves what is open as it is.</summary>
internal sealed class BluntMachine(ExchangeCore core) : CrookedMachine(core)
{
    public override void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
        if (MemoryMarshal.AsRef<CommandHeader>(command).Type == CommandType.KillSwitch && MemoryMarshal.AsRef<KillSwitchCommand>(command) is { Scope: RiskScope.Market, IsPulled: 1 })
        {
            Core.Orders.Risk.IsMarketKilled = true;
            return;
        }

        base.Apply(in context, command, events);
    }
}
