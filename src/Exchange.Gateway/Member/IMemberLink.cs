namespace Exchange.Gateway.Member;

/// <summary>The gateway's attachment to a member: Aeron in a real gateway, a simulated one elsewhere.</summary>
internal interface IMemberLink : IDisposable
{
    /// <summary>Number of the present attachment.</summary>
    long Incarnation { get; }

    /// <summary>What ended the last attachment.</summary>
    string LostBecause { get; }

    /// <summary>Whether events may come.</summary>
    bool IsAttached { get; }

    /// <summary>Where commands go; refuses everything while detached.</summary>
    ref IngressSink Ingress { get; }

    /// <summary>Looks after the link; never waits.</summary>
    MemberLinkChange DoWork(in GatewayTime now);

    /// <summary>Gives the attachment up; the next begins after a pause.</summary>
    MemberLinkChange Abandon(string reason, in GatewayTime now);

    /// <summary>Takes events, at most so many; returns how many.</summary>
    int PollEgress(IEgressHandler handler, int limit);

    /// <summary>GatewayReady came, on this session of the egress stream.</summary>
    void Ready(int egressSessionId);
}
