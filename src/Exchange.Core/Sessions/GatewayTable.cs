using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

/// <summary>Which life of each gateway is attached in the current term. A gateway number is also its place here.</summary>
internal sealed class GatewayTable
{
    /// <summary>Largest gateway number.</summary>
    public const int GatewayIdMax = Limits.GatewayIdMax;

    private readonly long[] _incarnations = new long[GatewayIdMax + 1];

    /// <summary>The attached incarnation of a gateway; 0 when it is not attached.</summary>
    public long Incarnation(int gatewayId) => gatewayId is >= 0 and <= GatewayIdMax ? _incarnations[gatewayId] : 0;

    /// <summary>Whether that life of that gateway is attached.</summary>
    public bool IsAttached(int gatewayId, long incarnation) => incarnation != 0 && Incarnation(gatewayId) == incarnation;

    /// <summary>Attaches a gateway in place of its former life.</summary>
    public void Attach(int gatewayId, long incarnation)
    {
        Invariant.Require(gatewayId is >= 1 and <= GatewayIdMax);
        Invariant.Require(incarnation != 0);
        _incarnations[gatewayId] = incarnation;
    }

    /// <summary>Detaches a gateway, unless a newer life has already taken its place.</summary>
    public void Detach(int gatewayId, long incarnation)
    {
        if (IsAttached(gatewayId, incarnation))
        {
            _incarnations[gatewayId] = 0;
        }
    }

    /// <summary>Detaches all.</summary>
    public void Clear() => Array.Clear(_incarnations);

    /// <summary>Writes the attached incarnations.</summary>
    public void Save(SnapshotWriter writer)
    {
        for (int id = 1; id <= GatewayIdMax; id++)
        {
            writer.WriteInt64(_incarnations[id]);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(SnapshotReader reader)
    {
        for (int id = 1; id <= GatewayIdMax; id++)
        {
            _incarnations[id] = reader.ReadInt64();
        }
    }
}
