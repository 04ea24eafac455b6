using System.Globalization;
using System.Net;
using Exchange.Gateway;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Transport;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Network;
using Exchange.Simulation.Reference;

namespace Exchange.Simulation.Gateways;

/// <summary>One life of a gateway's process: the real agent over simulated sockets and a simulated member link.</summary>
internal sealed class SimulatedGateway : IGatewayLog
{
    private readonly SimulatedWorld _world;
    private readonly WakeSignal _signal = new();
    private readonly SimulatedClientTransport _transport;
    private readonly SimulatedMemberLink _link;
    private readonly GatewayAgent _agent;
    private readonly SimulatedThread _thread;
    private readonly int _id;

    public SimulatedGateway(SimulatedWorld world, int id, int processId, SimulatedTime time, Func<MediaDriverLife?> driver)
    {
        _world = world;
        _id = id;
        _thread = new SimulatedThread(world, Turn, idleNs: 1_000_000);
        GatewayOptions options = new()
        {
            GatewayId = id,
            AeronDirectory = "none",
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 9880 + id),
            ConnectionsMax = 64,
            UnattachedPatience = TimeSpan.Zero,
            AttachRetry = TimeSpan.FromMilliseconds(10),
            MemberLease = TimeSpan.FromMilliseconds(150),
            LogonFailureBurst = 1_000,
        };
        _transport = new SimulatedClientTransport(options) { Accepted = OnAccepted };
        _link = new SimulatedMemberLink(id, processId, options, driver, _thread.Wake);
#pragma warning disable CA2000 // The agent owns it.
        _agent = new GatewayAgent(options, this, new BoxClock(time), _signal, _transport, new SimulatedAuthenticator(world, _thread.Wake), _link);
#pragma warning restore CA2000
    }

    public bool IsStopped => _thread.IsStopped;

    /// <summary>A client's connection has reached the box.</summary>
    public void Enqueue(IPEndPoint remote, SimulatedSocket socket)
    {
        socket.Wake = _thread.Wake;
        _transport.Enqueue(remote, socket);
        _thread.Wake();
    }

    public void Stop() => _thread.Stop();

    public void Continue() => _thread.Continue();

    /// <summary>The process is killed.</summary>
    /// <param name="isBoxGone">Its box is, too, so that nobody resets its connections.</param>
    public void Kill(bool isBoxGone)
    {
        _thread.End();
        _transport.End(isBoxGone ? static socket => socket.Vanish() : static socket => socket.Abort());
        _world.After(_world.Chance.Between(100_000, 5_000_000), _link.Detach);
        _signal.Dispose();
    }

    /// <summary>The process stops in good order.</summary>
    public void Shutdown()
    {
        _thread.End();
        _agent.Dispose();
    }

    void IGatewayLog.Information(string line)
    {
    }

    void IGatewayLog.Warning(string line) => _world.Tell(string.Create(CultureInfo.InvariantCulture, $"gateway {_id}: {line}"));

    private int Turn() => _agent.DoWork();

    private void OnAccepted(SimulatedSocket socket, FixConnection connection) =>
        socket.Tag = new ConnectionKey(_id, _link.Incarnation, connection.ConnectionId);
}
