using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Exchange.Fix.Framing;

namespace Exchange.Gateway.Tests.Scenarios;

/// <summary>A FIX client on a real socket.</summary>
internal sealed class FixTestClient : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _length;

    public FixTestClient(IPEndPoint endPoint, int? receiveBuffer = null, IPAddress? from = null)
    {
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is int size)
        {
            _socket.ReceiveBufferSize = size;
        }

        if (from is not null)
        {
            _socket.Bind(new IPEndPoint(from, 0));
        }

        _socket.Connect(endPoint);
    }

    public Socket Socket => _socket;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>The next message; null when the server closed the connection first.</summary>
    public string? Receive(double timeoutSeconds = 20)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            FixFrame frame = FixFramer.Read(_buffer.AsSpan(0, _length));
            if (_length > 0 && frame.Status == FrameStatus.Message)
            {
                string message = Encoding.ASCII.GetString(_buffer, 0, frame.Consumed);
                _buffer.AsSpan(frame.Consumed, _length - frame.Consumed).CopyTo(_buffer);
                _length -= frame.Consumed;
                return message;
            }

            Assert.False(_length > 0 && frame.Status == FrameStatus.Garbled, "the gateway sent garbled bytes");
            Assert.True(watch.Elapsed.TotalSeconds < timeoutSeconds, $"no message within {timeoutSeconds} s");
            if (!_socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead))
            {
                continue;
            }

            int count = ReceiveSome();
            if (count <= 0)
            {
                return null;
            }

            _length += count;
        }
    }

    /// <summary>Reads up to the end of the connection and returns how many bytes came before it.</summary>
    public int ReceiveToEnd(double timeoutSeconds = 20)
    {
        int total = _length;
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            Assert.True(watch.Elapsed.TotalSeconds < timeoutSeconds, "the connection was not closed");
            if (!_socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead))
            {
                continue;
            }

            _length = 0;
            int count = ReceiveSome();
            if (count <= 0)
            {
                return total;
            }

            total += count;
        }
    }

    public void Dispose() => _socket.Dispose();

    private int ReceiveSome()
    {
        try
        {
            return _socket.Receive(_buffer.AsSpan(_length));
        }
        catch (SocketException)
        {
            return -1;
        }
    }
}
