using System.Globalization;
using System.Net;

namespace Exchange.Host.Client;

/// <summary>Reads <c>HOST:PORT</c> as people write it: a name, an IPv4 address or a bracketed IPv6 address.</summary>
internal static class HostAddress
{
    /// <summary>Writes an address as people do.</summary>
    public static string Format(EndPoint address) =>
        address is DnsEndPoint name ? string.Create(CultureInfo.InvariantCulture, $"{name.Host}:{name.Port}") : address.ToString() ?? string.Empty;

    /// <summary>The port of an address.</summary>
    public static int PortOf(EndPoint address) => address switch
    {
        IPEndPoint ip => ip.Port,
        DnsEndPoint name => name.Port,
        _ => 0,
    };

    /// <summary>Reads an address.</summary>
    /// <exception cref="HostException">It is none.</exception>
    public static EndPoint Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
        {
            throw new HostException($"{text} is no address; write HOST:PORT, for example 127.0.0.1:9880", ExitCode.BadInput);
        }

        string host = text[..colon].Trim('[', ']');
        return IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
    }
}
