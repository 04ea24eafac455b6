using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Reference.Tests;

/// <summary>The core and the reference side by side: each step is played on both, and what they say is compared.</summary>
internal sealed class Contest : IDisposable
{
    public const long StartNs = (1_790_000_000L / 86_400 * 86_400 * 1_000_000_000) + (10 * 3_600 * 1_000_000_000L);
    private const int TimersMax = 10_000;

    private static readonly OrderEntryLimits Limits = new(OpenOrdersMax: 4_096, ClOrdIdWindow: 256, ClosedOrdersKept: 64);
    private static readonly ReferenceLimits SameLimits = new(OpenOrdersMax: 4_096, ClOrdIdWindow: 256, ClosedOrdersKept: 64);

    private readonly ReferenceExchange _reference = new(SameLimits);
    private readonly EventBuffer _ofCore = new(1 << 16);
    private readonly EventBuffer _ofReference = new(1 << 16);
    private readonly byte[] _left = new byte[1 << 14];
    private readonly byte[] _right = new byte[1 << 14];
    private readonly List<long> _nextIn = [];
    private readonly List<long> _connections = [];
    private ExchangeCore _core = new(Limits);
    private long _position;
    private long _lastConnection;
    private long _nowNs = StartNs;

    /// <summary>Commands applied, timers included.</summary>
    public long CommandCount { get; private set; }

    /// <summary>Reports compared.</summary>
    public long ReportCount { get; private set; }

    /// <summary>What kind of difference was found last: equal keys are most likely one mistake.</summary>
    public string DifferenceKey { get; private set; } = "";

    /// <summary>Receives each line as it is played; for people.</summary>
    public List<string>? Story { get; set; }

    /// <summary>Plays a step; what differs, or null.</summary>
    public string? Play(Step step)
    {
        if (step.Type == CommandType.None)
        {
            return Restore();
        }

        long target = _nowNs + step.AdvanceNs;
        for (int i = 0; !step.HoldsTimers && _core.NextDeadlineNs <= target; i++)
        {
            if (i == TimersMax)
            {
                return $"the core never gets to an end: its next deadline stays at {_core.NextDeadlineNs}";
            }

            _nowNs = Math.Max(_nowNs, _core.NextDeadlineNs);
            if (Apply(CommandType.TimerDue, -1, new byte[CommandHeader.SizeBytes]) is { } difference)
            {
                return difference;
            }
        }

        _nowNs = target;
        return Apply(step.Type, step.Session, step.Bytes);
    }

    public void Dispose()
    {
        _core.Dispose();
        _ofCore.Dispose();
        _ofReference.Dispose();
    }

    private string? Apply(CommandType type, int session, byte[] bytes)
    {
        if (session >= 0 && !IsSendable(type, session))
        {
            return null;
        }

        Address(type, session, bytes);
        _position += (bytes.Length + 63) / 32 * 32;
        CommandContext context = new(_position, 1, _nowNs);
        _ofCore.Clear();
        _ofReference.Clear();
        long refused = _core.RefusedDefinitionCount;
        _core.Apply(in context, bytes, _ofCore);
        _reference.Apply(in context, bytes, _ofReference);
        CommandCount++;
        if (Story is not null)
        {
            Story.Add(StepText.Of(type, session, bytes));
            Tell(_ofCore, "  ");
        }

        return Compare() ?? (_core.RefusedDefinitionCount == refused || type is CommandType.SetLimits or CommandType.Restrict or CommandType.KillSwitch ? null : "the core refused a definition");
    }

    // A stream of which parts were left out may speak for a session that is away: then nothing is sent.
    private bool IsSendable(CommandType type, int session)
    {
        if (session >= _connections.Count)
        {
            return false;
        }

        bool isConnected = _connections[session] != 0;
        return type == CommandType.Logon ? !isConnected : isConnected;
    }

    private void Address(CommandType type, int session, byte[] bytes)
    {
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes.AsSpan());
        bool isGateway = session >= 0 || type == CommandType.GatewayAttached;
        header.Type = type;
        header.Layout = CommandHeader.CurrentLayout;
        header.Length = bytes.Length;
        header.LeadershipTerm = 1;
        header.GatewayId = isGateway ? 1 : 0;
        header.GatewayIncarnation = isGateway ? 100 : 0;
        header.SessionId = session >= 0 ? session : type is CommandType.AssignFirm or CommandType.KillSwitch ? header.SessionId : -1;
        if (type == CommandType.DefineParticipant)
        {
            _nextIn.Add(1);
            _connections.Add(0);
        }

        if (session < 0)
        {
            return;
        }

        if (type == CommandType.Logon)
        {
            _connections[session] = ++_lastConnection;
            bool resets = (MemoryMarshal.AsRef<FixCommandHeader>(bytes.AsSpan()).Flags & FixMessageFlags.ResetSeqNum) != 0;
            _nextIn[session] = resets ? 1 : _nextIn[session];
        }

        header.ConnectionId = _connections[session];
        if (type == CommandType.ConnectionLost)
        {
            _connections[session] = 0;
            return;
        }

