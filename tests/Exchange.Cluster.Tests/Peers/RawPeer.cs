using System.Diagnostics;
using System.Net.Sockets;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>A bare socket to a member's port, for saying what no member would; it can also behave until it is connected.</summary>
internal sealed class RawPeer : IPeerJudge, IDisposable
{
    private readonly ReceiveBuffer _inbound = new(1 << 20);
    private readonly SendRing _output = new(1 << 20);

    public RawPeer(PeerNode to)
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(to.Transport.LocalEndPoint);
        Socket.Blocking = false;
    }

    public Socket Socket { get; }

    public List<byte[]> Received { get; } = [];

    public bool IsClosed { get; private set; }

    /// <summary>Sends what the other side takes; a connection that is closed already takes nothing.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        _ = Socket.Send(bytes, SocketFlags.None, out SocketError error);
        IsClosed |= error is not (SocketError.Success or SocketError.WouldBlock);
    }

    public void Frame(PeerFrameKind kind, params byte[] payload)
    {
        byte[] frame = new byte[PeerFrameDescriptor.FrameBytes(payload.Length)];
        payload.CopyTo(frame, PeerFrameDescriptor.HeaderBytes);
        PeerFrameDescriptor.Seal(frame, kind, payload.Length);
        Send(frame);
    }

    /// <summary>Reads what is there; returns whether the connection is still open.</summary>
    public bool Look()
    {
        while (!IsClosed)
        {
            int count = Socket.Receive(_inbound.Space, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                break;
            }

            IsClosed = count == 0 || error != SocketError.Success;
            _inbound.Add(count);
        }

        return !IsClosed;
    }

    /// <summary>Goes through the whole handshake as a member.</summary>
    public PeerHandshakeStatus Handshake(PeerNode with, PeerIdentity identity, byte[]? key = null, Guid? life = null)
    {
        PeerHandshake handshake = new(key ?? PeerCluster.Key);
        handshake.Dial(PeerRole.Member, identity, life ?? Guid.NewGuid(), with.Id, new byte[PeerHandshake.NonceBytes], _output);
        PeerHandshakeStatus status = PeerHandshakeStatus.Running;
        long start = Stopwatch.GetTimestamp();
        while (status == PeerHandshakeStatus.Running && !IsClosed)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "the handshake does not end");
            Flush();
            _ = with.Turn();
            _ = Look();
            if (PeerFrameDescriptor.Read(_inbound.Unread, PeerHandshake.PayloadBytesMax, out _, out ReadOnlySpan<byte> payload, out int consumed) == PeerFrameStatus.Frame)
            {
                status = handshake.OnFrame(payload, _output, this);
                _inbound.Consume(consumed);
            }
        }

        Flush();
        return status;
    }

    public static PeerIdentity Identity(int id) => new(id, MemberKind.Engine, PeerNode.ClusterId, Guid.Empty, 1, 1 << 20, "1.0");

    public void Dispose() => Socket.Dispose();

    string? IPeerJudge.Judge(int expectedMemberId, in PeerIdentity other, Guid otherLife) => null;

    private void Flush()
    {
        while (!_output.IsEmpty)
        {
            int length = _output.Pending.Length;
            Send(_output.Pending);
            _output.Consume(length);
        }
    }
}
