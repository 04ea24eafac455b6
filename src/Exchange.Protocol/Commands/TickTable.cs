using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Protocol.Commands;

/// <summary>A band of a tick table: from this price on, prices are multiples of this tick.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct TickBand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>Lowest price of the band in 10^-8.</summary>
    public long FromE8;

    /// <summary>Price increment in 10^-8, a multiple of the instrument's base tick.</summary>
    public long TickE8;
}

/// <summary>The bands of a tick table, ascending.</summary>
[InlineArray(CountMax)]
public struct TickTable
{
    /// <summary>Most bands.</summary>
    public const int CountMax = 8;

    private TickBand _first;
}

/// <summary>Room for what later steps add; zero.</summary>
[InlineArray(96)]
public struct ReservedBytes96
{
    private byte _first;
}
