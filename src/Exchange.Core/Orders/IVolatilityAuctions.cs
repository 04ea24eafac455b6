using Exchange.Core.Markets;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Orders;

/// <summary>Is told when a trade would leave the collars of a market whose definition then asks for an auction.</summary>
internal interface IVolatilityAuctions
{
    /// <summary>Starts a volatility auction. The market is in continuous trading and its book is not crossed.</summary>
    void Start(Market market, in CommandContext context);
}
