// Attaches a FixClientSession to a TCP connection. One thread pulls: each call of Poll waits a bounded time for the socket, feeds
// what arrived, lets time pass and writes what waits. So a test or a terminal decides when anything happens, and nothing races.
using System.Net;
using System.Net.Sockets;

namespace Exchange.Host.Client;

/// <summary>Socket driver of a client's session; reconnecting is the caller's choice.</summary>
internal sealed class FixClientDriver : IDisposable
{
    private const long LingerNs = FixTime.NsPerSec;
    private readonly ClientClock _clock = new();
    private readonly FixClientSession _session;
    private byte[] _inbound = new byte[64 * 1024];
    private int _inboundBytes;
    private Socket? _socket;
    private long _lingerUntilNs;
    private bool _isHalfClosed;

    /// <summary>Creates the driver without a connection.</summary>
    public FixClientDriver(FixClientSession session)
    {
        _session = session;
    }

    /// <summary>The session driven.</summary>
    public FixClientSession Session => _session;

    /// <summary>Whether there is a TCP connection.</summary>
    public bool IsConnected => _socket is not null;

    /// <summary>The time that the session is told.</summary>
    public long NowNs => _clock.NowNs;

    /// <summary>Connects and sends the Logon.</summary>
    /// <param name="address">Where the exchange listens.</param>
    /// <param name="timeout">Limit for the TCP connection.</param>
    /// <param name="reset">Logs on with 141=Y.</param>
    /// <param name="error">Why it failed.</param>
    public bool TryConnect(EndPoint address, TimeSpan timeout, bool reset, out string error)
    {
        Protocol.Invariant.Require(_socket is null);
        error = string.Empty;
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using CancellationTokenSource limit = new(timeout);
            socket.ConnectAsync(address, limit.Token).AsTask().GetAwaiter().GetResult();
            socket.NoDelay = true;
            socket.Blocking = false;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            error = HostAddress.Format(address) + (e is SocketException s ? $": {new SocketException((int)s.SocketErrorCode).Message}" : $": no answer within {timeout.TotalSeconds:0.#} s");
            return false;
        }

        _socket = socket;
        _inboundBytes = 0;
        _lingerUntilNs = 0;
        _isHalfClosed = false;
        _session.OnConnected(_clock.NowNs, reset);
        Flush();
        return true;
    }

    /// <summary>Waits at most <paramref name="maxWait"/> for the socket, then does all that is to be done.</summary>
    /// <returns>Whether bytes arrived.</returns>
    public bool Poll(TimeSpan maxWait)
    {
        if (_socket is null)
        {
            return false;
        }

        bool received = false;
        try
        {
            Flush();
            if (_socket is not null && (_socket.Poll(maxWait, _session.Outbound.IsEmpty ? SelectMode.SelectRead : SelectMode.SelectWrite) || _socket.Available > 0))
            {
                received = Receive();
            }
        }
        catch (SocketException e)
        {
            Close(e.Message);
        }

        if (_socket is null)
        {
            return received;
        }

        if (!received && _session.IsSilent(_clock.NowNs))
        {
            Close($"the exchange is silent for {_session.Options.SilenceNs / 1_000_000} ms", isSilent: true);
            return false;
        }

        _session.OnTick(_clock.NowNs);
        Flush();
        CloseWhenDone();
        return received;
    }

    /// <summary>Polls until the condition holds; false when it does not within the limit.</summary>
    public bool PollUntil(Func<bool> condition, TimeSpan limit)
    {
        long endNs = _clock.NowNs + (long)limit.TotalNanoseconds;
        while (!condition())
        {
            if (_clock.NowNs >= endNs)
            {
                return false;
            }

            if (IsConnected)
            {
                Poll(TimeSpan.FromMilliseconds(5));
            }
            else
            {
                Thread.Sleep(1);
            }
        }

        return true;
    }

    /// <summary>Writes what waits, as far as the socket takes it.</summary>
    public void Flush()
    {
        while (_socket is not null && !_session.Outbound.IsEmpty)
        {
            int sent = _socket.Send(_session.Outbound, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            if (error != SocketError.Success)
            {
                Close(new SocketException((int)error).Message);
                return;
            }

            _session.OnWritten(sent);
        }
    }

    /// <summary>Cuts the connection without a Logout, with a reset of the TCP connection: what a crash looks like.</summary>
    public void Drop()
    {
        if (_socket is not null)
        {
            _socket.LingerState = new LingerOption(true, 0);
            Close("dropped by us");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close("closed by us");

    private bool Receive()
    {
        bool any = false;
        while (_socket is not null)
        {
            if (_inboundBytes == _inbound.Length)
            {
                Array.Resize(ref _inbound, _inbound.Length * 2);
            }

            int read = _socket.Receive(_inbound.AsSpan(_inboundBytes), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                break;
            }

            if (error != SocketError.Success || read == 0)
            {
                Close(error == SocketError.Success ? "the exchange closed the connection" : new SocketException((int)error).Message);
                break;
            }

            any = true;
            _inboundBytes += read;
            int consumed = _session.OnReceived(_inbound.AsSpan(0, _inboundBytes), _clock.NowNs);
            _inbound.AsSpan(consumed, _inboundBytes - consumed).CopyTo(_inbound);
            _inboundBytes -= consumed;
            if (read < 4096)
            {
                break;
            }
        }

        return any;
    }

    private void CloseWhenDone()
    {
        if (_socket is null || _session.Status != FixClientStatus.Closing)
        {
            return;
        }

        if (_lingerUntilNs == 0)
        {
            _lingerUntilNs = _clock.NowNs + LingerNs;
        }

        if (_clock.NowNs >= _lingerUntilNs)
        {
            Close(_session.EndReason);
        }
        else if (!_isHalfClosed && _session.Outbound.IsEmpty)
        {
            // Half a close first: bytes that still arrive are read, because closing on unread bytes would reset the connection
            // and could take our last Logout with it.
            _isHalfClosed = true;
            _socket.Shutdown(SocketShutdown.Send);
        }
    }

    private void Close(string why, bool isSilent = false)
    {
        Socket? socket = _socket;
        _socket = null;
        if (socket is not null)
        {
            socket.Dispose();
            _session.OnDisconnected(why, isSilent);
        }
    }
}
