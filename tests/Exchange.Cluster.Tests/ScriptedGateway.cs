using System.Diagnostics;
using System.Runtime.InteropServices;
using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Cluster.Tests;

/// <summary>The shared-memory side of a gateway, driven step by step by a test.</summary>
internal sealed class ScriptedGateway : IDisposable
{
    private readonly Aeron _aeron;
    private readonly ExclusivePublication _ingress;
    private readonly Subscription _egress;
    private readonly int _id;
    private readonly long _incarnation;
    private long _term;

    public ScriptedGateway(string aeronDirectory, int id, long incarnation)
    {
        _id = id;
        _incarnation = incarnation;
        _aeron = Aeron.Connect(new AeronContext { AeronDirectory = aeronDirectory });
        _egress = _aeron.AddSubscription(ClusterStreams.Channel, 1000 + id);
        _ingress = _aeron.AddExclusivePublication(ClusterStreams.Channel, ClusterStreams.Ingress);
        GatewayCommand hello = default;
        hello.EgressStreamId = 1000 + id;
        hello.ProcessId = Environment.ProcessId;
        Send(CommandType.GatewayHello, -1, 0, ref hello);
    }

    /// <summary>Sequenced events received so far, over all sessions.</summary>
    public int SequencedCount { get; private set; }

    /// <summary>Everything received so far, oldest first.</summary>
    public List<byte[]> Received { get; } = [];

    /// <summary>How often the member said that it is alive.</summary>
    public int SignsOfLife { get; private set; }

    public void Send<T>(CommandType type, int sessionId, long connectionId, ref T command)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref command));
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes);
        header.Type = type;
        header.Layout = CommandHeader.CurrentLayout;
        header.Length = bytes.Length;
        header.GatewayId = _id;
        header.GatewayIncarnation = _incarnation;
        header.LeadershipTerm = _term;
        header.SessionId = sessionId;
        header.ConnectionId = connectionId;
        long started = Stopwatch.GetTimestamp();
        while (_ingress.Offer(bytes) <= 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "the member takes no commands");
            _aeron.DoWork();
            Thread.Yield();
        }
    }

    /// <summary>Polls until the condition holds.</summary>
    public void Until(Func<bool> condition, string what)
    {
        long started = Stopwatch.GetTimestamp();
        Collector collector = new(this);
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"{what}; received {string.Join(' ', Received.TakeLast(20).Select(static record => $"{Header(record).Type}:{Header(record).MsgSeqNum}"))}");
            _aeron.DoWork();
            if (_egress.Poll(ref collector, 100) == 0)
            {
                Thread.Yield();
            }
        }
    }

    public void UntilReady() => Until(() => Received.Exists(static record => MemoryMarshal.AsRef<EventHeader>(record).Type == EventType.GatewayReady), "the gateway is not ready");

    public static EventHeader Header(byte[] record) => MemoryMarshal.AsRef<EventHeader>(record);

    public void Dispose()
    {
        _ingress.Dispose();
        _egress.Dispose();
        _aeron.Dispose();
    }

    private void OnEvent(ReadOnlySpan<byte> record)
    {
        if (MemoryMarshal.AsRef<EventHeader>(record).GatewayIncarnation != _incarnation)
        {
            // The stream is shared with earlier lives of the same gateway, and what was meant for them may still be on it.
            return;
        }

        if (MemoryMarshal.AsRef<EventHeader>(record).Type == EventType.MemberAlive)
        {
            SignsOfLife++;
            return;
        }

        Received.Add(record.ToArray());
        SequencedCount += MemoryMarshal.AsRef<EventHeader>(record).MsgSeqNum > 0 ? 1 : 0;
        if (MemoryMarshal.AsRef<EventHeader>(record).Type == EventType.GatewayReady)
        {
            _term = MemoryMarshal.AsRef<GatewayReadyEvent>(record).LeadershipTerm;
        }
    }

    private readonly struct Collector(ScriptedGateway gateway) : IFragmentHandler
    {
        public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header) => gateway.OnEvent(fragment);
    }
}
