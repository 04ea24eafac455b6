using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Protocol.Commands;

/// <summary>OrderMassStatusRequest (AF) and OrderMassCancelRequest (q): about many of a session's own orders at once.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MassOrderCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 200;

    /// <summary>Size of the record of older builds.</summary>
    public const int FormerSizeBytes = 168;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>MassStatusReqID (584), or ClOrdID (11) of a mass cancel, 1 to 36 bytes.</summary>
    [FieldOffset(96)]
    public Text40 RequestId;

    /// <summary>Symbol (55); empty when absent.</summary>
    [FieldOffset(136)]
    public Text24 Symbol;

    /// <summary>MassStatusReqType (585) or MassCancelRequestType (530) as the character on the wire; any of the dictionary, not only the supported ones.</summary>
    [FieldOffset(160)]
    public MassScope Scope;

    /// <summary>Side (54) that the request is limited to; None for both.</summary>
    [FieldOffset(161)]
    public Side Side;

    /// <summary>1 when the message narrows the request by something that is not carried out, so that it must be refused.</summary>
    [FieldOffset(162)]
    public byte IsNarrowed;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(163)]
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(164)]
    public int Padding1;

    /// <summary>Market group, from TradingSessionID (336); empty when absent.</summary>
    [FieldOffset(168)]
    public Text16 GroupName;

    /// <summary>Account (1); empty when absent.</summary>
    [FieldOffset(184)]
    public Text16 Account;

    /// <summary>Reads a record of this build or of an older one.</summary>
    public static MassOrderCommand Read(ReadOnlySpan<byte> bytes)
    {
        MassOrderCommand command = default;
        bytes.CopyTo(MemoryMarshal.AsBytes(new Span<MassOrderCommand>(ref command)));
        command.Header.Command.Length = SizeBytes;
        return command;
    }
}

/// <summary>
/// SecurityListRequest (x), SecurityDefinitionRequest (c), SecurityStatusRequest (e) and TradingSessionStatusRequest (g): what clients ask
/// about the venue itself.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SecurityRequestCommand
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 168;

    /// <summary>The message header.</summary>
    [FieldOffset(0)]
    public FixCommandHeader Header;

    /// <summary>SecurityReqID (320), SecurityStatusReqID (324) or TradSesReqID (335). At most 39 bytes.</summary>
    [FieldOffset(96)]
    public Text40 RequestId;

    /// <summary>Symbol (55), or TradingSessionID (336) of a TradingSessionStatusRequest; empty when absent.</summary>
    [FieldOffset(136)]
    public Text24 Subject;

    /// <summary>SecurityListRequestType (559) or SecurityRequestType (321) as the character on the wire; 0 for the other two.</summary>
    [FieldOffset(160)]
    public byte RequestType;

    /// <summary>SubscriptionRequestType (263) of a status request as the character on the wire; 0 for the other two.</summary>
    [FieldOffset(161)]
    public byte Subscription;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(162)]
    public ushort Padding0;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(164)]
    public int Padding1;
}
