using Exchange.Core;

namespace Exchange.Simulation.Members;

/// <summary>A state machine around the exchange's core, such as one with a planted bug.</summary>
internal interface IHasCore
{
    ExchangeCore Core { get; }
}
