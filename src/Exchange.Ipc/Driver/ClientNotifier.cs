using System.Runtime.InteropServices;
using System.Text;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Driver;

/// <summary>Writes the driver's answers and events for all clients.</summary>
internal sealed class ClientNotifier
{
    private readonly BroadcastTransmitter _transmitter;
    private readonly byte[] _buffer;

    internal ClientNotifier(BroadcastTransmitter transmitter)
    {
        _transmitter = transmitter;
        _buffer = new byte[transmitter.MaxMessageLength];
    }

    internal void OnError(long correlationId, ControlErrorCode code, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = Math.Min(bytes.Length, _buffer.Length - Marshal.SizeOf<ErrorResponse>());
        int offset = Write(0, new ErrorResponse { OffendingCorrelationId = correlationId, ErrorCode = (int)code, MessageLength = length });
        offset = Write(offset, bytes.AsSpan(0, length));
        Send(ControlProtocol.OnError, offset);
    }

    internal void OnPublicationReady(long correlationId, IpcPublication publication)
    {
        byte[] path = Encoding.UTF8.GetBytes(publication.Log.Path);
        int offset = Write(0, new PublicationReady
        {
            CorrelationId = correlationId,
            RegistrationId = publication.RegistrationId,
            SessionId = publication.SessionId,
            StreamId = publication.StreamId,
            PositionLimitCounterId = publication.LimitCounterId,
            ChannelStatusCounterId = -1,
            LogFileLength = path.Length,
        });
        offset = Write(offset, path);
        Send(publication.IsExclusive ? ControlProtocol.OnExclusivePublicationReady : ControlProtocol.OnPublicationReady, offset);
    }

    internal void OnSubscriptionReady(long correlationId) => Send(
        ControlProtocol.OnSubscriptionReady, Write(0, new SubscriptionReady { CorrelationId = correlationId, ChannelStatusCounterId = -1 }));

    internal void OnAvailableImage(IpcPublication publication, SubscriberPosition subscriber)
    {
        byte[] path = Encoding.UTF8.GetBytes(publication.Log.Path);
        byte[] source = Encoding.UTF8.GetBytes(ChannelUri.Ipc);
        int offset = Write(0, new ImageReady
        {
            CorrelationId = publication.RegistrationId,
            SessionId = publication.SessionId,
            StreamId = publication.StreamId,
            SubscriptionRegistrationId = subscriber.Link.RegistrationId,
            SubscriberPositionCounterId = subscriber.CounterId,
        });
        offset = Write(offset, path.Length);
        offset = Alignment.Align(Write(offset, path), sizeof(int));
        offset = Write(offset, source.Length);
        offset = Write(offset, source);
        Send(ControlProtocol.OnAvailableImage, offset);
    }

    internal void OnUnavailableImage(IpcPublication publication, SubscriptionLink link)
    {
        byte[] channel = Encoding.UTF8.GetBytes(ChannelUri.Ipc);
        int offset = Write(0, new ImageUnavailable
        {
            CorrelationId = publication.RegistrationId,
            SubscriptionRegistrationId = link.RegistrationId,
            StreamId = link.StreamId,
            ChannelLength = channel.Length,
        });
        offset = Write(offset, channel);
        Send(ControlProtocol.OnUnavailableImage, offset);
    }

    internal void OnOperationSuccess(long correlationId) => Send(ControlProtocol.OnOperationSuccess, Write(0, correlationId));

    internal void OnClientTimeout(long clientId) => Send(ControlProtocol.OnClientTimeout, Write(0, clientId));

    internal void OnCounter(int typeId, long registrationId, int counterId) =>
        Send(typeId, Write(0, new CounterUpdate { CorrelationId = registrationId, CounterId = counterId }));

    private int Write<T>(int offset, in T record)
        where T : unmanaged
    {
        MemoryMarshal.Write(_buffer.AsSpan(offset), in record);
        return offset + System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
    }

    private int Write(int offset, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(offset));
        return offset + bytes.Length;
    }

    private void Send(int typeId, int length) => _transmitter.Transmit(typeId, _buffer.AsSpan(0, length));
}
