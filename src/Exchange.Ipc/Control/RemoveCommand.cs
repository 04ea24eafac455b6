using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// Removes a publication, subscription or counter. Older clients leave <see cref="Flags"/> out. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct RemoveCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Of this command.</summary>
    public long CorrelationId;

    /// <summary>What to remove.</summary>
    public long RegistrationId;

    /// <summary>See <see cref="ControlProtocol.RemovePublicationRevokeFlag"/>.</summary>
    public long Flags;
}
