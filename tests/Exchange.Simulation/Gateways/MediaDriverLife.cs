namespace Exchange.Simulation.Gateways;

/// <summary>The shared memory of one life of a member: which gateways are attached to it.</summary>
internal sealed class MediaDriverLife
{
    private readonly List<GatewayPipe> _pipes = [];
    private int _lastSource;

    public IReadOnlyList<GatewayPipe> Pipes => _pipes;

    public bool IsGone { get; private set; }

    public Action WakeMember { get; set; } = static () => { };

    public GatewayPipe Attach(int gatewayId)
    {
        GatewayPipe pipe = new(++_lastSource, gatewayId) { WakeMember = WakeMember };
        _pipes.Add(pipe);
        return pipe;
    }

    public GatewayPipe? Find(int source) => _pipes.Find(pipe => pipe.Source == source);

    public void Remove(GatewayPipe pipe) => _pipes.Remove(pipe);

    /// <summary>The member's process is gone, and with it everything here.</summary>
    public void Die()
    {
        IsGone = true;
        foreach (GatewayPipe pipe in _pipes)
        {
            pipe.IsMemberGone = true;
            pipe.WakeGateway();
        }
    }
}
