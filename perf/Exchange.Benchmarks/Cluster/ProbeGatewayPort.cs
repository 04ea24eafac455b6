using System.Diagnostics;
using System.Runtime.InteropServices;
using Exchange.Cluster.Gateways;
using Exchange.Cluster.Ingress;
using Exchange.Protocol.Commands;

namespace Exchange.Benchmarks.Cluster;

/// <summary>
/// A gateway inside the member's own loop: hands one order over, and the next as soon as the answer to it comes out. So what is measured is
/// the way from the member's ingress to its egress and nothing else.
/// </summary>
internal sealed class ProbeGatewayPort : IGatewayPort, IGatewayEgress
{
    private const int Source = 1;
    private const long Incarnation = 7;
    private readonly byte[] _hello = new byte[GatewayCommand.SizeBytes];
    private readonly byte[] _order = new byte[NewOrderCommand.SizeBytes];
    private bool _saidHello;
    private bool _isAttached;
    private bool _isWaiting;
    private long _sentAt;
    private long[] _samples = [];
    private int _count;

    /// <summary>Creates the port.</summary>
    public ProbeGatewayPort()
    {
        Head(_hello, CommandType.GatewayHello);
        Head(_order, CommandType.NewOrder);
        ref NewOrderCommand order = ref MemoryMarshal.AsRef<NewOrderCommand>(_order.AsSpan());
        order.Header.Command.ConnectionId = 1;
        order.Header.Command.SessionId = 0;
    }

    /// <summary>Whether the member serves this gateway.</summary>
    public bool IsAttached => Volatile.Read(ref _isAttached); // partner: TryOffer

    /// <summary>Whether all samples were taken.</summary>
    public bool IsDone => Volatile.Read(ref _count) >= _samples.Length; // partner: TryOffer

    /// <summary>Frames that the member did not accept.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>Begins to measure; called while the port is idle.</summary>
    public void Begin(long[] samples)
    {
        _samples = samples;
        Volatile.Write(ref _count, 0); // partner: Poll
    }

    /// <inheritdoc/>
    public int Poll(IngressSequencer sequencer, int fragmentsPerGateway)
    {
        if (!_saidHello)
        {
            _saidHello = true;
            sequencer.OnFrame(_hello, Source);
            return 1;
        }

        if (!_isAttached || _isWaiting || Volatile.Read(ref _count) >= _samples.Length) // partner: Begin
        {
            return 0;
        }

        _isWaiting = true;
        _sentAt = Stopwatch.GetTimestamp();
        long malformed = sequencer.Malformed + sequencer.Unattached;
        sequencer.OnFrame(_order, Source);
        WasRefused |= sequencer.Malformed + sequencer.Unattached != malformed;
        return 1;
    }

    /// <inheritdoc/>
    public EgressResult TryOffer(ReadOnlySpan<byte> record)
    {
        if (MemoryMarshal.AsRef<Protocol.Events.EventHeader>(record).Type != Protocol.Events.EventType.GatewayReady)
        {
            return EgressResult.Accepted;
        }

        Volatile.Write(ref _isAttached, true); // partner: IsAttached
        if (_isWaiting)
        {
            _isWaiting = false;
            _samples[_count] = (Stopwatch.GetTimestamp() - _sentAt) * (1_000_000_000 / Stopwatch.Frequency);
            Volatile.Write(ref _count, _count + 1); // partner: IsDone
        }

        return EgressResult.Accepted;
    }

    /// <inheritdoc/>
    public int DoWork() => 0;

    /// <inheritdoc/>
    public bool IsAlive(int ingressSource) => true;

    /// <inheritdoc/>
    public long BeginEgress(int streamId) => 1;

    /// <inheritdoc/>
    public IGatewayEgress? FindEgress(long handle) => this;

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static void Head(byte[] command, CommandType type)
    {
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command.AsSpan());
        header.Type = type;
        header.Layout = CommandHeader.CurrentLayout;
        header.Length = command.Length;
        header.GatewayId = 1;
        header.GatewayIncarnation = Incarnation;
        header.SessionId = -1;
    }
}
