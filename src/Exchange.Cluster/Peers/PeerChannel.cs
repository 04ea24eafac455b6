using System.Net;
using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <summary>What this member keeps about another one, connected or not.</summary>
internal sealed class PeerChannel
{
    private const long DialDelayMinNs = 20_000_000;
    private const long DialDelayMaxNs = 200_000_000;

    /// <summary>How long the one with the lower id waits to be dialled before it dials.</summary>
    public const long LateDialNs = 1_000_000_000;

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

    /// <summary>Whether the configuration does not have it: it knows the cluster's key and came by itself.</summary>
    public bool IsGuest { get; set; }

    /// <summary>Whether the other one should dial, so that this one dials only when that does not happen: the other may not know of this one.</summary>
    public bool DialsLate { get; set; }

    /// <summary>Where it is dialled; null when its name is not known.</summary>
    public SocketAddress? Address { get; set; }

    /// <summary>The search for the address of its name, off the member's thread; null for none.</summary>
    public Task<(IPEndPoint? EndPoint, string? Error)>? Resolving { get; set; }

    /// <summary>When its name is looked up next; 0 when its address needs no look-up.</summary>
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
        NextDialNs = nowNs + (DialsLate ? LateDialNs : _dialDelayNs);
    }

    /// <summary>An attempt failed; the next one comes a little later than this one did.</summary>
    public void DialLater(long nowNs)
    {
        NextDialNs = nowNs + (DialsLate ? LateDialNs : _dialDelayNs);
        _dialDelayNs = Math.Min(_dialDelayNs + (_dialDelayNs / 2), DialDelayMaxNs);
    }
}
