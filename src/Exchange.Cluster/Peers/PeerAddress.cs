using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Exchange.Cluster.Peers;

/// <summary>HOST:PORT as people write it in configuration: a name, an IPv4 address, or an IPv6 address in brackets.</summary>
public static class PeerAddress
{
    /// <summary>Takes a text apart.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? host, out int port)
    {
        host = null;
        port = 0;
        int colon = text?.LastIndexOf(':') ?? -1;
        if (text is null || colon < 1 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)
        {
            return false;
        }

        host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
            return IPAddress.TryParse(host, out IPAddress? v6) && v6.AddressFamily == AddressFamily.InterNetworkV6;
        }

        return IPAddress.TryParse(host, out IPAddress? v4) ? v4.AddressFamily == AddressFamily.InterNetwork : Uri.CheckHostName(host) == UriHostNameType.Dns;
    }

    /// <summary>Finds the address of a text; a name is asked for, which may take a while.</summary>
    /// <param name="text">HOST:PORT.</param>
    /// <param name="endPoint">The address.</param>
    /// <param name="error">Otherwise what is wrong, in one line.</param>
    public static bool TryResolve(string? text, [NotNullWhen(true)] out IPEndPoint? endPoint, [NotNullWhen(false)] out string? error)
    {
        endPoint = null;
        error = null;
        if (!TryParse(text, out string? host, out int port))
        {
            error = $"'{text}' is not HOST:PORT with a port from 1 to 65535";
            return false;
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            endPoint = new IPEndPoint(address, port);
            return true;
        }

        try
        {
            IPAddress[] found = Dns.GetHostAddresses(host);
            address = Array.Find(found, static one => one.AddressFamily == AddressFamily.InterNetwork) ?? found.FirstOrDefault();
        }
        catch (SocketException e)
        {
            error = $"'{host}' cannot be resolved: {e.Message}; write its IP address or correct the name";
            return false;
        }

        if (address is null)
        {
            error = $"'{host}' has no address; write its IP address or correct the name";
            return false;
        }

        endPoint = new IPEndPoint(address, port);
        return true;
    }
}
