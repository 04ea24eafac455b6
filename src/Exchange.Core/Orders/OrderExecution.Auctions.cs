using Exchange.Core.Markets;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

// What auctions ask of orders, and are told of them.
internal sealed partial class OrderExecution
{
    /// <summary>Is told which orders come to rest for an auction, and when they are gone.</summary>
    public UncrossDesk? Uncrosses { get; set; }

    /// <summary>Tells an open order as it stands.</summary>
    public void Restate(int slot, in CommandContext context) => _reports.Restate(slot, ReasonCode.None, in context);
}
