namespace Exchange.Ipc.LogBuffers;

/// <summary>
/// Header of each frame in a log buffer (Aeron 1.53, data frame).
/// <code>
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------------------------------------------------------+
///  |                       Frame Length                            |  0   0 = free, &lt; 0 = claimed, &gt; 0 = committed
///  +---------------+---------------+-------------------------------+
///  |   Version     |B|E| Flags     |             Type              |  4
///  +---------------+---------------+-------------------------------+
///  |                       Term Offset                             |  8
///  |                       Session Id                              | 12
///  |                       Stream Id                               | 16
///  |                       Term Id                                 | 20
///  |                       Reserved Value                          | 24
///  |                                                               |
///  +---------------------------------------------------------------+
/// </code>
/// </summary>
public static class DataHeaderDescriptor
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 32;

    /// <summary>Frames start at multiples of this.</summary>
    public const int FrameAlignment = 32;

    /// <summary>Header and payload in bytes, without the padding behind it.</summary>
    public const int FrameLengthOffset = 0;

    /// <summary>Always 0.</summary>
    public const int VersionOffset = 4;

    /// <summary>Begin and end of a message.</summary>
    public const int FlagsOffset = 5;

    /// <summary><see cref="TypeData"/> or <see cref="TypePadding"/>.</summary>
    public const int TypeOffset = 6;

    /// <summary>Where the frame starts in its term.</summary>
    public const int TermOffsetOffset = 8;

    /// <summary>Publication's session.</summary>
    public const int SessionIdOffset = 12;

    /// <summary>Publication's stream.</summary>
    public const int StreamIdOffset = 16;

    /// <summary>Term to which the frame belongs.</summary>
    public const int TermIdOffset = 20;

    /// <summary>Eight bytes for the application.</summary>
    public const int ReservedValueOffset = 24;

    /// <summary>First fragment of a message.</summary>
    public const byte BeginFlag = 0x80;

    /// <summary>Last fragment of a message.</summary>
    public const byte EndFlag = 0x40;

    /// <summary>The whole message in one frame.</summary>
    public const byte UnfragmentedFlags = BeginFlag | EndFlag;

    /// <summary>A frame to skip.</summary>
    public const ushort TypePadding = 0;

    /// <summary>A frame with payload.</summary>
    public const ushort TypeData = 1;
}
