using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Transfer;

/// <summary>One member's end of a wire to one other, both in this process: messages wait until the test lets them through, and are lost when it cuts the wire.</summary>
internal sealed class LinkedTransport : IPeerTransport
{
    private readonly byte[] _claim = new byte[IPeerTransport.MessageBytesMax];
    private readonly Queue<byte[]> _out = new();
    private int _claimed;

    /// <summary>Whether messages pass.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Messages that may wait.</summary>
    public int QueueMax { get; set; } = 8;

    /// <summary>Messages that wait.</summary>
    public int Waiting => _out.Count;

    /// <summary>Messages sent so far.</summary>
    public long Sent { get; private set; }

    /// <summary>To whom the last message went.</summary>
    public int LastTo { get; private set; }

    public bool IsConnected(int memberId) => IsUp;

    public bool TryClaim(int memberId, int length, out Span<byte> target)
    {
        target = default;
        if (!IsUp || _out.Count >= QueueMax)
        {
            return false;
        }

        // What a transport hands out may hold anything.
        _claimed = length;
        target = _claim.AsSpan(0, length);
        target.Fill(0xEE);
        return true;
    }

    public void Commit(int memberId, int length)
    {
        Assert.InRange(length, 0, _claimed);
        if (length > 0)
        {
            _out.Enqueue(_claim[..length]);
            Sent++;
            LastTo = memberId;
        }
    }

    /// <summary>Takes the oldest message off the wire.</summary>
    public bool TryTake(out byte[] message)
    {
        bool taken = _out.TryDequeue(out byte[]? oldest);
        message = oldest ?? [];
        return taken;
    }

    /// <summary>Cuts the wire: what was on it is lost.</summary>
    public void Cut()
    {
        IsUp = false;
        _out.Clear();
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
