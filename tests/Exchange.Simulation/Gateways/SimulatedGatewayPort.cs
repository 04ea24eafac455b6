using Exchange.Cluster.Gateways;
using Exchange.Cluster.Ingress;

namespace Exchange.Simulation.Gateways;

/// <summary>The member's side of the simulated shared memory.</summary>
internal sealed class SimulatedGatewayPort(MediaDriverLife life, Func<byte[], IEnumerable<byte[]>>? tamper) : IGatewayPort
{
    private const int EgressStreamBase = 1000;

    public int Poll(IngressSequencer sequencer, int fragmentsPerGateway)
    {
        int count = 0;
        for (int i = 0; i < life.Pipes.Count; i++)
        {
            GatewayPipe pipe = life.Pipes[i];
            for (int taken = 0; taken < fragmentsPerGateway && pipe.Ingress.TryDequeue(out byte[]? frame); taken++)
            {
                sequencer.OnFrame(frame, pipe.Source);
                count++;
            }
        }

        return count;
    }

    public int DoWork() => 0;

    // Like an image of a dead publisher: it lives until everything that was published is read.
    public bool IsAlive(int ingressSource) => life.Find(ingressSource) is { } pipe && !(pipe.IsGatewayGone && pipe.Ingress.Count == 0);

    public long BeginEgress(int streamId) => streamId;

    public IGatewayEgress? FindEgress(long handle) => life.Find((int)handle - EgressStreamBase) is { } pipe ? new SimulatedEgress(pipe, tamper) : null;

    public void Dispose() => life.Die();

    private sealed class SimulatedEgress(GatewayPipe pipe, Func<byte[], IEnumerable<byte[]>>? tamper) : IGatewayEgress
    {
        public EgressResult TryOffer(ReadOnlySpan<byte> record)
        {
            if (pipe.IsGatewayGone)
            {
                return EgressResult.NotConnected;
            }

            if (tamper is null || pipe.IsFull)
            {
                return pipe.TryFeed(record) ? EgressResult.Accepted : EgressResult.NoRoom;
            }

            foreach (byte[] changed in tamper(record.ToArray()))
            {
                pipe.TryFeed(changed);
            }

            return EgressResult.Accepted;
        }

        public void Dispose()
        {
            pipe.IsEgressClosed = true;
            pipe.WakeGateway();
        }
    }
}
