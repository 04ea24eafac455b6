using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// Answer to an added publication; the log file's path follows. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct PublicationReady
{
    /// <summary>Of the command; the registration of this client's publication.</summary>
    public long CorrelationId;

    /// <summary>Of the log: another client's id when the publication is shared.</summary>
    public long RegistrationId;

    /// <summary>Session.</summary>
    public int SessionId;

    /// <summary>Stream.</summary>
    public int StreamId;

    /// <summary>Counter of the publisher limit.</summary>
    public int PositionLimitCounterId;

    /// <summary>-1 for IPC.</summary>
    public int ChannelStatusCounterId;

    /// <summary>Bytes of the path behind the record.</summary>
    public int LogFileLength;
}
