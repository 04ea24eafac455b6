using System.Diagnostics;
using System.Net;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>A member's transport with a handler that keeps what it is told.</summary>
internal sealed class PeerNode : IPeerHandler, IDisposable
{
    public static readonly Guid ClusterId = new("11111111-2222-3333-4444-555555555555");

    public PeerNode(int id, byte[]? key = null, Func<PeerIdentity, PeerIdentity>? change = null, Func<TcpPeerOptions, TcpPeerOptions>? options = null, IPEndPoint? listen = null)
    {
        PeerIdentity identity = new(id, MemberKind.Engine, ClusterId, Guid.Empty, 1, 1 << 20, "1.0");
        TcpPeerOptions made = new()
        {
            Identity = change?.Invoke(identity) ?? identity,
            Key = key ?? PeerCluster.Key,
            ListenEndPoint = listen ?? new IPEndPoint(IPAddress.Loopback, 0),
            Log = Lines.Add,
        };
        Id = id;
        Transport = new TcpPeerTransport(options?.Invoke(made) ?? made);
    }

    public int Id { get; }

    public TcpPeerTransport Transport { get; }

    public List<string> Lines { get; } = [];

    public List<string> Story { get; } = [];

    public List<(int From, byte[] Message)> Messages { get; } = [];

    public List<(long Connection, byte[] Json)> Requests { get; } = [];

    public bool Keeps { get; init; } = true;

    public long Received { get; private set; }

    public long SkewNs { get; set; }

    public string Address => Transport.LocalEndPoint.ToString();

    public ClusterMember Member => new(Id, MemberKind.Engine, true, 0, Address, string.Empty);

    public int Turn()
    {
        int messages = Transport.Poll(this, (Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency)) + SkewNs);
        return messages + Transport.Flush();
    }

    public bool TrySend(int to, ReadOnlySpan<byte> message)
    {
        if (!Transport.TryClaim(to, message.Length, out Span<byte> target))
        {
            return false;
        }

        message.CopyTo(target);
        Transport.Commit(to, message.Length);
        return true;
    }

    public void OnConnected(in PeerIdentity peer) => Story.Add($"+{peer.MemberId}");

    public void OnDisconnected(int memberId, bool isProcessGone) => Story.Add($"-{memberId}{(isProcessGone ? " gone" : string.Empty)}");

    public void OnMessage(int memberId, ReadOnlySpan<byte> message)
    {
        Received++;
        if (Keeps)
        {
            Messages.Add((memberId, message.ToArray()));
        }
    }

    public void OnAdminRequest(long connection, ReadOnlySpan<byte> utf8Json) => Requests.Add((connection, utf8Json.ToArray()));

    public void Dispose() => Transport.Dispose();
}
