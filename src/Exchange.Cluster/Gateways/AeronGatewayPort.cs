using Exchange.Cluster.Ingress;
using Exchange.Ipc.Client;
using Exchange.Ipc.Driver;

namespace Exchange.Cluster.Gateways;

/// <summary>Gateways on the same box, over the shared memory of a media driver embedded in the member.</summary>
internal sealed class AeronGatewayPort : IGatewayPort
{
    private readonly MediaDriver _driver;
    private readonly Aeron _aeron;
    private readonly Subscription _ingress;

    /// <summary>Starts the driver in a directory and listens.</summary>
    public AeronGatewayPort(string aeronDirectory)
    {
        _driver = MediaDriver.Launch(new MediaDriverContext { AeronDirectory = aeronDirectory });
        _aeron = Aeron.Connect(new AeronContext { AeronDirectory = aeronDirectory, DemandsPrivateDirectory = true });
        _ingress = _aeron.AddSubscription(ClusterStreams.Channel, ClusterStreams.Ingress);
    }

    /// <inheritdoc/>
    public int Poll(IngressSequencer sequencer, int fragmentsPerGateway)
    {
        IngressAdapter adapter = new(sequencer);
        return _ingress.Poll(ref adapter, fragmentsPerGateway);
    }

    /// <inheritdoc/>
    public int DoWork()
    {
        int work = _aeron.DoWork();
        if (_aeron.IsClosed)
        {
            // A process that was suspended for longer than the driver's patience has lost its streams for good, although it runs on: it
            // would listen to nobody for ever. It stops, and whoever started it starts it anew.
            throw new MemberFailedException($"the member stood still for too long and was cut off from its gateways ({_aeron.CloseReason}); start it again");
        }

        return work;
    }

    /// <inheritdoc/>
    public bool IsAlive(int ingressSource) => _ingress.ImageBySessionId(ingressSource) is { IsClosed: false };

    /// <inheritdoc/>
    public long BeginEgress(int streamId)
    {
        // A gateway waits for this, and its clients with it: not for the end of a quiet driver's sleep.
        long handle = _aeron.AsyncAddExclusivePublication(ClusterStreams.Channel, streamId);
        _driver.Wake();
        return handle;
    }

    /// <inheritdoc/>
    public IGatewayEgress? FindEgress(long handle) => _aeron.FindExclusivePublication(handle) is { } publication ? new AeronEgress(publication) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _ingress.Dispose();
        _aeron.Dispose();
        _driver.Dispose();
    }
}
