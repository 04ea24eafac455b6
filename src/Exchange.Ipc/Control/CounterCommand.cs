using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// Adds a counter; then key length, key padded to 4, label length, label. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct CounterCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Becomes the registration id.</summary>
    public long CorrelationId;

    /// <summary>Type of the counter.</summary>
    public int TypeId;
}
