namespace Exchange.Cluster.Tests.Consensus;

/// <summary>
/// Messages between the members of a test, under a clock that the test moves: in order and after a fixed delay, unless it is told to lose,
/// repeat, delay or block.
/// </summary>
internal sealed class TestNetwork(int seed)
{
    public const long DelayNs = 100_000;
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<(int From, int To, byte[] Message), (long At, long Order)> _queue = new();
    private readonly bool[] _blocked = new bool[256];
    private readonly bool[] _connected = new bool[256];
    private readonly int[] _underWay = new int[256];
    private long _order;

    public long NowNs { get; set; } = 1_000_000_000;

    /// <summary>Share of messages that are lost, repeated or delayed by up to 50 ms, in percent.</summary>
    public int TroublePercent { get; set; }

    public long Delivered { get; private set; }

    /// <summary>Told of each message before it is delivered; false drops it.</summary>
    public Func<int, int, byte[], bool> Filter { get; set; } = static (_, _, _) => true;

    public bool IsConnected(int from, int to) => to is > 0 and < 16 && _connected[Link(from, to)];

    public bool HasRoom(int from, int to) => _underWay[Link(from, to)] < 400;

    public void Connect(int one, int other) => _connected[Link(one, other)] = _connected[Link(other, one)] = true;

    public void Disconnect(int one, int other) => _connected[Link(one, other)] = _connected[Link(other, one)] = false;

    /// <summary>Makes messages vanish one way, while the connection seems to last.</summary>
    public void Block(int from, int to, bool isBlocked = true) => _blocked[Link(from, to)] = isBlocked;

    public void Isolate(int member, bool isIsolated = true)
    {
        for (int other = 1; other < 16; other++)
        {
            Block(member, other, isIsolated);
            Block(other, member, isIsolated);
        }
    }

    public void Heal() => Array.Clear(_blocked);

    /// <summary>Drops what is under way from and to a member, as the end of its connections does.</summary>
    public void Forget(int member)
    {
        List<((int From, int To, byte[] Message) Item, (long At, long Order) Key)> kept = [];
        while (_queue.TryDequeue(out (int From, int To, byte[] Message) item, out (long At, long Order) key))
        {
            if (item.From != member && item.To != member)
            {
                kept.Add((item, key));
            }
            else
            {
                _underWay[Link(item.From, item.To)]--;
            }
        }

        foreach (((int From, int To, byte[] Message) item, (long At, long Order) key) in kept)
        {
            _queue.Enqueue(item, key);
        }
    }

    public void Send(int from, int to, byte[] message)
    {
        int copies = 1;
        long delay = DelayNs;
        if (TroublePercent > 0 && _random.Next(100) < TroublePercent)
        {
            switch (_random.Next(3))
            {
                case 0:
                    return;
                case 1:
                    copies = 2;
                    break;
                default:
                    delay += _random.NextInt64(50_000_000);
                    break;
            }
        }

        for (int copy = 0; copy < copies; copy++)
        {
            _underWay[Link(from, to)]++;
            _queue.Enqueue((from, to, message), (NowNs + delay + (copy * 3_000_000), _order++));
        }
    }

    /// <summary>The next message that is due now.</summary>
    public bool TryReceive(Func<int, bool> isListening, out int from, out int to, out byte[] message)
    {
        while (_queue.TryPeek(out (int From, int To, byte[] Message) item, out (long At, long Order) key) && key.At <= NowNs)
        {
            _queue.Dequeue();
            (from, to, message) = item;
            _underWay[Link(from, to)]--;
            if (!_blocked[Link(from, to)] && isListening(to) && Filter(from, to, message))
            {
                Delivered++;
                return true;
            }
        }

        (from, to, message) = (0, 0, []);
        return false;
    }

    private static int Link(int from, int to) => (from << 4) | to;
}
