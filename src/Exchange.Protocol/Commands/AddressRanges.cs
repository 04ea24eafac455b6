using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>The addresses that a participant may connect from.</summary>
[InlineArray(CountMax)]
public struct AddressRanges
{
    /// <summary>Most ranges.</summary>
    public const int CountMax = 8;

    private AddressRange _element;
}

/// <summary>A range of addresses, as CIDR writes it. All zero is no range.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct AddressRange
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 20;

    /// <summary>Longest prefix, in bits.</summary>
    public const int PrefixLengthMax = 128;

    /// <summary>An IPv6 address, network byte order; IPv4 addresses are mapped (::ffff:a.b.c.d).</summary>
    [FieldOffset(0)]
    public Digest16 Address;

    /// <summary>Bits that count, of the mapped address for IPv4; 0 when there is no range here.</summary>
    [FieldOffset(16)]
    public int PrefixLength;

    /// <summary>Whether this is a range at all.</summary>
    public readonly bool IsUsed => PrefixLength != 0;

    /// <summary>Whether the 16 bytes of an address lie in the range.</summary>
    public readonly bool Contains(ReadOnlySpan<byte> address)
    {
        ReadOnlySpan<byte> own = Address;
        int whole = PrefixLength / 8;
        int bits = PrefixLength % 8;
        return address.Length == own.Length && address[..whole].SequenceEqual(own[..whole])
            && (bits == 0 || (address[whole] ^ own[whole]) >> (8 - bits) == 0);
    }
}
