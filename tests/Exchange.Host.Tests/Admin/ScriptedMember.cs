using System.Diagnostics;
using System.Net;
using System.Text;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;

namespace Exchange.Host.Tests.Admin;

/// <summary>A member that only answers operators, on a thread of its own.</summary>
internal sealed class ScriptedMember : IPeerHandler, IDisposable
{
    public static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    private readonly TcpPeerTransport _transport;
    private readonly Thread _thread;
    private volatile bool _isStopping;

    public ScriptedMember()
    {
        _transport = new TcpPeerTransport(new TcpPeerOptions
        {
            Identity = new PeerIdentity(4, MemberKind.Engine, new Guid(1, 2, 3, new byte[8]), Guid.Empty, 1, 1 << 20, "1.0"),
            Key = Key,
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        });
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public string Address => _transport.LocalEndPoint.ToString();

    public void OnConnected(in PeerIdentity peer)
    {
    }

    public void OnDisconnected(int memberId, bool isProcessGone)
    {
    }

    public void OnMessage(int memberId, ReadOnlySpan<byte> message)
    {
    }

    public void OnAdminRequest(long connection, ReadOnlySpan<byte> utf8Json)
    {
        string request = Encoding.UTF8.GetString(utf8Json);
        if (request.Contains("\"switchover\"", StringComparison.Ordinal))
        {
            for (int i = 0; i < 3; i++)
            {
                _transport.Answer(connection, Encoding.UTF8.GetBytes($"{{\"progress\":\"step {i}\"}}"), isLast: false);
            }
        }

        if (request.Contains("\"flood\"", StringComparison.Ordinal))
        {
            byte[] large = Encoding.UTF8.GetBytes($"{{\"progress\":\"{new string('x', 200_000)}\"}}");
            for (int i = 0; i < 200; i++)
            {
                _transport.Answer(connection, large, isLast: false);
            }
        }

        if (request.Contains("\"garbage\"", StringComparison.Ordinal))
        {
            _transport.Answer(connection, "[1,"u8, isLast: true);
        }
        else if (!request.Contains("\"silence\"", StringComparison.Ordinal))
        {
            _transport.Answer(connection, Encoding.UTF8.GetBytes($"{{\"ok\":true,\"echo\":{request}}}"), isLast: true);
        }
    }

    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        _transport.Dispose();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            if (_transport.Poll(this, (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds) + _transport.Flush() == 0)
            {
                _ = _transport.WaitForInput(TimeSpan.FromMilliseconds(1));
            }
        }
    }
}
