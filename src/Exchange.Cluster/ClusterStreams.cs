namespace Exchange.Cluster;

/// <summary>Channel and streams between gateways and a member.</summary>
public static class ClusterStreams
{
    /// <summary>Shared memory of the member's media driver.</summary>
    public const string Channel = "aeron:ipc";

    /// <summary>Stream on which gateways send commands.</summary>
    public const int Ingress = 10;
}
