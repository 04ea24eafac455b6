using Exchange.Cluster.Egress;

namespace Exchange.Cluster.Gateways;

/// <summary>One attached life of a gateway process: the publication it sends on, and the one it is fed by.</summary>
internal sealed class GatewayLink
{
    /// <summary>Bytes of reference data and closes that may wait for a slow gateway.</summary>
    private const int ControlQueueBytesMax = 16 << 20;

    /// <summary>Creates a link.</summary>
    public GatewayLink(int gatewayId, long incarnation, int ingressSessionId, int processId, IGatewayEgress egress)
    {
        GatewayId = gatewayId;
        Incarnation = incarnation;
        IngressSessionId = ingressSessionId;
        ProcessId = processId;
        Egress = egress;
    }

    /// <summary>Which gateway, from 1.</summary>
    public int GatewayId { get; }

    /// <summary>Which life of it.</summary>
    public long Incarnation { get; }

    /// <summary>Source of the gateway's frames.</summary>
    public int IngressSessionId { get; }

    /// <summary>Process id, for people.</summary>
    public int ProcessId { get; }

    /// <summary>What the gateway is fed by.</summary>
    public IGatewayEgress Egress { get; }

    /// <summary>Events that wait for the publication.</summary>
    public ControlQueue Control { get; } = new(ControlQueueBytesMax);

    /// <summary>Whether the gateway was seen to be connected; until then NotConnected only means that it is still subscribing.</summary>
    public bool WasConnected { get; private set; }

    /// <summary>The gateway must be given up: it is gone, or its queue is full.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>
    /// Hands one event over; false when it has to be tried again later or the link is broken. Nothing overtakes what waits: a message may
    /// speak of an instrument whose definition is still in the queue.
    /// </summary>
    public bool TryOffer(ReadOnlySpan<byte> record) => Control.IsEmpty && TryOfferNow(record);

    /// <summary>Hands an event over now or later, in order; a queue that is full breaks the link.</summary>
    public void OfferOrQueue(ReadOnlySpan<byte> record)
    {
        if (TryOffer(record))
        {
            return;
        }

        if (!Control.TryAdd(record))
        {
            IsBroken = true;
        }
    }

    /// <summary>Hands over what waits, as far as it goes; returns how many.</summary>
    public int DrainControl()
    {
        int count = 0;
        while (!Control.IsEmpty && TryOfferNow(Control.Peek()))
        {
            Control.RemoveFirst();
            count++;
        }

        return count;
    }

    private bool TryOfferNow(ReadOnlySpan<byte> record)
    {
        EgressResult result = Egress.TryOffer(record);
        if (result == EgressResult.Accepted)
        {
            WasConnected = true;
            return true;
        }

        IsBroken |= result == EgressResult.Broken || (result == EgressResult.NotConnected && WasConnected);
        return false;
    }
}
