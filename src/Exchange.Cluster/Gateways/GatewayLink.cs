using Exchange.Cluster.Egress;
using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Cluster.Gateways;

/// <summary>One attached life of a gateway process: the publication it sends on, and the one it is fed by.</summary>
internal sealed class GatewayLink
{
    /// <summary>Bytes of reference data and closes that may wait for a slow gateway.</summary>
    private const int ControlQueueBytesMax = 16 << 20;

    /// <summary>Creates a link.</summary>
    public GatewayLink(int gatewayId, long incarnation, int ingressSessionId, int processId, ExclusivePublication publication)
    {
        GatewayId = gatewayId;
        Incarnation = incarnation;
        IngressSessionId = ingressSessionId;
        ProcessId = processId;
        Publication = publication;
    }

    /// <summary>Which gateway, from 1.</summary>
    public int GatewayId { get; }

    /// <summary>Which life of it.</summary>
    public long Incarnation { get; }

    /// <summary>Aeron session id of the publication the gateway sends on.</summary>
    public int IngressSessionId { get; }

    /// <summary>Process id, for people.</summary>
    public int ProcessId { get; }

    /// <summary>What the gateway is fed by.</summary>
    public ExclusivePublication Publication { get; }

    /// <summary>Events that wait for the publication.</summary>
    public ControlQueue Control { get; } = new(ControlQueueBytesMax);

    /// <summary>Whether the gateway was seen to be connected; until then NotConnected only means that it is still subscribing.</summary>
    public bool WasConnected { get; private set; }

    /// <summary>The gateway must be given up: it is gone, or its queue is full.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Hands one event over; false when it has to be tried again later or the link is broken.</summary>
    public bool TryOffer(ReadOnlySpan<byte> record)
    {
        long result = Publication.TryClaim(record.Length, out BufferClaim claim);
        if (result == ExclusivePublication.AdminAction)
        {
            // The term was rotated; the next claim goes into the new one.
            result = Publication.TryClaim(record.Length, out claim);
        }

        if (result > 0)
        {
            record.CopyTo(claim.Buffer);
            claim.Commit();
            WasConnected = true;
            return true;
        }

        NoteFailure(result);
        return false;
    }

    /// <summary>Hands an event over now or later, in order; a queue that is full breaks the link.</summary>
    public void OfferOrQueue(ReadOnlySpan<byte> record)
    {
        if (Control.IsEmpty && TryOffer(record))
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
        while (!Control.IsEmpty && TryOffer(Control.Peek()))
        {
            Control.RemoveFirst();
            count++;
        }

        return count;
    }

    private void NoteFailure(long result)
    {
        if (result == ExclusivePublication.Closed || result == ExclusivePublication.MaxPositionExceeded)
        {
            IsBroken = true;
        }
        else if (result == ExclusivePublication.NotConnected && WasConnected)
        {
            IsBroken = true;
        }
    }
}
