using System.Runtime.InteropServices;

namespace Exchange.Protocol.Events;

/// <summary>
/// The member that feeds the gateway is alive and leads, sent every few milliseconds. A gateway that does not hear it for its lease's time
/// drops its clients: its member may have been deposed without being able to say so.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MemberAliveEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = EventHeader.SizeBytes + 8;

    /// <summary>Header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>The box's monotonic clock when the member said so, nanoseconds.</summary>
    [FieldOffset(EventHeader.SizeBytes)]
    public long MonotonicNs;
}
