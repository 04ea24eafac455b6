// Problem: the terminal and the load generator read and write sockets in their own ways; an exchange may ask for TLS.
// Idea:    a tunnel inside the process: each connection to its loopback port goes on to the exchange, encrypted. What the clients do stays
//          as it is; the tunnel costs some tens of microseconds, which the load's figures then include.
// Must hold: when one side ends, the other is ended too; a handshake that fails is said once, in one line, with what to do.
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Exchange.Host.Client;

/// <summary>Carries connections to one address over TLS.</summary>
internal sealed class TlsTunnel : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly EndPoint _target;
    private readonly SslClientAuthenticationOptions _authentication;
    private readonly Action<string> _say;
    private int _hasSaid;

    private TlsTunnel(EndPoint target, SslClientAuthenticationOptions authentication, Action<string> say)
    {
        _target = target;
        _authentication = authentication;
        _say = say;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>Where to connect instead of the address itself.</summary>
    public EndPoint LocalEndPoint => _listener.LocalEndPoint!;

    /// <summary>Opens a tunnel to each address.</summary>
    /// <param name="targets">The addresses.</param>
    /// <param name="authentication">How each is spoken to.</param>
    /// <param name="say">Told when a handshake fails.</param>
    public static TlsTunnel[] Open(IEnumerable<EndPoint> targets, Func<EndPoint, SslClientAuthenticationOptions> authentication, Action<string> say) =>
        [.. targets.Select(target => new TlsTunnel(target, authentication(target), say))];

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket inner = await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = Task.Run(() => CarryAsync(inner));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The tunnel is closed.
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationTokenSource end)
    {
        try
        {
            await from.CopyToAsync(to, end.Token).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task CarryAsync(Socket innerSocket)
    {
        using Socket outerSocket = new(SocketType.Stream, ProtocolType.Tcp);
        await using NetworkStream inner = new(innerSocket, ownsSocket: true);
        try
        {
            innerSocket.NoDelay = true;
            outerSocket.NoDelay = true;
            await outerSocket.ConnectAsync(_target, _stopping.Token).ConfigureAwait(false);
            await using SslStream outer = new(new NetworkStream(outerSocket, ownsSocket: true));
            await outer.AuthenticateAsClientAsync(_authentication, _stopping.Token).ConfigureAwait(false);
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            await Task.WhenAll(CopyAsync(inner, outer, end), CopyAsync(outer, inner, end)).ConfigureAwait(false);
        }
        catch (AuthenticationException e)
        {
            if (Interlocked.Exchange(ref _hasSaid, 1) == 0)
            {
                _say($"TLS with {HostAddress.Format(_target)} failed: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}; is it a TLS port, and does --tls-ca name the authority of its certificate?");
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone; closing the other says so.
        }
    }
}
