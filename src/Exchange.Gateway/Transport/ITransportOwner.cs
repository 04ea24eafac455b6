using System.Net;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway.Transport;

/// <summary>What a transport tells its owner, always on the gateway thread and only from inside <see cref="IConnectionTransport.DoWork"/>.</summary>
internal interface ITransportOwner
{
    /// <summary>Whether clients that connect are to be taken now; else they wait.</summary>
    bool TakesConnections { get; }

    /// <summary>A client connected. Returns the connection to serve it with, or null to close it at once.</summary>
    /// <param name="remoteEndPoint">Where it comes from.</param>
    /// <param name="certificateNames">The names in its TLS certificate; null or empty when it showed none.</param>
    FixConnection? Accept(IPEndPoint? remoteEndPoint, string[]? certificateNames = null);

    /// <summary>Bytes came for a connection, or still wait; see <see cref="FixConnection.Receive"/>.</summary>
    int Receive(FixConnection connection, Span<byte> bytes);

    /// <summary>The socket is of no more use. The owner calls <see cref="IConnectionTransport.Release"/> later.</summary>
    void Disconnected(FixConnection connection, CloseReason reason);
}
