using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Network;

/// <summary>
/// One end of a simulated TCP connection between a client and a gateway. Bytes arrive in order after a delay, cut into pieces at random;
/// when the way is dark they wait, and when an end dies the other is told, unless nothing gets through.
/// </summary>
internal sealed class SimulatedSocket
{
    private readonly SimulatedWorld _world;
    private readonly NetworkPath _path;
    private readonly Queue<Action> _inTransit = new();
    private SimulatedSocket? _peer;
    private bool _isVanished;

    private SimulatedSocket(SimulatedWorld world, NetworkPath path)
    {
        _world = world;
        _path = path;
    }

    /// <summary>What has arrived and was not taken yet; in order.</summary>
    public Queue<byte[]> Arrived { get; } = new();

    /// <summary>The peer has sent everything and shut down, or is gone.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>The connection was reset.</summary>
    public bool IsReset { get; private set; }

    /// <summary>This end was closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Bytes sent and not yet arrived, over all of them.</summary>
    public int InFlightBytes { get; private set; }

    /// <summary>What the gateway's end calls this connection; set for both ends.</summary>
    public object? Tag
    {
        get;
        set
        {
            field = value;
            if (_peer!.Tag != value)
            {
                _peer.Tag = value;
            }
        }
    }

    /// <summary>Called when something arrives.</summary>
    public Action Wake { get; set; } = static () => { };

    /// <summary>Two connected ends.</summary>
    public static (SimulatedSocket Near, SimulatedSocket Far) Connect(SimulatedWorld world, NetworkPath there, NetworkPath back)
    {
        SimulatedSocket near = new(world, there);
        SimulatedSocket far = new(world, back);
        near._peer = far;
        far._peer = near;
        return (near, far);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsClosed)
        {
            int length = _world.Chance.PerMille(100) ? 1 + _world.Chance.Below(bytes.Length) : bytes.Length;
            byte[] piece = bytes[..length].ToArray();
            InFlightBytes += length;
            Dispatch(() => _peer!.Deliver(piece, this));
            bytes = bytes[length..];
        }
    }

    /// <summary>Nothing more will be sent; the peer learns it behind the last byte.</summary>
    public void ShutdownSend() => Dispatch(() => _peer!.End());

    /// <summary>Closes this end in order.</summary>
    public void Close()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            Dispatch(() => _peer!.End());
        }
    }

    /// <summary>The process at this end is gone: its system resets the connection.</summary>
    public void Abort()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            Dispatch(() => _peer!.Reset());
        }
    }

    /// <summary>The box at this end is gone: the peer hears nothing any more.</summary>
    public void Vanish()
    {
        IsClosed = true;
        _isVanished = true;
    }

    private void Dispatch(Action arrival)
    {
        _inTransit.Enqueue(arrival);
        _world.After(_path.DelayNs(), Arrive);
    }

    // Each arrival hands over the oldest, so that order is kept whatever the delays are.
    private void Arrive()
    {
        if (_path.IsDark)
        {
            // TCP sends it again and again until the way is open.
            _path.WaitForLight(Arrive);
            return;
        }

        _inTransit.Dequeue()();
    }

    private void Deliver(byte[] bytes, SimulatedSocket sender)
    {
        sender.InFlightBytes -= bytes.Length;
        if (IsClosed)
        {
            // What reaches a closed end is answered with a reset, unless there is no box any more that could.
            if (!_isVanished)
            {
                _world.After(_path.DelayNs(), sender.Reset);
            }

            return;
        }

        Arrived.Enqueue(bytes);
        Wake();
    }

    private void End()
    {
        IsEnded = true;
        Wake();
    }

    private void Reset()
    {
        IsReset = true;
        IsEnded = true;
        Wake();
    }
}
