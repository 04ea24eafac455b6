using Exchange.Gateway;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Gateways;

/// <summary>The clocks of a box as a gateway reads them.</summary>
internal sealed class BoxClock(SimulatedTime time) : GatewayClock
{
    public override long MonotonicNs => time.MonotonicNs;

    public override long UnixNs => time.UnixNs;
}