        ref FixCommandHeader message = ref MemoryMarshal.AsRef<FixCommandHeader>(bytes.AsSpan());
        message.MsgSeqNum = _nextIn[session]++;
        message.SendingTimeNs = _nowNs;
        message.OrigSendingTimeNs = FixedPoint.Absent;
        message.MsgType = Text16.From("D");
    }

    private string? Compare()
    {
        long left = 0;
        long right = 0;
        while (true)
        {
            int leftLength = Next(_ofCore, ref left, _left);
            int rightLength = Next(_ofReference, ref right, _right);
            if (leftLength == 0 && rightLength == 0)
            {
                return _core.OpenOrderCount == _reference.OpenOrderCount ? null : $"the core has {_core.OpenOrderCount} open orders, the reference {_reference.OpenOrderCount}";
            }

            ReportCount++;
            if (!_left.AsSpan(0, leftLength).SequenceEqual(_right.AsSpan(0, rightLength)))
            {
                return Describe(_left.AsSpan(0, leftLength), _right.AsSpan(0, rightLength));
            }
        }
    }

    // The next report about orders, without what the reference knows nothing of: numbers of messages and of reports.
    private static int Next(EventBuffer events, ref long offset, byte[] target)
    {
        while (events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            EventHeader header = MemoryMarshal.Read<EventHeader>(bytes);
            if (!IsCompared(in header))
            {
                continue;
            }

            bytes.CopyTo(target);
            MemoryMarshal.Write(target, new EventHeader { Type = header.Type, Length = header.Length, SessionId = header.SessionId });
            if (header.Type == EventType.ExecutionReport)
            {
                MemoryMarshal.AsRef<ExecutionReportEvent>(target.AsSpan()).ExecId = 0;
                return WithoutEmptyExtras(target, bytes.Length);
            }

            return bytes.Length;
        }

        return 0;
    }

    // Extras of which nothing is left say as much as none.
    private static int WithoutEmptyExtras(byte[] target, int length)
    {
        ref ExecutionReportEvent report = ref MemoryMarshal.AsRef<ExecutionReportEvent>(target.AsSpan());
        int without = length - OrderExtrasTail.SizeBytes;
        if ((report.Tail & ReportTail.Extras) == 0 || target.AsSpan(without, OrderExtrasTail.SizeBytes).ContainsAnyExcept((byte)0))
        {
            return length;
        }

        report.Tail &= ~ReportTail.Extras;
        report.Header.Length = without;
        return without;
    }

    private static bool IsCompared(in EventHeader header) =>
        header.Type is >= EventType.ExecutionReport and <= EventType.MassCancelReport or Core.Tests.Orders.ReportText.MassQuoteAck or Core.Tests.Orders.ReportText.MassActionReport
        && header.Flags != EventFlags.PossResend;

    private string Describe(ReadOnlySpan<byte> core, ReadOnlySpan<byte> reference)
    {
        string text = "";
        DifferenceKey = KeyOf(core, reference);
        text += "the core says\n";
        text += TextOf(_ofCore);
        text += "the reference says\n";
        text += TextOf(_ofReference);
        return text + $"first different byte: {core.CommonPrefixLength(reference)} of {core.Length} and {reference.Length}";
    }

    private static string KeyOf(ReadOnlySpan<byte> core, ReadOnlySpan<byte> reference)
    {
        string Kind(ReadOnlySpan<byte> bytes)
        {
            if (bytes.IsEmpty)
            {
                return "nothing";
            }

            EventType type = MemoryMarshal.Read<EventHeader>(bytes).Type;
            return type switch
            {
                EventType.ExecutionReport => $"{MemoryMarshal.Read<ExecutionReportEvent>(bytes).ExecType} {MemoryMarshal.Read<ExecutionReportEvent>(bytes).Text}",
                EventType.CancelReject => $"{type} {MemoryMarshal.Read<CancelRejectEvent>(bytes).Text}",
                EventType.MassCancelReport => $"{type} {MemoryMarshal.Read<MassCancelReportEvent>(bytes).Text}",
                _ => type.ToString(),
            };
        }

        return $"{Kind(core)} / {Kind(reference)} / {core.CommonPrefixLength(reference)}";
    }

    private string TextOf(EventBuffer events)
    {
        string text = "";
        long offset = 0;
        while (events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            EventHeader header = MemoryMarshal.Read<EventHeader>(bytes);
            text += IsCompared(in header) ? "  " + Line(bytes) + "\n" : "";
        }

        return text;
    }

    private void Tell(EventBuffer events, string indent)
    {
        long offset = 0;
        while (events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            EventHeader header = MemoryMarshal.Read<EventHeader>(bytes);
            if (IsCompared(in header))
            {
                Story!.Add(indent + Line(bytes));
            }
        }
    }

    private string Line(ReadOnlySpan<byte> bytes) => Core.Tests.Orders.ReportText.Write(bytes, _core.Instruments, id => $"HFT{id + 1}");

    private string? Restore()
    {
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        _core.TakeSnapshot(writer);
        ulong hash = writer.Complete();
        stream.Position = 0;
        ExchangeCore restored = new(Limits);
        restored.LoadSnapshot(new SnapshotReader(stream));
        ulong again = restored.StateHash();
        long nextNs = restored.NextDeadlineNs;
        long nextBefore = _core.NextDeadlineNs;
        _core.Dispose();
        _core = restored;
        Story?.Add("restart");
        return hash == again && nextNs == nextBefore ? null : $"a restored core is another: hash {hash:X} and {again:X}, deadline {nextBefore} and {nextNs}";
    }
}
