using System.Runtime.CompilerServices;

namespace Exchange.Protocol.Text;

/// <summary>Sixteen raw bytes held inline.</summary>
[InlineArray(16)]
public struct Digest16
{
    private byte _element;
}

/// <summary>Thirty-two raw bytes held inline.</summary>
[InlineArray(32)]
public struct Digest32
{
    private byte _element;
}
