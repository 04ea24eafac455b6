using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Network;

/// <summary>The network between the boxes of members: paths, and a connection for each pair that wants one.</summary>
internal sealed class PeerNetwork
{
    private readonly SimulatedWorld _world;
    private readonly Chance _chance;
    private readonly NetworkPath[][] _paths;
    private readonly PeerLink?[][] _links;
    private readonly SimulatedPeerTransport?[] _transports;

    public PeerNetwork(SimulatedWorld world, int boxCount)
    {
        _world = world;
        _chance = world.Chance.Fork();
        _paths = new NetworkPath[boxCount][];
        _links = new PeerLink?[boxCount][];
        _transports = new SimulatedPeerTransport?[boxCount];
        for (int from = 0; from < boxCount; from++)
        {
            _links[from] = new PeerLink?[boxCount];
            _paths[from] = new NetworkPath[boxCount];
            for (int to = 0; to < boxCount; to++)
            {
                _paths[from][to] = new NetworkPath(world, _chance.Fork(), 15_000, 90_000);
            }
        }

        for (int a = 0; a < boxCount; a++)
        {
            for (int b = a + 1; b < boxCount; b++)
            {
                PeerLink link = new(this, a, b);
                _links[a][b] = link;
                Keep(link);
            }
        }
    }

    public SimulatedWorld World => _world;

    public Chance Chance => _chance;

    /// <summary>So many of a thousand consensus messages are lost, and as many doubled and delayed, within a connection that lasts: worse than the contract.</summary>
    public int RawPerMille { get; set; }

    public NetworkPath Path(int from, int to) => _paths[from][to];

    public PeerLink Link(int a, int b) => (a < b ? _links[a][b] : _links[b][a])!;

    public SimulatedPeerTransport? TransportOf(int box) => _transports[box];

    /// <summary>A member's process has come to life.</summary>
    public void Join(int box, SimulatedPeerTransport transport) => _transports[box] = transport;

    /// <summary>A member's process is gone.</summary>
    /// <param name="box">Which box.</param>
    /// <param name="isTold">Whether its system lives and resets its connections.</param>
    public void Leave(int box, bool isTold)
    {
        _transports[box] = null;
        for (int other = 0; other < _transports.Length; other++)
        {
            if (other != box)
            {
                Link(box, other).LoseProcess(box, isTold);
            }
        }
    }

    private void Keep(PeerLink link)
    {
        link.TryConnect();
        _world.After(_chance.Between(2_000_000, 12_000_000), () => Keep(link));
    }
}
