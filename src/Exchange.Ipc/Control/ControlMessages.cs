// Records of the control protocol, in the layout of Aeron 1.53: little endian, 4-byte packing, text behind the record. Each struct is the
// fixed part; strings follow it without alignment, except in the image record, where the log file name is padded to 4 bytes.
using System.Runtime.InteropServices;

namespace Exchange.Ipc.Control;

/// <summary>Adds a publication; the channel follows.</summary>
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

/// <summary>Adds a subscription; the channel follows.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct SubscriptionCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Becomes the registration id.</summary>
    public long CorrelationId;

    /// <summary>-1.</summary>
    public long RegistrationCorrelationId;

    /// <summary>Stream.</summary>
    public int StreamId;

    /// <summary>Bytes of the channel behind the record.</summary>
    public int ChannelLength;
}

/// <summary>Removes a publication, subscription or counter. Older clients leave <see cref="Flags"/> out.</summary>
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

/// <summary>Keep-alive, close and other commands without content; the head of every command.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct CorrelatedCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Of this command.</summary>
    public long CorrelationId;
}

/// <summary>Answer to an added publication; the log file's path follows.</summary>
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

/// <summary>Answer to an added subscription.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct SubscriptionReady
{
    /// <summary>Of the command.</summary>
    public long CorrelationId;

    /// <summary>-1 for IPC.</summary>
    public int ChannelStatusCounterId;
}

/// <summary>A new image; then path length, path padded to 4, source length, source.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct ImageReady
{
    /// <summary>Registration id of the publication's log.</summary>
    public long CorrelationId;

    /// <summary>Session.</summary>
    public int SessionId;

    /// <summary>Stream.</summary>
    public int StreamId;

    /// <summary>Subscription that it is for.</summary>
    public long SubscriptionRegistrationId;

    /// <summary>Counter in which the subscriber keeps its position.</summary>
    public int SubscriberPositionCounterId;
}

/// <summary>An image ended; the channel follows.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct ImageUnavailable
{
    /// <summary>Registration id of the publication's log.</summary>
    public long CorrelationId;

    /// <summary>Subscription that it is for.</summary>
    public long SubscriptionRegistrationId;

    /// <summary>Stream.</summary>
    public int StreamId;

    /// <summary>Bytes of the channel behind the record.</summary>
    public int ChannelLength;
}

/// <summary>A command was refused; the text follows.</summary>
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

/// <summary>A counter came or went.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct CounterUpdate
{
    /// <summary>Registration of the counter.</summary>
    public long CorrelationId;

    /// <summary>Its id.</summary>
    public int CounterId;
}

/// <summary>Adds a counter; then key length, key padded to 4, label length, label.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct CounterCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Becomes the registration id.</summary>
    public long CorrelationId;

    /// <summary>Type of the counter.</summary>
    public int TypeId;
}

/// <summary>Adds a counter that outlives its client; then key and label as in <see cref="CounterCommand"/>.</summary>
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

/// <summary>Asks for a free session id.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct NextSessionIdCommand
{
    /// <summary>Sender.</summary>
    public long ClientId;

    /// <summary>Of this command.</summary>
    public long CorrelationId;

    /// <summary>Stream.</summary>
    public int StreamId;
}
