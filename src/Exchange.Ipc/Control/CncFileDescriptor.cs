namespace Exchange.Ipc.Control;

/// <summary>
/// Layout of <c>cnc.dat</c>, through which clients find their driver (Aeron 1.53, CnC version 0.2.0).
/// <code>
/// |  metadata, 128 bytes  |  to-driver ring  |  to-clients broadcast  |  counter metadata  |  counter values  |  error log  |
///
/// metadata:   0 version (stored last)   4 to-driver length   8 to-clients length   12 counter metadata length
///            16 counter values length  20 error log length  24 client liveness timeout, ns
///            32 driver start, epoch ms 40 driver pid        48 page size
/// </code>
/// Byte 120 is unused by Aeron and holds the driver's pid namespace here (0: an Aeron driver, which does not say).
/// </summary>
public static class CncFileDescriptor
{
    /// <summary>Name in the driver's directory.</summary>
    public const string FileName = "cnc.dat";

    /// <summary>Major, minor and patch in one byte each: 0.2.0.</summary>
    public const int Version = 2 << 8;

    /// <summary>Bytes in front of the first section.</summary>
    public const int MetadataLength = 128;

    /// <summary>0 until the driver is ready.</summary>
    public const int VersionOffset = 0;

    /// <summary>Ring with its trailer.</summary>
    public const int ToDriverLengthOffset = 4;

    /// <summary>Broadcast buffer with its trailer.</summary>
    public const int ToClientsLengthOffset = 8;

    /// <summary>Four times the values.</summary>
    public const int CounterMetadataLengthOffset = 12;

    /// <summary>128 bytes a counter.</summary>
    public const int CounterValuesLengthOffset = 16;

    /// <summary>Distinct error log.</summary>
    public const int ErrorLogLengthOffset = 20;

    /// <summary>A client silent for longer is dead to the driver.</summary>
    public const int ClientLivenessTimeoutNsOffset = 24;

    /// <summary>Start of the driver.</summary>
    public const int StartTimestampMsOffset = 32;

    /// <summary>Process of the driver.</summary>
    public const int PidOffset = 40;

    /// <summary>Alignment of file lengths.</summary>
    public const int PageSizeOffset = 48;

    /// <summary>Inode of the driver's pid namespace; an extension in bytes that Aeron leaves zero.</summary>
    public const int PidNamespaceOffset = 120;

    /// <summary>Major part of a version.</summary>
    public static int Major(int version) => (version >> 16) & 0xFF;

    /// <summary>Minor part of a version.</summary>
    public static int Minor(int version) => (version >> 8) & 0xFF;
}
