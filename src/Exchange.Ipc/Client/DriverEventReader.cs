using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Client;

/// <summary>Decodes the driver's answers and events; what is too short or concerns other clients is ignored.</summary>
internal readonly struct DriverEventReader : IMessageHandler
{
    private readonly Aeron _client;

    internal DriverEventReader(Aeron client)
    {
        _client = client;
    }

    /// <inheritdoc/>
    public void OnMessage(int typeId, ReadOnlySpan<byte> message)
    {
        switch (typeId)
        {
            case ControlProtocol.OnPublicationReady:
            case ControlProtocol.OnExclusivePublicationReady:
                if (TryRead(message, out PublicationReady publication)
                    && TryReadText(message, Unsafe.SizeOf<PublicationReady>(), publication.LogFileLength, out string path))
                {
                    _client.OnPublicationReady(publication, path);
                }

                break;
            case ControlProtocol.OnSubscriptionReady:
                if (TryRead(message, out SubscriptionReady subscription))
                {
                    _client.OnSubscriptionReady(subscription.CorrelationId);
                }

                break;
            case ControlProtocol.OnAvailableImage:
                ReadImage(message);
                break;
            case ControlProtocol.OnUnavailableImage:
                if (TryRead(message, out ImageUnavailable unavailable))
                {
                    _client.OnUnavailableImage(unavailable.SubscriptionRegistrationId, unavailable.CorrelationId);
                }

                break;
            case ControlProtocol.OnError:
                if (TryRead(message, out ErrorResponse error) && TryReadText(message, Unsafe.SizeOf<ErrorResponse>(), error.MessageLength, out string text))
                {
                    _client.OnError(error.OffendingCorrelationId, (ControlErrorCode)error.ErrorCode, text);
                }

                break;
            case ControlProtocol.OnClientTimeout:
                if (TryRead(message, out long clientId))
                {
                    _client.OnClientTimeout(clientId);
                }

                break;
            default:
                break; // counters and other clients' operations
        }
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> message, out T record)
        where T : unmanaged => MemoryMarshal.TryRead(message, out record);

    private static bool TryReadText(ReadOnlySpan<byte> message, int offset, int length, out string text)
    {
        bool isWhole = length >= 0 && offset <= message.Length && length <= message.Length - offset;
        text = isWhole ? Encoding.UTF8.GetString(message.Slice(offset, length)) : "";
        return isWhole;
    }

    private void ReadImage(ReadOnlySpan<byte> message)
    {
        int offset = Unsafe.SizeOf<ImageReady>();
        if (TryRead(message, out ImageReady image) && TryRead(message[offset..], out int pathLength)
            && TryReadText(message, offset + sizeof(int), pathLength, out string path))
        {
            _client.OnAvailableImage(image, path);
        }
    }
}
