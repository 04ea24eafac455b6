using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Client;

/// <summary>Writes a client's commands into the driver's ring.</summary>
internal sealed class DriverCommandWriter
{
    private const int AttemptsMax = 100;
    private readonly ManyToOneRingBuffer _ring;
    private readonly long _clientId;
    private readonly IAgent? _driverAgent;

    internal DriverCommandWriter(ManyToOneRingBuffer ring, IAgent? driverAgent)
    {
        _driverAgent = driverAgent;
        _ring = ring;
        _clientId = ring.NextCorrelationId();
    }

    internal long ClientId => _clientId;

    /// <summary>Asks for a publication or subscription.</summary>
    /// <returns>The registration id.</returns>
    /// <exception cref="DriverTimeoutException">The ring stays full.</exception>
    internal long Add(int commandType, string channel, int streamId)
    {
        long correlationId = _ring.NextCorrelationId();
        byte[] text = Encoding.UTF8.GetBytes(channel);
        bool isSubscription = commandType == ControlProtocol.AddSubscription;
        int headLength = isSubscription ? Unsafe.SizeOf<SubscriptionCommand>() : Unsafe.SizeOf<PublicationCommand>();
        byte[] message = new byte[headLength + text.Length];
        if (isSubscription)
        {
            SubscriptionCommand subscription = new()
            {
                ClientId = _clientId,
                CorrelationId = correlationId,
                RegistrationCorrelationId = -1,
                StreamId = streamId,
                ChannelLength = text.Length,
            };
            MemoryMarshal.Write(message, in subscription);
        }
        else
        {
            PublicationCommand publication = new()
            {
                ClientId = _clientId,
                CorrelationId = correlationId,
                StreamId = streamId,
                ChannelLength = text.Length,
            };
            MemoryMarshal.Write(message, in publication);
        }

        text.CopyTo(message, headLength);
        if (!TryWrite(commandType, message))
        {
            throw new DriverTimeoutException("the driver does not take commands; its ring is full");
        }

        return correlationId;
    }

    /// <summary>Removes a publication or subscription; false when the ring stays full, then the driver cleans up when the client ends.</summary>
    internal bool TryRemove(int commandType, long registrationId)
    {
        RemoveCommand command = new() { ClientId = _clientId, CorrelationId = _ring.NextCorrelationId(), RegistrationId = registrationId };
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<RemoveCommand>(in command));
        return TryWrite(commandType, commandType == ControlProtocol.RemovePublication ? bytes : bytes[..^sizeof(long)]);
    }

    /// <summary>Sends a command without content.</summary>
    internal bool TrySend(int commandType)
    {
        CorrelatedCommand command = new() { ClientId = _clientId, CorrelationId = 0 };
        return TryWrite(commandType, MemoryMarshal.AsBytes(new ReadOnlySpan<CorrelatedCommand>(in command)));
    }

    private bool TryWrite(int commandType, ReadOnlySpan<byte> message)
    {
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (_ring.TryWrite(commandType, message))
            {
                return true;
            }

            // A driver without a thread of its own empties its ring only when it is worked.
            _ = _driverAgent?.DoWork();
            _ = Thread.Yield();
        }

        return false;
    }
}
