using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Exchange.Host.Conformance;

/// <summary>A connection to the acceptor: whole messages come out, whatever bytes go in.</summary>
internal sealed class ConformanceConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 16];
    private string _received = "";
    private Task<int>? _read;

    private ConformanceConnection(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    /// <summary>Whether the acceptor has closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Connects.</summary>
    /// <exception cref="HostException">Nobody answers there.</exception>
    public static ConformanceConnection Open(EndPoint address, SslClientAuthenticationOptions? tls)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(address);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is not null)
            {
                SslStream secured = new(stream);
                stream = secured;
                secured.AuthenticateAsClient(tls);
            }

            return new ConformanceConnection(socket, stream);
        }
        catch (Exception e) when (e is SocketException or AuthenticationException or IOException)
        {
            socket.Dispose();
            throw new HostException($"cannot connect to {Client.HostAddress.Format(address)}: {e.Message}", ExitCode.Unreachable);
        }
    }

    /// <summary>Sends bytes, each character one.</summary>
    /// <exception cref="ScenarioFailure">The acceptor has closed.</exception>
    public void Send(string text)
    {
        try
        {
            _stream.Write(Encoding.Latin1.GetBytes(text));
        }
        catch (IOException e)
        {
            IsClosed = true;
            throw new ScenarioFailure($"the acceptor has closed the connection: {e.InnerException?.Message ?? e.Message}");
        }
    }

    /// <summary>The next message; null when the acceptor has closed or nothing came in time, see <see cref="IsClosed"/>.</summary>
    /// <exception cref="ScenarioFailure">What came is no FIX message.</exception>
    public WireMessage? Receive(TimeSpan limit)
    {
        long deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (true)
        {
            WireMessage.Read(_received, out WireMessage? message, out string? error);
            if (error is not null)
            {
                throw new ScenarioFailure($"received something that is no FIX message: {error}: {_received.Replace(WireMessage.Soh, '|')}");
            }

            if (message is not null)
            {
                _received = _received[message.Text.Length..];
                return message;
            }

            if (IsClosed || !ReadMore(deadline - Environment.TickCount64))
            {
                return null;
            }
        }
    }

    /// <summary>Closes our half and waits until the acceptor has noticed, so that the next Logon does not meet a session that is still alive.</summary>
    public void Close(TimeSpan limit)
    {
        try
        {
            if (_stream is SslStream secured)
            {
                secured.ShutdownAsync().Wait(limit);
            }

            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or IOException or AggregateException or InvalidOperationException)
        {
            IsClosed = true;
        }

        long deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!IsClosed && ReadMore(deadline - Environment.TickCount64))
        {
            _received = "";
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
        IsClosed = true;
    }

    /// <summary>Reads what there is; false when nothing came in time. A read that is not over in time goes on behind it.</summary>
    private bool ReadMore(long limitMs)
    {
        try
        {
            _read ??= _stream.ReadAsync(_buffer, 0, _buffer.Length);
            if (!_read.Wait((int)Math.Clamp(limitMs, 0, int.MaxValue)))
            {
                return false;
            }

            int count = _read.Result;
            _read = null;
            IsClosed = count == 0;
            _received += Encoding.Latin1.GetString(_buffer, 0, count);
            return true;
        }
        catch (AggregateException e) when (e.InnerException is IOException or ObjectDisposedException)
        {
            // A connection that is reset is closed too.
            _read = null;
            IsClosed = true;
            return true;
        }
    }
}
