using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// A counter came or went. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct CounterUpdate
{
    /// <summary>Registration of the counter.</summary>
    public long CorrelationId;

    /// <summary>Its id.</summary>
    public int CounterId;
}
