using System.Runtime.InteropServices;
using Exchange.Protocol.Commands;

namespace Exchange.Protocol.Events;

/// <summary>The gateway may accept connections now.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct GatewayReadyEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 72;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>The leadership term that the gateway writes into its commands.</summary>
    [FieldOffset(64)]
    public long LeadershipTerm;
}

/// <summary>A participant and its session, for gateways to authenticate with.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ParticipantEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = EventHeader.SizeBytes + DefineParticipantCommand.SizeBytes;

    /// <summary>The common header; its session is the participant's.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>The definition as it stands.</summary>
    [FieldOffset(EventHeader.SizeBytes)]
    public DefineParticipantCommand Definition;
}

/// <summary>An instrument, for gateways to name and to describe.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct InstrumentEvent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = EventHeader.SizeBytes + 8 + DefineInstrumentCommand.SizeBytes;

    /// <summary>The common header.</summary>
    [FieldOffset(0)]
    public EventHeader Header;

    /// <summary>Instrument id.</summary>
    [FieldOffset(64)]
    public int InstrumentId;

    /// <summary>Padding, zero.</summary>
    [FieldOffset(68)]
    public int Padding;

    /// <summary>The definition, its header zero.</summary>
    [FieldOffset(72)]
    public DefineInstrumentCommand Definition;
}
