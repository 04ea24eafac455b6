using Exchange.Simulation.Network;

namespace Exchange.Simulation.Clients;

/// <summary>How a client reaches the gateways.</summary>
internal interface IClientNetwork
{
    /// <summary>How many addresses the client knows.</summary>
    int AddressCount { get; }

    /// <summary>Begins to connect. The callback comes with the socket, or with null when nobody listens; or never, when nothing gets through.</summary>
    void Connect(FixClient client, int address, Action<SimulatedSocket?> result);
}
