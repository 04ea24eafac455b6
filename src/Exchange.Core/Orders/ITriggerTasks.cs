using Exchange.Core.Markets;

namespace Exchange.Core.Orders;

/// <summary>Takes note that a market has elected stops which one command could not trigger: its slices are to be worked from now on.</summary>
internal interface ITriggerTasks
{
    /// <summary>Puts the market in line, see <see cref="StopDesk.RunSlice"/>.</summary>
    void Begin(Market market);
}
