using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// Asks for a free session id. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct NextSessionIdCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Of this command.</summary>
    public long CorrelationId;

    /// <summary>Stream.</summary>
    public int StreamId;
}
