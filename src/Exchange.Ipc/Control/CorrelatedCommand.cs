using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// Keep-alive, close and other commands without content; the head of every command. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct CorrelatedCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Of this command.</summary>
    public long CorrelationId;
}
