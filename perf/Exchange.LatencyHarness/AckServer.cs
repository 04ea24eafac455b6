// The other end for measuring the generator alone: answers a Logon with a Logon and each order with one acknowledgement, and knows
// nothing else. One spinning thread for all sessions.
using System.Net;
using System.Net.Sockets;
using Exchange.Host.Client;
using Exchange.Host.Load;

namespace Exchange.LatencyHarness;

/// <summary>A counter that speaks just enough FIX for a mix without cancels.</summary>
internal sealed class AckServer : IDisposable
{
    private const int BufferBytes = 1 << 20;
    private static readonly byte[] s_terms = System.Text.Encoding.ASCII.GetBytes(
        "37=1|17=1|150=F|39=2|55=AAPL|54=1|38=1|40=2|44=100|59=0|32=1|31=100|151=0|14=1|6=100|60=20261121-00:00:00.000|".Replace('|', '\u0001'));

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly FixMessageBuilder _builder = new();
    private readonly List<Peer> _peers = [];
    private readonly Thread _thread;
    private readonly int _cpu;
    private volatile bool _isStopping;

    /// <summary>Starts to listen.</summary>
    public AckServer(int cpu)
    {
        _cpu = cpu;
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true, Name = "ack-server" };
        _thread.Start();
    }

    /// <summary>Where it listens.</summary>
    public EndPoint Address => _listener.LocalEndpoint;

    /// <inheritdoc/>
    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        _listener.Dispose();
        _peers.ForEach(static p => p.Socket.Dispose());
    }

    private void Serve()
    {
        CpuPin.Apply(_cpu);
        while (!_isStopping)
        {
            if (_listener.Pending())
            {
                Socket socket = _listener.AcceptSocket();
                socket.NoDelay = true;
                socket.Blocking = false;
                _peers.Add(new Peer(socket));
            }

            foreach (Peer peer in _peers)
            {
                Serve(peer);
            }
        }
    }

    private void Serve(Peer peer)
    {
        if (peer.OutEnd > peer.OutStart)
        {
            int sent = peer.Socket.Send(peer.Out.AsSpan(peer.OutStart, peer.OutEnd - peer.OutStart), SocketFlags.None, out SocketError sendError);
            peer.OutStart += sendError == SocketError.Success ? sent : 0;
            if (peer.OutStart < peer.OutEnd)
            {
                return;
            }

            peer.OutStart = 0;
            peer.OutEnd = 0;
        }

        int read = peer.Socket.Receive(peer.In.AsSpan(peer.InBytes, 128 * 1024), SocketFlags.None, out SocketError error);
        if (error != SocketError.Success || read == 0)
        {
            return;
        }

        peer.InBytes += read;
        int at = 0;
        while (FixFrames.Find(peer.In.AsSpan(at, peer.InBytes - at), out int length) == FrameResult.Frame)
        {
            Answer(peer, peer.In.AsSpan(at, length));
            at += length;
        }

        peer.InBytes -= at;
        peer.In.AsSpan(at, peer.InBytes).CopyTo(peer.In);
    }

    private void Answer(Peer peer, ReadOnlySpan<byte> request)
    {
        ReportScan scan = ReportScan.Read(request);
        if (scan.MsgType == 'D')
        {
            Write(peer, "8"u8, _builder.Open(), scan.ClOrdId);
        }
        else if (scan.MsgType is (byte)'A' or (byte)'5')
        {
            peer.CompId = scan.MsgType == 'A' ? new FixMessageView(request).Text(49) : peer.CompId;
            ReadOnlySpan<byte> type = [scan.MsgType];
            Write(peer, type, _builder.Open(), default);
        }
    }

    private static void Write(Peer peer, ReadOnlySpan<byte> type, FixMessageBuilder builder, ReadOnlySpan<byte> clOrdId)
    {
        builder.Add(35, type).Add(34, peer.NextOut++).Add(49, "EXCH"u8).Add(56, peer.CompIdBytes).Add(52, "20261121-00:00:00.000"u8);
        _ = clOrdId.IsEmpty ? builder : builder.Add(11, clOrdId).AddFields(s_terms);
        ReadOnlySpan<byte> frame = builder.Close("FIX.4.4");
        frame.CopyTo(peer.Out.AsSpan(peer.OutEnd));
        peer.OutEnd += frame.Length;
    }

    private sealed class Peer(Socket socket)
    {
        private string _compId = string.Empty;

        public Socket Socket { get; } = socket;

        public byte[] In { get; } = new byte[BufferBytes];

        public byte[] Out { get; } = new byte[4 * BufferBytes];

        public int InBytes { get; set; }

        public int OutStart { get; set; }

        public int OutEnd { get; set; }

        public long NextOut { get; set; } = 1;

        public byte[] CompIdBytes { get; private set; } = [];

        public string CompId
        {
            get => _compId;
            set
            {
                _compId = value;
                CompIdBytes = System.Text.Encoding.ASCII.GetBytes(value);
            }
        }
    }
}
