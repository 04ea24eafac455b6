using System.Net;
using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <summary>What this member keeps about another one, connected or not.</summary>
internal sealed class PeerChannel
{
    private const long DialDelayMinNs = 20_000_000;
    private const long DialDelayMaxNs = 200_000_000;

    private long _dialDelayNs = DialDelayMinNs;

    /// <summary>Creates the channel and its buffers.</summary>
    public PeerChannel(ClusterMember member, int sendRingBytes)
    {
        Member = member;
        Ring = new SendRing(sendRingBytes);
        Inbound = new ReceiveBuffer(4 * IPeerTransport.MessageBytesMax);
    }

    /// <summary>As the configuration knows it.</summary>
    public ClusterMember Member { get; set; }

    /// <summary>Where it is dialled; null when this member does not dial it, or its name is not known.</summary>
    public SocketAddress? Address { get; set; }

    /// <summary>The search for the address of its name, off the member's thread; null for none.</summary>
    public Task<(IPEndPoint? EndPoint, string? Error)>? Resolving { get; set; }

    /// <summary>When its name is looked up next; 0 when its address needs no look-up, or is not dialled.</summary>
    public long NextResolveNs { get; set; }

    /// <summary>Its connection, authenticated; null for none.</summary>
    public PeerConnection? Connection { get; set; }

    /// <summary>The attempt to connect; null for none.</summary>
    public PeerConnection? Dialling { get; set; }

    /// <summary>What waits to be sent to it.</summary>
    public SendRing Ring { get; }

    /// <summary>What arrived from it.</summary>
    public ReceiveBuffer Inbound { get; }

    /// <summary>Which life of its process is connected.</summary>
    public Guid Life { get; set; }

    /// <summary>When it is dialled next.</summary>
    public long NextDialNs { get; set; }

    /// <summary>When bytes came last.</summary>
    public long LastHeardNs { get; set; }

    /// <summary>When bytes went last.</summary>
    public long LastSentNs { get; set; }

    /// <summary>Since when its queue has been full; 0 when it is not.</summary>
    public long FullSinceNs { get; set; }

    /// <summary>Whether it was connected once and the handler has not been told that its process is gone.</summary>
    public bool MayBeThere { get; set; }

    /// <summary>The next attempt comes at once again, as after a connection that was good.</summary>
    public void DialSoon(long nowNs)
    {
        _dialDelayNs = DialDelayMinNs;
        NextDialNs = nowNs + _dialDelayNs;
    }

    /// <summary>An attempt failed; the next one comes a little later than this one did.</summary>
    public void DialLater(long nowNs)
    {
        NextDialNs = nowNs + _dialDelayNs;
        _dialDelayNs = Math.Min(_dialDelayNs + (_dialDelayNs / 2), DialDelayMaxNs);
    }
}
