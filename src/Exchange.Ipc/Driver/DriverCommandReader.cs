using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Driver;

/// <summary>
/// Decodes commands and checks their lengths, so that a malformed one is answered and never read beyond its end. Anything that a handler
/// throws becomes an error answer; the driver goes on.
/// </summary>
internal readonly struct DriverCommandReader : IMessageHandler
{
    private readonly DriverConductor _conductor;

    internal DriverCommandReader(DriverConductor conductor)
    {
        _conductor = conductor;
    }

    /// <inheritdoc/>
    public void OnMessage(int typeId, ReadOnlySpan<byte> message)
    {
        CorrelatedCommand head = message.Length >= Unsafe.SizeOf<CorrelatedCommand>() ? MemoryMarshal.Read<CorrelatedCommand>(message) : default;
        try
        {
            Dispatch(typeId, message, head);
        }
        catch (ControlException e)
        {
            _conductor.Refuse(head.CorrelationId, e.Code, e.Message);
        }
        catch (FormatException e)
        {
            _conductor.Refuse(head.CorrelationId, ControlErrorCode.InvalidChannel, e.Message);
        }
        catch (IOException e)
        {
            ControlErrorCode code = e.HResult == MappedFile.StorageFull ? ControlErrorCode.StorageSpace : ControlErrorCode.GenericError;
            _conductor.Refuse(head.CorrelationId, code, e.Message);
        }
        catch (Exception e)
        {
            _conductor.Refuse(head.CorrelationId, ControlErrorCode.GenericError, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static T Read<T>(ReadOnlySpan<byte> message)
        where T : unmanaged =>
        message.Length >= Unsafe.SizeOf<T>() ? MemoryMarshal.Read<T>(message) : throw Malformed();

    private static string ReadText(ReadOnlySpan<byte> message, int offset, int length) =>
        length >= 0 && length <= message.Length - offset ? Encoding.UTF8.GetString(message.Slice(offset, length)) : throw Malformed();

    private static ControlException Malformed() => new(ControlErrorCode.MalformedCommand, "the command is shorter than its content says");

    private static RemoveCommand ReadRemove(ReadOnlySpan<byte> message)
    {
        // Clients before Aeron 1.48 send no flags.
        const int LengthWithoutFlags = 24;
        if (message.Length < LengthWithoutFlags)
        {
            throw Malformed();
        }

        Span<byte> record = stackalloc byte[Unsafe.SizeOf<RemoveCommand>()];
        record.Clear();
        message[..Math.Min(message.Length, record.Length)].CopyTo(record);
        return MemoryMarshal.Read<RemoveCommand>(record);
    }

    private void Dispatch(int typeId, ReadOnlySpan<byte> message, CorrelatedCommand head)
    {
        switch (typeId)
        {
            case ControlProtocol.AddPublication:
            case ControlProtocol.AddExclusivePublication:
                PublicationCommand publication = Read<PublicationCommand>(message);
                string channel = ReadText(message, Unsafe.SizeOf<PublicationCommand>(), publication.ChannelLength);
                _conductor.AddPublication(head, publication.StreamId, channel, typeId == ControlProtocol.AddExclusivePublication);
                break;
            case ControlProtocol.RemovePublication:
                _conductor.RemovePublication(ReadRemove(message));
                break;
            case ControlProtocol.AddSubscription:
                SubscriptionCommand subscription = Read<SubscriptionCommand>(message);
                _conductor.AddSubscription(
                    head, subscription.StreamId, ReadText(message, Unsafe.SizeOf<SubscriptionCommand>(), subscription.ChannelLength));
                break;
            case ControlProtocol.RemoveSubscription:
                _conductor.RemoveSubscription(ReadRemove(message));
                break;
            case ControlProtocol.ClientKeepAlive:
                _conductor.OnKeepAlive(Read<CorrelatedCommand>(message).ClientId);
                break;
            case ControlProtocol.ClientClose:
                _conductor.OnClientClose(Read<CorrelatedCommand>(message).ClientId);
                break;
            case ControlProtocol.AddCounter:
                CounterCommand counter = Read<CounterCommand>(message);
                ReadKeyAndLabel(message, Unsafe.SizeOf<CounterCommand>(), out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> label);
                _conductor.AddCounter(head, counter.TypeId, key, label);
                break;
            case ControlProtocol.AddStaticCounter:
                StaticCounterCommand fixedCounter = Read<StaticCounterCommand>(message);
                ReadKeyAndLabel(message, Unsafe.SizeOf<StaticCounterCommand>(), out key, out label);
                _conductor.AddStaticCounter(head, fixedCounter.TypeId, fixedCounter.RegistrationId, key, label);
                break;
            case ControlProtocol.RemoveCounter:
                _conductor.RemoveCounter(ReadRemove(message));
                break;
            case ControlProtocol.GetNextAvailableSessionId:
                _conductor.GetNextSessionId(head, Read<NextSessionIdCommand>(message).StreamId);
                break;
            case ControlProtocol.TerminateDriver:
                _conductor.OnTerminate();
                break;
            default:
                throw new ControlException(ControlErrorCode.UnknownCommandTypeId, $"this driver has no command 0x{typeId:x}");
        }
    }

    private static void ReadKeyAndLabel(ReadOnlySpan<byte> message, int offset, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> label)
    {
        key = ReadBlock(message, ref offset);
        offset = Alignment.Align(offset, sizeof(int));
        label = ReadBlock(message, ref offset);
    }

    private static ReadOnlySpan<byte> ReadBlock(ReadOnlySpan<byte> message, scoped ref int offset)
    {
        if (message.Length - offset < sizeof(int))
        {
            throw Malformed();
        }

        int length = MemoryMarshal.Read<int>(message[offset..]);
        offset += sizeof(int);
        if (length < 0 || length > message.Length - offset)
        {
            throw Malformed();
        }

        ReadOnlySpan<byte> block = message.Slice(offset, length);
        offset += length;
        return block;
    }
}
