using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// Adds a publication; the channel follows. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct PublicationCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Becomes the registration id.</summary>
    public long CorrelationId;

    /// <summary>Stream.</summary>
    public int StreamId;

    /// <summary>Bytes of the channel behind the record.</summary>
    public int ChannelLength;
}
