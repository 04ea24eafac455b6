using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Scenarios;

/// <summary>
/// A whole core for scenarios: sessions are defined and logged on when they are first named, each command gets its log time and its
/// numbers, and the events of the last command are kept.
/// </summary>
internal sealed class ScenarioVenue : IDisposable
{
    public const long SecondNs = 1_000_000_000;
    public const long DayNs = 86_400 * SecondNs;

    /// <summary>Log time at which every scenario begins: 10:00:00 on 21 September 2026.</summary>
    public const long StartNs = (1_790_000_000L / 86_400 * DayNs) + (10 * 3_600 * SecondNs);

    /// <summary>Time of day at which the trading day ends.</summary>
    public const long DayEndNs = 17 * 3_600 * SecondNs;

    /// <summary>How long a session may stay away before its orders are cancelled.</summary>
    public const long GraceNs = 10 * SecondNs;

    private static readonly Text16 _msgType = Text16.From("D");

    private readonly OrderEntryLimits _limits;
    private readonly List<string> _names = [];
    private readonly List<long> _nextIn = [];
    private readonly List<long> _connections = [];
    private readonly EventBuffer _events = new(1 << 16);
    private long _position;
    private long _term;
    private long _lastConnection;

    public ScenarioVenue(OrderEntryLimits limits)
    {
        _limits = limits;
        Core = new ExchangeCore(limits);
        _ = Apply(CommandType.DefineVenue, new DefineVenueCommand { DayEndNs = DayEndNs });
        StartTerm();
    }

    public ExchangeCore Core { get; private set; }

    /// <summary>Log time of the last command.</summary>
    public long NowNs { get; private set; } = StartNs;

    /// <summary>What the last command caused.</summary>
    public EventBuffer Events => _events;

    public string NameOf(int session) => session < 0 ? "everybody" : _names[session];

    /// <summary>Lets time pass without telling the core.</summary>
    public void Pause(long durationNs) => NowNs += durationNs;

    /// <summary>The session of that name, defined and logged on.</summary>
    public int SessionOf(string name)
    {
        int id = _names.IndexOf(name);
        if (id >= 0)
        {
            return id;
        }

        _names.Add(name);
        _nextIn.Add(1);
        _connections.Add(0);
        DefineParticipant(name, openOrdersMax: 1_000);
        LogOn(_names.Count - 1, resets: false);
        return _names.Count - 1;
    }

    public void DefineParticipant(string name, int openOrdersMax) => Apply(CommandType.DefineParticipant, new DefineParticipantCommand
    {
        SenderCompId = Text40.From(name),
        TargetCompId = Text40.From("EXCH"),
        Username = Text40.From(name),
        Flags = ParticipantFlags.CancelOnDisconnect,
        HeartBtIntMinSec = 1,
        HeartBtIntMaxSec = 60,
        CancelOnDisconnectGraceNs = GraceNs,
        TimestampDecimals = 9,
        OpenOrdersMax = openOrdersMax,
    });

    public void LogOn(int session, bool resets)
    {
        _connections[session] = ++_lastConnection;
        _nextIn[session] = resets ? 1 : _nextIn[session];
        LogonCommand logon = new() { HeartBtIntSec = 30 };
        logon.Header.Flags = resets ? FixMessageFlags.ResetSeqNum : FixMessageFlags.None;
        Message(session, CommandType.Logon, logon);
    }

    public void LoseConnection(int session)
    {
        _ = Apply(CommandType.ConnectionLost, new ConnectionCommand { Header = HeaderOf(session) });
        _connections[session] = 0;
    }

    public bool IsConnected(int session) => _connections[session] != 0;

    /// <summary>A new leadership term with a new gateway; nobody is connected.</summary>
    public void StartTerm()
    {
        _term++;
        _ = Apply(CommandType.TermStarted, default(CommandHeader));
        _ = Apply(CommandType.GatewayAttached, new GatewayCommand
        {
            Header = new CommandHeader { GatewayId = 1, GatewayIncarnation = 100 + _term, SessionId = -1, LeadershipTerm = _term },
            EgressStreamId = 1_001,
        });
        CollectionsMarshal.AsSpan(_connections).Clear();
    }

    /// <summary>A message of a logged-on client.</summary>
    public void Message<T>(int session, CommandType type, T command)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref command));
        Message(session, type, bytes);
    }

    /// <summary>A message of a logged-on client; its header is filled in.</summary>
    public void Message(int session, CommandType type, Span<byte> bytes)
    {
        ref FixCommandHeader message = ref MemoryMarshal.AsRef<FixCommandHeader>(bytes);
        message.Command = HeaderOf(session);
        message.MsgSeqNum = _nextIn[session]++;
        message.SendingTimeNs = NowNs;
        message.OrigSendingTimeNs = FixedPoint.Absent;
        message.MsgType = _msgType;
        ApplyBytes(type, bytes);
    }

    /// <summary>Applies a command a microsecond later, after filling type, layout and length into its header.</summary>
    public ScenarioVenue Apply<T>(CommandType type, T command)
        where T : unmanaged
    {
        ApplyBytes(type, MemoryMarshal.AsBytes(new Span<T>(ref command)));
        return this;
    }

    /// <summary>One TimerDue at the present time.</summary>
    public void TimerDue() => Apply(CommandType.TimerDue, new CommandHeader { SessionId = -1 });

    /// <summary>Replaces the core by one restored from its snapshot, which must be equal to it.</summary>
    public void Restart()
    {
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        Core.TakeSnapshot(writer);
        ulong hash = writer.Complete();
        stream.Position = 0;
        ExchangeCore restored = new(_limits);
        restored.LoadSnapshot(new SnapshotReader(stream));
        Assert.Equal(hash, restored.StateHash());
        Assert.Equal(Core.NextDeadlineNs, restored.NextDeadlineNs);
        Core.Dispose();
        Core = restored;
    }

    public void Dispose()
    {
        Core.Dispose();
        _events.Dispose();
    }

    private void ApplyBytes(CommandType type, Span<byte> bytes)
    {
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes);
        header.Type = type;
        header.Layout = CommandHeader.CurrentLayout;
        header.Length = bytes.Length;
        _position += (bytes.Length + 63) / 32 * 32;
        NowNs += 1_000;
        CommandContext context = new(_position, _term, NowNs);
        _events.Clear();
        Core.Apply(in context, bytes, _events);
    }

    private CommandHeader HeaderOf(int session) => new()
    {
        LeadershipTerm = _term,
        GatewayIncarnation = 100 + _term,
        ConnectionId = _connections[session],
        GatewayId = 1,
        SessionId = session,
        ReceivedNs = NowNs,
    };
}
