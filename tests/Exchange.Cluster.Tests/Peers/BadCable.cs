using System.Net;
using System.Net.Sockets;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>Carries bytes between members in odd portions, and sometimes flips a bit, cuts the connection, or both ends of it at once.</summary>
internal sealed class BadCable : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly Random _random;
    private readonly byte[] _bytes = new byte[100_000];
    private Socket? _near;
    private Socket? _far;

    public BadCable(IPEndPoint target, int seed)
    {
        _target = target;
        _random = new Random(seed);
        _listener.Start();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public bool IsBad { get; set; } = true;

    public int Cuts { get; private set; }

    public int Flips { get; private set; }

    public void Turn()
    {
        if (_listener.Pending())
        {
            Cut();
            _near = _listener.AcceptSocket();
            _far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _far.Connect(_target);
            _near.Blocking = false;
        }

        if (_near is not null && (!Carry(_near, _far!) || !Carry(_far!, _near) || (IsBad && _random.Next(3000) == 0)))
        {
            Cut();
        }
    }

    public void Dispose()
    {
        Cut();
        _listener.Dispose();
    }

    private bool Carry(Socket from, Socket to)
    {
        int wanted = _random.Next(3) == 0 ? _random.Next(1, 30) : _random.Next(1, _bytes.Length);
        if (from.Poll(0, SelectMode.SelectRead))
        {
            int count = from.Receive(_bytes.AsSpan(0, wanted), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return true;
            }

            if (count <= 0 || error != SocketError.Success)
            {
                return false;
            }

            if (IsBad && _random.Next(1000) == 0)
            {
                _bytes[_random.Next(count)] ^= (byte)(1 << _random.Next(8));
                Flips++;
            }

            to.Blocking = true;
            int sent = to.Send(_bytes.AsSpan(0, count), SocketFlags.None, out error);
            return sent == count && error == SocketError.Success;
        }

        return true;
    }

    private void Cut()
    {
        if (_near is not null)
        {
            Cuts++;
            _near.Dispose();
            _far!.Dispose();
            _near = null;
        }
    }
}
