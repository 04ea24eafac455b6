using System.Net;
using System.Net.Sockets;

namespace Exchange.Acceptance.Support;

/// <summary>A TCP connection to a FIX port that sends any bytes and accepts only perfect messages.</summary>
internal sealed class FixConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _received = new byte[64 * 1024];
    private int _count;
    private bool _isDisposed;

    private FixConnection()
    {
    }

    /// <summary>Whether the peer has ended the connection, one way or another.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Connects to loopback.</summary>
    public static FixConnection Open(int port)
    {
        FixConnection connection = new();
        try
        {
            connection._socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            connection._socket.SendTimeout = 10_000;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Connects, or returns null when nobody listens.</summary>
    public static FixConnection? TryOpen(int port)
    {
        try
        {
            return Open(port);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Sends bytes as they are; a connection that is gone is noticed and no error.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty && !IsClosed)
            {
                bytes = bytes[_socket.Send(bytes)..];
            }
        }
        catch (SocketException)
        {
            IsClosed = true;
        }
    }

    /// <summary>The next message, or null when none came within the time or the connection is over.</summary>
    public FixMessage? Receive(TimeSpan limit)
    {
        long deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (true)
        {
            FixMessage? message = FixMessage.Take(_received.AsSpan(0, _count), out int consumed);
            if (message is not null)
            {
                _received.AsSpan(consumed, _count - consumed).CopyTo(_received);
                _count -= consumed;
                return message;
            }

            long left = deadline - Environment.TickCount64;
            if (IsClosed || left < 0 || !Fill(left))
            {
                return null;
            }
        }
    }

    /// <summary>Ends the connection with a reset, as a client that crashed would.</summary>
    public void Abort()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            _socket.Dispose();
        }

        IsClosed = true;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private bool Fill(long limitMs)
    {
        try
        {
            if (!_socket.Poll(TimeSpan.FromMilliseconds(limitMs), SelectMode.SelectRead))
            {
                return false;
            }

            if (_count == _received.Length)
            {
                Array.Resize(ref _received, _received.Length * 2);
            }

            int read = _socket.Receive(_received.AsSpan(_count));
            _count += read;
            IsClosed |= read == 0;
        }
        catch (SocketException)
        {
            IsClosed = true;
        }

        return true;
    }
}
