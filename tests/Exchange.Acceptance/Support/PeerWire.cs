// Problem: a partition is not the end of a connection: both ends see an open socket on which nothing comes, and no kernel says why.
// Idea:    one member dials the other through this; it passes bytes on, or stops passing those of one speaker. What is lost stays lost: a
//          stream with a hole is never continued, since TCP would not do that either, and its connection ends when the wire is mended.
//          Or it is late: all of it arrives then, as what a kernel kept sending again would.
// Must hold: while a speaker is cut, the other end hears nothing of it, not even that it has closed its socket or dialled.
using System.Net;
using System.Net.Sockets;

namespace Exchange.Acceptance.Support;

/// <summary>The network between two members: one that dials, and one that listens.</summary>
internal sealed class PeerWire : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Call> _calls = [];
    private readonly HashSet<int> _cut = [];
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly int _acceptorPort;
    private bool _isLate;
    private bool _isDisposed;
    private TaskCompletionSource _mended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lays the wire from one member to the port that the other listens on.</summary>
    public PeerWire(int dialler, int acceptor, int acceptorPort)
    {
        (Dialler, Acceptor, _acceptorPort) = (dialler, acceptor, acceptorPort);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";
        _ = AcceptAsync();
    }

    /// <summary>Member that dials.</summary>
    public int Dialler { get; }

    /// <summary>Member that listens.</summary>
    public int Acceptor { get; }

    /// <summary>Where the dialling member finds the other one.</summary>
    public string Address { get; }

    /// <summary>Bytes of a speaker that did not arrive, or not yet.</summary>
    public long Withheld { get; private set; }

    /// <summary>Whether a member is at one of its ends.</summary>
    public bool Ends(int member) => member == Dialler || member == Acceptor;

    /// <summary>From now on nothing of that member arrives at the other.</summary>
    /// <param name="speaker">Whose bytes.</param>
    /// <param name="isLate">They arrive when the wire is mended; otherwise never.</param>
    public void Cut(int speaker, bool isLate)
    {
        lock (_lock)
        {
            _isLate = isLate;
            _ = _cut.Add(speaker);
        }
    }

    /// <summary>Everything passes again; connections that have lost something end.</summary>
    public void Mend()
    {
        lock (_lock)
        {
            _cut.Clear();
            foreach (Call call in _calls.Where(c => c.HasHole))
            {
                call.End();
            }

            _mended.SetResult();
            _mended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _listener.Dispose();
            foreach (Call call in _calls)
            {
                call.End();
            }
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(new Call(await _listener.AcceptAsync()));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The wire is gone.
        }
    }

    private async Task CarryAsync(Call call)
    {
        try
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                _ = _calls.Add(call);
            }

            // A call needs both directions to come about.
            if (await PassesAsync(call, Dialler, 0) && await PassesAsync(call, Acceptor, 0))
            {
                await call.Far.ConnectAsync(IPAddress.Loopback, _acceptorPort);
                await Task.WhenAll(PumpAsync(call, call.Near, call.Far, Dialler), PumpAsync(call, call.Far, call.Near, Acceptor));
            }
            else
            {
                await SwallowAsync(call);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One end is gone, or the wire: the other end learns of it below.
        }
        finally
        {
            lock (_lock)
            {
                _ = _calls.Remove(call);
            }

            call.End();
        }
    }

    private async Task PumpAsync(Call call, Socket from, Socket to, int speaker)
    {
        byte[] buffer = new byte[65536];
        int length;
        do
        {
            length = await from.ReceiveAsync(buffer);
            if (await PassesAsync(call, speaker, length))
            {
                if (length == 0)
                {
                    call.End();
                }
                else
                {
                    _ = await to.SendAsync(buffer.AsMemory(0, length));
                }
            }
        }
        while (length > 0);
    }

    private static async Task SwallowAsync(Call call)
    {
        byte[] buffer = new byte[4096];
        while (await call.Near.ReceiveAsync(buffer) > 0)
        {
            // It speaks to nobody.
        }
    }

    /// <summary>Whether what a member says now arrives; waits for it when it is late.</summary>
    private async Task<bool> PassesAsync(Call call, int speaker, int length)
    {
        while (true)
        {
            Task mended;
            lock (_lock)
            {
                if (call.Lost.Contains(speaker) || !_cut.Contains(speaker))
                {
                    return !call.Lost.Contains(speaker);
                }

                Withheld += length;
                if (!_isLate)
                {
                    _ = call.Lost.Add(speaker);
                    return false;
                }

                length = 0;
                mended = _mended.Task;
            }

            await mended;
        }
    }

    /// <summary>One connection.</summary>
    private sealed class Call(Socket near)
    {
        public Socket Near { get; } = near;

        public Socket Far { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        /// <summary>Whose stream has a hole.</summary>
        public HashSet<int> Lost { get; } = [];

        public bool HasHole => Lost.Count > 0;

        public void End()
        {
            Near.Close(0);
            Far.Close(0);
        }
    }
}
