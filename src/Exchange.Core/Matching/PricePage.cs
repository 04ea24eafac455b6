using System.Runtime.InteropServices;

namespace Exchange.Core.Matching;

/// <summary>What a book side keeps about a page of 64 neighbouring prices.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct PricePage
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>One bit for each level that holds orders.</summary>
    public ulong Occupied;

    /// <summary>Which page of its side this is: its first price index divided by 64.</summary>
    public int Number;

    /// <summary>The next free page, in a free one.</summary>
    public int NextFree;
}
