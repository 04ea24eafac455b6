// Problem: the operator's verbs ask a member, wait, and say in one line what is wrong when there is no answer.
// Idea:    a blocking socket around the operator's session. Each wait has a limit, and a progress line starts it over, since a switchover
//          that still talks is not dead.
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exchange.Cluster.Peers;

namespace Exchange.Host.Admin;

/// <summary>A connection of an operator's tool with one member.</summary>
internal sealed class OperatorConnection : IDisposable
{
    private readonly OperatorSession _session;
    private readonly Socket _socket;
    private readonly string _address;

    private OperatorConnection(string address, Socket socket, OperatorSession session)
    {
        _address = address;
        _socket = socket;
        _session = session;
    }

    /// <summary>The member at the other end.</summary>
    public PeerIdentity Member => _session.Member;

    /// <summary>Connects with a member and proves the cluster's key on both sides.</summary>
    /// <param name="address">HOST:PORT of the member's peer address.</param>
    /// <param name="key">The cluster's key.</param>
    /// <param name="timeout">For all of it.</param>
    /// <exception cref="HostException">Why it is not possible, in one line.</exception>
    public static OperatorConnection Open(string address, ReadOnlySpan<byte> key, TimeSpan timeout)
    {
        if (!PeerAddress.TryResolve(address, out IPEndPoint? endPoint, out string? error))
        {
            throw new HostException($"{address}: {error}", ExitCode.BadInput);
        }

        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        OperatorConnection connection = new(address, socket, new OperatorSession(key, $"{Environment.UserName}@{Environment.MachineName}"));
        try
        {
            connection.Connect(endPoint, timeout);
            while (connection._session.State == OperatorSessionState.Opening)
            {
                connection.Send(deadline);
                connection.Receive(deadline);
            }

            connection.ThrowIfFailed();
            connection.Send(deadline);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks and waits for the answer.</summary>
    /// <param name="request">With <c>verb</c> and what belongs to it.</param>
    /// <param name="silence">Longest time without a word from the member.</param>
    /// <param name="onProgress">Receives the lines before the answer.</param>
    /// <returns>The member's last object, with <c>ok</c> and, when that is false, <c>error</c>.</returns>
    /// <exception cref="HostException">There is no answer, and why, in one line.</exception>
    public JsonObject Ask(JsonObject request, TimeSpan silence, Action<string>? onProgress = null)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(request.ToJsonString());
        if (!_session.TryRequest(utf8))
        {
            ThrowIfFailed();
            throw new HostException($"the request has {utf8.Length} bytes, a member takes {OperatorSession.RequestBytesMax}", ExitCode.BadInput);
        }

        while (true)
        {
            long deadline = Environment.TickCount64 + (long)silence.TotalMilliseconds;
            Send(deadline);
            ReadOnlySpan<byte> json;
            bool isLast;
            while (!_session.TryRead(out json, out isLast))
            {
                ThrowIfFailed();
                Receive(deadline);
            }

            JsonObject word = Parse(json);
            if (isLast)
            {
                return word;
            }

            onProgress?.Invoke(word["progress"]?.ToString() ?? word.ToJsonString());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Connect(IPEndPoint endPoint, TimeSpan timeout)
    {
        using CancellationTokenSource limit = new(timeout);
        try
        {
            _socket.ConnectAsync(endPoint, limit.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw Error($"does not answer within {timeout.TotalMilliseconds:0} ms; is its box up and reachable?");
        }
        catch (SocketException e)
        {
            throw Error(e.SocketErrorCode == SocketError.ConnectionRefused ? "nobody listens there; is the member running?" : e.Message);
        }
    }

    private void Send(long deadline)
    {
        try
        {
            while (!_session.Outgoing.IsEmpty)
            {
                _socket.SendTimeout = Remaining(deadline);
                _session.Sent(_socket.Send(_session.Outgoing));
            }
        }
        catch (SocketException e)
        {
            throw Error(e);
        }
    }

    private void Receive(long deadline)
    {
        try
        {
            _socket.ReceiveTimeout = Remaining(deadline);
            int count = _socket.Receive(_session.Space);
            if (count == 0)
            {
                throw Error(_session.State == OperatorSessionState.Opening
                    ? "closed the connection during the handshake; is it a member of this cluster?"
                    : "closed the connection; it has stopped, or too many operators are connected");
            }

            _session.Received(count);
        }
        catch (SocketException e)
        {
            throw Error(e);
        }
    }

    private int Remaining(long deadline)
    {
        long remaining = deadline - Environment.TickCount64;
        return remaining > 0 ? (int)Math.Min(remaining, int.MaxValue) : throw Error("does not answer in time; the process may be stopped or overloaded");
    }

    private void ThrowIfFailed()
    {
        if (_session.State == OperatorSessionState.Failed)
        {
            throw Error(_session.Failure);
        }
    }

    private JsonObject Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject ?? throw Error("answered with something that is not an object");
        }
        catch (JsonException)
        {
            throw Error("answered with something that is not JSON");
        }
    }

    private HostException Error(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.TimedOut or SocketError.WouldBlock => Error("does not answer in time; the process may be stopped or overloaded"),
        SocketError.ConnectionReset or SocketError.Shutdown => Error("closed the connection; it may have stopped"),
        _ => Error(e.Message),
    };

    private HostException Error(string what) => new($"member at {_address}: {what}");
}
