using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Exchange.Host.Client;

namespace Exchange.Host.Tests.Client;

/// <summary>
/// A small FIX acceptor on loopback for tests of the clients: sessions whose numbers survive a reconnect, acknowledgements, fills
/// on demand, cancels, resends, and planted mistakes. No matching.
/// </summary>
internal sealed class TestAcceptor : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, TestAcceptorSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Socket, Thread> _connections = new();
    private readonly Thread _acceptThread;
    private volatile bool _isStopping;

    public TestAcceptor()
    {
        _listener.Start();
        _acceptThread = new Thread(Accept) { IsBackground = true };
        _acceptThread.Start();
    }

    /// <summary>What the acceptor does wrong on purpose.</summary>
    internal enum Fault
    {
        None,
        DropAck,
        DoubleAck,

        /// <summary>The connection stays open, and nothing is heard on it any more.</summary>
        FallSilent,
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Each order is filled right after its acknowledgement.</summary>
    public bool FillsAll { get; set; }

    /// <summary>What to do with the n-th order of a session, from 1.</summary>
    public Func<long, Fault> FaultOf { get; set; } = static _ => Fault.None;

    /// <summary>All ClOrdIDs of orders taken, in order, by CompID.</summary>
    public IReadOnlyList<string> OrdersOf(string compId) => _sessions.TryGetValue(compId, out TestAcceptorSession? session) ? session.Orders() : [];

    /// <summary>Cuts every connection.</summary>
    public void DropConnections()
    {
        foreach (Socket socket in _connections.Keys)
        {
            socket.Dispose();
        }
    }

    /// <summary>Sends a report that the acceptor makes up while the client is away.</summary>
    public void ReportWhileAway(string compId, string clOrdId) => _sessions[compId].Report(clOrdId, '0', '0', 0, null);

    public void Dispose()
    {
        _isStopping = true;
        _listener.Dispose();
        DropConnections();
        _acceptThread.Join();
        foreach (Thread thread in _connections.Values)
        {
            thread.Join();
        }
    }

    private void Accept()
    {
        while (!_isStopping)
        {
            try
            {
                Socket socket = _listener.AcceptSocket();
                socket.NoDelay = true;
                Thread thread = new(() => Serve(socket)) { IsBackground = true };
                _connections[socket] = thread;
                thread.Start();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private void Serve(Socket socket)
    {
        byte[] buffer = new byte[1 << 20];
        int have = 0;
        TestAcceptorSession? session = null;
        try
        {
            while (true)
            {
                int read = socket.Receive(buffer, have, buffer.Length - have, SocketFlags.None);
                if (read == 0)
                {
                    return;
                }

                have += read;
                int at = 0;
                while (FixFrames.Find(buffer.AsSpan(at, have - at), out int length) == FrameResult.Frame)
                {
                    FixMessageView message = new(buffer.AsSpan(at, length));
                    session ??= Bind(message);
                    if (session is null || !session.OnMessage(message))
                    {
                        session?.Flush(socket);
                        return;
                    }

                    at += length;
                }

                have -= at;
                buffer.AsSpan(at, have).CopyTo(buffer);
                session?.Flush(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test cut the connection.
        }
        finally
        {
            session?.Unbind();
            socket.Dispose();
        }
    }

    private TestAcceptorSession? Bind(FixMessageView logon)
    {
        string compId = logon.Text(49);
        if (logon.Text(35) != "A" || logon.Text(554) != compId)
        {
            return null;
        }

        TestAcceptorSession session = _sessions.GetOrAdd(compId, id => new TestAcceptorSession(this, id));
        return session.TryBind() ? session : null;
    }
}
