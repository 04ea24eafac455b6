using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Core.Risk;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Simulation.Faults;

/// <summary>Planted bug: now and then a fill does not reach the position of whoever was first to be told of it.</summary>
internal sealed class CarelessMachine(ExchangeCore core) : CrookedMachine(core)
{
    public override void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
        long offset = events.Length;
        base.Apply(in context, command, events);
        if (context.Position % 8192 > 2048)
        {
            return;
        }

        while (events.TryRead(ref offset, out ReadOnlySpan<byte> record))
        {
            if (MemoryMarshal.AsRef<EventHeader>(record).Type == EventType.ExecutionReport && MemoryMarshal.AsRef<ExecutionReportEvent>(record) is { ExecType: ExecType.Trade } fill
                && (fill.Header.Flags & EventFlags.PossResend) == 0)
            {
                Forget(in fill);
                return;
            }
        }
    }

    private void Forget(in ExecutionReportEvent fill)
    {
        RiskDesk risk = Core.Orders.Risk;
        Text16 name = fill.Account;
        RiskAccount account = risk.Register.FindAccount(risk.Register.SessionOf(fill.Header.SessionId).Firm, in name)!;
        ref Position position = ref risk.Positions[risk.Positions.Find(account.Id, fill.InstrumentId)];
        long lots = fill.LastQtyE8 / Core.Instruments[fill.InstrumentId].Definition.QuantityStepE8;
        position.NetLots -= fill.Side == Side.Buy ? lots : -lots;
    }
}
