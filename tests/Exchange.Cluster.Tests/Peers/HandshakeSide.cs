using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>One side of a handshake without a socket.</summary>
internal sealed class HandshakeSide : IPeerJudge
{
    private readonly ReceiveBuffer _inbound = new(4096);

    public HandshakeSide(int id, byte[] key, byte nonce, PeerRole? dials)
    {
        Handshake = new PeerHandshake(key);
        PeerIdentity identity = new(id, MemberKind.Engine, PeerNode.ClusterId, Guid.Empty, 1, 1 << 20, $"release-{id}");
        byte[] nonces = new byte[PeerHandshake.NonceBytes];
        nonces.AsSpan().Fill(nonce);
        if (dials is { } role)
        {
            Handshake.Dial(role, identity, new Guid(id, 0, 0, new byte[8]), 0, nonces, Output);
        }
        else
        {
            Handshake.Accept(identity, new Guid(id, 0, 0, new byte[8]), nonces);
        }
    }

    public PeerHandshake Handshake { get; }

    public SendRing Output { get; } = new(4096);

    public PeerHandshakeStatus Status { get; private set; }

    public string? Verdict { get; init; }

    public int Judged { get; private set; }

    /// <summary>What is to be sent, as separate frames.</summary>
    public List<byte[]> TakeFrames()
    {
        List<byte[]> frames = [];
        while (PeerFrameDescriptor.Read(Output.Pending, 4096, out _, out _, out int consumed) == PeerFrameStatus.Frame)
        {
            frames.Add(Output.Pending[..consumed].ToArray());
            Output.Consume(consumed);
        }

        return frames;
    }

    /// <summary>Receives bytes as they come; stops at the first that are no handshake.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_inbound.Space);
        _inbound.Add(bytes.Length);
        while (Status == PeerHandshakeStatus.Running)
        {
            PeerFrameStatus status = PeerFrameDescriptor.Read(_inbound.Unread, PeerHandshake.PayloadBytesMax, out _, out ReadOnlySpan<byte> payload, out int consumed);
            if (status == PeerFrameStatus.Incomplete)
            {
                return;
            }

            if (status == PeerFrameStatus.Malformed)
            {
                Status = PeerHandshakeStatus.Foreign;
                return;
            }

            Status = Handshake.OnFrame(payload, Output, this);
            _inbound.Consume(consumed);
        }
    }

    /// <summary>Carries frames to and fro until both are silent; each may be changed on the way.</summary>
    public static List<byte[]> Converse(HandshakeSide dialler, HandshakeSide acceptor, Func<int, byte[], byte[]>? change = null)
    {
        List<byte[]> all = [];
        for (int quiet = 0; quiet < 2;)
        {
            quiet++;
            foreach ((HandshakeSide from, HandshakeSide to) in new[] { (dialler, acceptor), (acceptor, dialler) })
            {
                foreach (byte[] frame in from.TakeFrames())
                {
                    quiet = 0;
                    byte[] sent = change?.Invoke(all.Count, frame) ?? frame;
                    all.Add(sent);
                    to.Receive(sent);
                }
            }
        }

        return all;
    }

    string? IPeerJudge.Judge(int expectedMemberId, in PeerIdentity other, Guid otherLife)
    {
        Judged++;
        return Verdict;
    }
}
