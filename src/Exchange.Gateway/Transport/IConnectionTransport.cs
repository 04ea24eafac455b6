using System.Net;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Transport;

/// <summary>
/// Attaches connections to whatever carries their bytes. Its methods are called once per duty cycle or per connection and cycle, never per
/// message; all on the gateway thread.
/// </summary>
internal interface IConnectionTransport : IDisposable
{
    /// <summary>Where it listens.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Where it listens for TLS; null when it does not.</summary>
    IPEndPoint? TlsEndPoint => null;

    /// <summary>Takes new connections and what clients sent.</summary>
    /// <returns>Pieces of work done.</returns>
    int DoWork(ITransportOwner owner);

    /// <summary>Sends what the connection's outbound buffer holds, as far as it is taken. Called in each duty cycle while bytes are left.</summary>
    void Flush(FixConnection connection);

    /// <summary>Whether everything handed to <see cref="Flush"/> is on its way.</summary>
    bool IsFlushed(FixConnection connection);

    /// <summary>Tells the client that nothing more will come.</summary>
    void ShutdownSend(FixConnection connection);

    /// <summary>Closes; the connection is not mentioned again.</summary>
    void Release(FixConnection connection);
}
