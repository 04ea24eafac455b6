using System.Runtime.InteropServices;
using System.Text.Json;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Tests;

/// <summary>
/// The least state machine that exercises everything around one: a Logon binds a session, each Heartbeat is answered by one report that
/// carries the order of arrival, a ResendRequest asks for a resend, a Logout closes.
/// </summary>
internal sealed class EchoMachine : IStateMachine
{
    public const int Sessions = 4;
    private readonly long[] _nextOut = [1, 1, 1, 1];
    private readonly EventHeader[] _binding = new EventHeader[Sessions];
    private long _count;

    public long NextDeadlineNs => long.MaxValue;

    public ulong EventHash => (ulong)_count;

    public bool TryDescribe(string topic, Utf8JsonWriter json) => false;

    public void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events)
    {
        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        switch (header.Type)
        {
            case CommandType.GatewayAttached:
                ref GatewayReadyEvent ready = ref events.Append<GatewayReadyEvent>(EventType.GatewayReady);
                ready.LeadershipTerm = header.LeadershipTerm;
                Address(ref ready.Header, header, context);
                break;
            case CommandType.Logon:
                Address(ref _binding[header.SessionId], header, context);
                Sequenced<LogonEvent>(EventType.Logon, header.SessionId, context, events);
                break;
            case CommandType.Heartbeat:
                _count++;
                Sequenced<ExecutionReportEvent>(EventType.ExecutionReport, header.SessionId, context, events).ExecId = _count;
                break;
            case CommandType.TestRequest:
                Sequenced<TestReqEvent>(EventType.Heartbeat, header.SessionId, context, events);
                break;
            case CommandType.ResendRequest:
                ref readonly RangeCommand range = ref MemoryMarshal.AsRef<RangeCommand>(command);
                ref RangeEvent resend = ref events.Append<RangeEvent>(EventType.ResendRange);
                Address(ref resend.Header, header, context);
                resend.BeginSeqNo = range.BeginSeqNo;
                resend.EndSeqNo = Math.Min(range.EndSeqNo, _nextOut[header.SessionId] - 1);
                break;
            case CommandType.Logout:
                Sequenced<LogoutEvent>(EventType.Logout, header.SessionId, context, events);
                ref CloseConnectionEvent close = ref events.Append<CloseConnectionEvent>(EventType.CloseConnection);
                Address(ref close.Header, header, context);
                break;
            case CommandType.TermStarted:
                Array.Clear(_binding);
                break;
            default:
                break;
        }
    }

    public void LoadSnapshot(SnapshotReader reader)
    {
        _count = reader.ReadInt64();
        for (int i = 0; i < Sessions; i++)
        {
            _nextOut[i] = reader.ReadInt64();
            _binding[i] = reader.Read<EventHeader>();
        }
    }

    public void TakeSnapshot(SnapshotWriter writer)
    {
        writer.WriteInt64(_count);
        for (int i = 0; i < Sessions; i++)
        {
            writer.WriteInt64(_nextOut[i]);
            writer.Write(_binding[i]);
        }
    }

    private ref T Sequenced<T>(EventType type, int sessionId, in CommandContext context, EventBuffer events)
        where T : unmanaged
    {
        ref T record = ref events.Append<T>(type);
        ref EventHeader header = ref System.Runtime.CompilerServices.Unsafe.As<T, EventHeader>(ref record);
        ref readonly EventHeader binding = ref _binding[sessionId];
        header.SessionId = sessionId;
        header.ConnectionId = binding.ConnectionId;
        header.GatewayId = binding.GatewayId;
        header.GatewayIncarnation = binding.GatewayIncarnation;
        header.LogPosition = context.Position;
        header.SendingTimeNs = context.LogTimeNs;
        header.MsgSeqNum = _nextOut[sessionId]++;
        return ref record;
    }

    private static void Address(ref EventHeader target, in CommandHeader header, in CommandContext context)
    {
        target.SessionId = header.SessionId;
        target.ConnectionId = header.ConnectionId;
        target.GatewayId = header.GatewayId;
        target.GatewayIncarnation = header.GatewayIncarnation;
        target.LogPosition = context.Position;
        target.SendingTimeNs = context.LogTimeNs;
    }
}
