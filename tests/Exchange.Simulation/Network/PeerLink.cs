namespace Exchange.Simulation.Network;

/// <summary>
/// The connection between two members. While it lasts, messages arrive whole and in order after a delay; what is under way when it breaks is
/// lost; a dark path holds them back, and if it stays dark for long the connection breaks.
/// </summary>
internal sealed class PeerLink
{
    private const long DarkPatienceNs = 1_500_000_000;
    private readonly PeerNetwork _network;
    private readonly int _a;
    private readonly int _b;
    private readonly Queue<byte[]> _toA = new();
    private readonly Queue<byte[]> _toB = new();
    private SimulatedPeerTransport? _endA;
    private SimulatedPeerTransport? _endB;
    private long _generation;
    private long _darkSinceNs = -1;
    private long _halfSinceNs = -1;
    private bool _isConnecting;

    public PeerLink(PeerNetwork network, int a, int b)
    {
        _network = network;
        _a = a;
        _b = b;
    }

    public bool IsUp => _endA is not null || _endB is not null;

    /// <summary>Whether a side believes to be connected.</summary>
    public bool IsUpFor(int box) => (box == _a ? _endA : _endB) is not null;

    /// <summary>Bytes under way to a box.</summary>
    public long InFlightBytes { get; private set; }

    public void TryConnect()
    {
        bool isDark = _network.Path(_a, _b).IsDark || _network.Path(_b, _a).IsDark;
        NoteDarkness(isDark);
        NoteSilence();
        SimulatedPeerTransport? a = _network.TransportOf(_a);
        SimulatedPeerTransport? b = _network.TransportOf(_b);
        bool isWanted = a is not null && b is not null && (a.Wants(b) || b.Wants(a)) && !a.Refuses(b) && !b.Refuses(a);
        if (_endA is not null && _endB is not null && !isWanted)
        {
            Break(isProcessGone: false);
        }

        if ((_endA is not null && _endB is not null) || isDark || !isWanted || _isConnecting)
        {
            return;
        }

        _isConnecting = true;
        _network.World.After(_network.Path(_a, _b).DelayNs() + _network.Path(_b, _a).DelayNs(), () => Connected(a!, b!));
    }

    public void Send(int from, byte[] message)
    {
        long generation = _generation;
        bool isRaw = _network.RawPerMille > 0 && message[0] < 32 && message[1] == 0;
        if (isRaw && _network.Chance.PerMille(_network.RawPerMille))
        {
            return;
        }

        if (isRaw && _network.Chance.PerMille(_network.RawPerMille))
        {
            // A second copy, at any later time, in front of or behind others.
            _network.World.After(_network.Chance.Between(0, 30_000_000), () => Stray(from, generation, message));
        }

        (from == _a ? _toB : _toA).Enqueue(message);
        InFlightBytes += message.Length;
        long delayNs = from == _a ? _network.Path(_a, _b).DelayNs() : _network.Path(_b, _a).DelayNs();
        _network.World.After(delayNs, () => Arrive(from, generation));
    }

    /// <summary>Ends the connection; both sides learn it, if they live.</summary>
    public void Break(bool isProcessGone)
    {
        Forget();
        (SimulatedPeerTransport? a, SimulatedPeerTransport? b) = (_endA, _endB);
        (_endA, _endB) = (null, null);
        a?.Arrive(new PeerArrival(b?.MemberId ?? _b + 1, null, null, isProcessGone));
        b?.Arrive(new PeerArrival(a?.MemberId ?? _a + 1, null, null, isProcessGone));
    }

    public void LoseProcess(int box, bool isTold)
    {
        if (!IsUp)
        {
            return;
        }

        Forget();
        if (box == _a)
        {
            _endA = null;
        }
        else
        {
            _endB = null;
        }

        long generation = _generation;
        if (isTold)
        {
            NetworkPath path = box == _a ? _network.Path(_a, _b) : _network.Path(_b, _a);
            _network.World.After(path.DelayNs(), () => TellGone(box, generation, path));
        }
    }

    private void TellGone(int box, long generation, NetworkPath path)
    {
        if (generation != _generation)
        {
            return;
        }

        if (path.IsDark)
        {
            path.WaitForLight(() => TellGone(box, generation, path));
            return;
        }

        Break(isProcessGone: true);
    }

    private void Connected(SimulatedPeerTransport a, SimulatedPeerTransport b)
    {
        _isConnecting = false;
        if (_network.TransportOf(_a) != a || _network.TransportOf(_b) != b)
        {
            return;
        }

        if (IsUp)
        {
            // A new connection takes the place of one whose other end died unnoticed.
            Break(isProcessGone: false);
        }

        Forget();
        (_endA, _endB) = (a, b);
        a.Arrive(new PeerArrival(b.MemberId, b.Identity, null, false));
        b.Arrive(new PeerArrival(a.MemberId, a.Identity, null, false));
    }

    private void Arrive(int from, long generation)
    {
        if (generation != _generation)
        {
            return;
        }

        NetworkPath path = from == _a ? _network.Path(_a, _b) : _network.Path(_b, _a);
        if (path.IsDark)
        {
            path.WaitForLight(() => Arrive(from, generation));
            return;
        }

        byte[] message = (from == _a ? _toB : _toA).Dequeue();
        InFlightBytes -= message.Length;
        Deliver(from, message);
    }

    private void Stray(int from, long generation, byte[] message)
    {
        if (generation == _generation)
        {
            Deliver(from, message);
        }
    }

    private void Deliver(int from, byte[] message)
    {
        SimulatedPeerTransport? receiver = from == _a ? _endB : _endA;
        SimulatedPeerTransport? sender = from == _a ? _endA : _endB;
        receiver?.Arrive(new PeerArrival(sender?.MemberId ?? from + 1, null, message, false));
    }

    private void NoteDarkness(bool isDark)
    {
        if (!isDark)
        {
            _darkSinceNs = -1;
        }
        else if (_darkSinceNs < 0)
        {
            _darkSinceNs = _network.World.NowNs;
        }
        else if (IsUp && _network.World.NowNs - _darkSinceNs > DarkPatienceNs)
        {
            Break(isProcessGone: false);
        }
    }

    // One end lost its power: the other notices when nothing has come for long.
    private void NoteSilence()
    {
        if (!IsUp || (_endA is not null && _endB is not null))
        {
            _halfSinceNs = -1;
        }
        else if (_halfSinceNs < 0)
        {
            _halfSinceNs = _network.World.NowNs;
        }
        else if (_network.World.NowNs - _halfSinceNs > DarkPatienceNs)
        {
            Break(isProcessGone: false);
        }
    }

    private void Forget()
    {
        _generation++;
        _toA.Clear();
        _toB.Clear();
        InFlightBytes = 0;
    }
}
