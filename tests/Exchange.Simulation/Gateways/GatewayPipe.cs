namespace Exchange.Simulation.Gateways;

/// <summary>
/// One attachment of a gateway to a member's life, as shared memory between the two: bounded in both directions, and what the gateway had
/// published before it died stays readable for the member.
/// </summary>
internal sealed class GatewayPipe(int source, int gatewayId)
{
    private const int FramesMax = 256;
    private const int EventsMax = 512;

    /// <summary>Number of the gateway's publication within the member's life.</summary>
    public int Source { get; } = source;

    public int GatewayId { get; } = gatewayId;

    public Queue<byte[]> Ingress { get; } = new();

    public Queue<byte[]> Egress { get; } = new();

    public bool IsGatewayGone { get; set; }

    public bool IsMemberGone { get; set; }

    /// <summary>The member has closed its egress.</summary>
    public bool IsEgressClosed { get; set; }

    /// <summary>Tells the member's thread that there is something to do.</summary>
    public Action WakeMember { get; set; } = static () => { };

    /// <summary>Tells the gateway's thread that there is something to do.</summary>
    public Action WakeGateway { get; set; } = static () => { };

    /// <summary>Whether the gateway has as many events to take as there is room for.</summary>
    public bool IsFull => Egress.Count >= EventsMax;

    public bool TryPublish(ReadOnlySpan<byte> frame)
    {
        if (Ingress.Count >= FramesMax || IsMemberGone)
        {
            return false;
        }

        Ingress.Enqueue(frame.ToArray());
        WakeMember();
        return true;
    }

    public bool TryFeed(ReadOnlySpan<byte> record)
    {
        if (IsFull)
        {
            return false;
        }

        Egress.Enqueue(record.ToArray());
        WakeGateway();
        return true;
    }
}
