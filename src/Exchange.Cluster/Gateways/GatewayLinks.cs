using System.Diagnostics.CodeAnalysis;
using Exchange.Protocol;

namespace Exchange.Cluster.Gateways;

/// <summary>The gateways attached to this member, by id; at most one life of each.</summary>
internal sealed class GatewayLinks
{
    /// <summary>Highest gateway id.</summary>
    public const int GatewayIdMax = Limits.GatewayIdMax;

    private readonly GatewayLink?[] _byId = new GatewayLink?[GatewayIdMax + 1];

    /// <summary>Finds the link to a life of a gateway.</summary>
    public bool TryFind(int gatewayId, long incarnation, [NotNullWhen(true)] out GatewayLink? link)
    {
        link = (uint)gatewayId <= GatewayIdMax ? _byId[gatewayId] : null;
        return link is not null && link.Incarnation == incarnation;
    }

    /// <summary>The present link of a gateway, if any.</summary>
    public GatewayLink? this[int gatewayId] => _byId[gatewayId];

    /// <summary>Finds the link whose gateway sends on the given Aeron session.</summary>
    public GatewayLink? FindByIngress(int ingressSessionId)
    {
        foreach (GatewayLink? link in _byId)
        {
            if (link is not null && link.IngressSessionId == ingressSessionId)
            {
                return link;
            }
        }

        return null;
    }

    /// <summary>Number of attached gateways.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (GatewayLink? link in _byId)
            {
                count += link is null ? 0 : 1;
            }

            return count;
        }
    }

    /// <summary>Adds or replaces.</summary>
    public void Add(GatewayLink link) => _byId[link.GatewayId] = link;

    /// <summary>Removes.</summary>
    public void Remove(GatewayLink link)
    {
        if (_byId[link.GatewayId] == link)
        {
            _byId[link.GatewayId] = null;
        }
    }
}
