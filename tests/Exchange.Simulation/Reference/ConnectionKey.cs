namespace Exchange.Simulation.Reference;

/// <summary>One connection of one life of one gateway; the default is none.</summary>
internal readonly record struct ConnectionKey(int GatewayId, long Incarnation, long ConnectionId)
{
    public bool IsNone => ConnectionId == 0;
}
