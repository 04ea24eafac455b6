using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// Adds a counter that outlives its client; then key and label as in <see cref="CounterCommand"/>. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct StaticCounterCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Of this command.</summary>
    public long CorrelationId;

    /// <summary>Identity with the type: a second request finds the first one's counter.</summary>
    public long RegistrationId;

    /// <summary>Type of the counter.</summary>
    public int TypeId;
}
