using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>
/// A command was refused; the text follows. Control protocol of Aeron 1.53: little endian, 4-byte packing.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct ErrorResponse
{
    /// <summary>Of the command.</summary>
    public long OffendingCorrelationId;

    /// <summary>A <see cref="ControlErrorCode"/>.</summary>
    public int ErrorCode;

    /// <summary>Bytes of the text behind the record.</summary>
    public int MessageLength;
}
