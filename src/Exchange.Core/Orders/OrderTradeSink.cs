using System.Runtime.CompilerServices;
using Exchange.Core.Markets;
using Exchange.Core.Matching;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

/// <summary>Hands the trades of one incoming order to order management.</summary>
internal struct OrderTradeSink(OrderExecution execution, Market market, int takerSlot, CommandContext context) : ITradeSink
{
    private readonly CommandContext _context = context;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long OnTrade(int makerSlot, ref readonly OrderNode maker, long takerOrderId, long priceTicks, long lots) =>
        execution.OnTrade(market, takerSlot, makerSlot, maker.LeavesLots, priceTicks, lots, in _context);
}
