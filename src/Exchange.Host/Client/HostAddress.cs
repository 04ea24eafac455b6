using System.Globalization;
using System.Net;
using Exchange.Cluster.Peers;

namespace Exchange.Host.Client;

/// <summary>Reads <c>HOST:PORT</c> as people write it: a name, an IPv4 address or a bracketed IPv6 address.</summary>
internal static class HostAddress
{
    /// <summary>Writes an address as people do.</summary>
    public static string Format(EndPoint address) =>
        address is DnsEndPoint name ? string.Create(CultureInfo.InvariantCulture, $"{name.Host}:{name.Port}") : address.ToString() ?? string.Empty;

    /// <summary>The port of an address that was read before; 0 of an empty text.</summary>
    public static int PortOf(string text) => PeerAddress.TryParse(text, out _, out int port) ? port : 0;

    /// <summary>Reads addresses; several in one text are separated by commas.</summary>
    /// <exception cref="HostException">One is none.</exception>
    public static EndPoint[] ParseList(IEnumerable<string> texts) => [.. Split(texts).Select(Parse)];

    /// <summary>Takes texts with several addresses apart.</summary>
    public static IEnumerable<string> Split(IEnumerable<string> texts) =>
        texts.SelectMany(static text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Reads an address.</summary>
    /// <exception cref="HostException">It is none.</exception>
    public static EndPoint Parse(string text)
    {
        if (!PeerAddress.TryParse(text, out string? host, out int port))
        {
            throw new HostException($"{text} is no address; write HOST:PORT, for example 127.0.0.1:9880 or [::1]:9880", ExitCode.BadInput);
        }

        return IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
    }
}
