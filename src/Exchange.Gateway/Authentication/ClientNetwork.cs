using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Exchange.Gateway.Authentication;

/// <summary>What limits for an address count as one address: an IPv4 address, or the 64-bit network of an IPv6 address, which one client has whole.</summary>
internal static class ClientNetwork
{
    private const int NetworkBytes = 8;

    /// <summary>The network of an address; null when it is not known.</summary>
    [return: NotNullIfNotNull(nameof(address))]
    public static IPAddress? Of(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
