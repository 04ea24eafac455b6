using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Consensus;

/// <summary>One way from one member to one other, through a buffer that is made once: a transport that allocates nothing.</summary>
internal sealed class LoopTransport(int peer) : IPeerTransport
{
    private readonly byte[] _buffer = new byte[8 << 20];
    private readonly int[] _lengths = new int[4096];
    private int _first;
    private int _count;
    private int _read;
    private int _write;

    public bool IsConnected(int memberId) => memberId == peer;

    public bool TryClaim(int memberId, int length, out Span<byte> target)
    {
        bool hasRoom = memberId == peer && _write + length <= _buffer.Length && _count < _lengths.Length;
        target = hasRoom ? _buffer.AsSpan(_write, length) : default;
        return hasRoom;
    }

    public void Commit(int memberId, int length)
    {
        if (length > 0)
        {
            _lengths[_count++] = length;
            _write += length;
        }
    }

    public bool TryReceive(out ReadOnlySpan<byte> message)
    {
        if (_first == _count)
        {
            (_first, _count, _read, _write) = (0, 0, 0, 0);
            message = default;
            return false;
        }

        message = _buffer.AsSpan(_read, _lengths[_first]);
        _read += _lengths[_first++];
        return true;
    }

    public int Poll(IPeerHandler handler, long nowNs) => 0;

    public int Flush() => 0;

    public void SetMembers(ClusterConfiguration configuration)
    {
    }

    public void Answer(long connection, ReadOnlySpan<byte> utf8Json, bool isLast)
    {
    }

    public void Dispose()
    {
    }
}
