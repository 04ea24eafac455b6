using System.Runtime.InteropServices;
using System.Text;
using Exchange.Gateway.Authentication;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Tests.Scenarios;

/// <summary>
/// Stands in for the member: reads commands from stream 10, keeps them for the test to look at, and answers the simplest thing that a core
/// could: Logon with Logon, each order with an ExecutionReport, Logout with Logout and CloseConnection.
/// </summary>
internal sealed class FakeMember : IAgent
{
    private const long Term = 7;

    private readonly Lock _lock = new();
    private readonly List<byte[]> _commands = [];
    private readonly Queue<byte[]> _injected = new();
    private readonly Queue<byte[]> _backlog = new();
    private readonly Dictionary<int, long> _nextOut = [];
    private readonly string _directory;
    private readonly string[] _participants;
    private readonly int _iterations;
    private Aeron? _aeron;
    private Subscription? _ingress;
    private ExclusivePublication? _egress;

    public FakeMember(string directory, int iterations, params string[] participants)
    {
        _directory = directory;
        _participants = participants;
        _iterations = iterations;
    }

    public string RoleName => "fake-member";

    /// <summary>While true it reads no commands, so that the ingress fills up.</summary>
    public volatile bool IsStalled;

    /// <summary>While false commands are answered but not kept; for measuring.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>While false logons are not answered.</summary>
    public volatile bool AnswersLogons = true;

    public long OrdersSeen;

    public List<byte[]> Commands
    {
        get
        {
            lock (_lock)
            {
                return [.. _commands];
            }
        }
    }

    public static CommandHeader Header(byte[] command) => MemoryMarshal.Read<CommandHeader>(command);

    /// <summary>Commands of a type.</summary>
    public List<T> Of<T>(CommandType type)
        where T : unmanaged => [.. Commands.Where(c => Header(c).Type == type).Select(c => MemoryMarshal.Read<T>(c))];

    /// <summary>Sends an event to the gateway.</summary>
    public void Inject<T>(in T record)
        where T : unmanaged
    {
        lock (_lock)
        {
            _injected.Enqueue(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record)).ToArray());
        }
    }

    /// <summary>A header for an event of the connection that sent a command.</summary>
    public EventHeader EventFor(CommandHeader command, EventType type, int length, bool isSequenced = true)
    {
        EventHeader header = default;
        header.Type = type;
        header.Length = length;
        header.SendingTimeNs = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;
        header.ConnectionId = command.ConnectionId;
        header.SessionId = command.SessionId;
        header.GatewayId = command.GatewayId;
        header.GatewayIncarnation = command.GatewayIncarnation;
        if (isSequenced)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_nextOut, command.SessionId, out _)++;
            header.MsgSeqNum = _nextOut[command.SessionId];
        }

        return header;
    }

    public void OnStart()
    {
        _aeron = Aeron.Connect(new AeronContext { AeronDirectory = _directory, ClientName = "fake-member" });
        _ingress = _aeron.AddSubscription("aeron:ipc", 10);
    }

    /// <summary>For one thread that does everything: connects while <paramref name="driver"/> is worked.</summary>
    public void OnStart(IAgent driver)
    {
        _aeron = Aeron.Connect(new AeronContext { AeronDirectory = _directory, ClientName = "fake-member", DriverAgentInvoker = driver });
        _ingress = _aeron.AddSubscription("aeron:ipc", 10);
    }

    public int DoWork()
    {
        int work = _aeron!.DoWork() + SendInjected();
        if (!IsStalled && _backlog.Count == 0)
        {
            Handler handler = new(this);
            work += _ingress!.Poll(ref handler, 64);
        }

        return work;
    }

    public void OnClose() => _aeron?.Dispose();

    private int SendInjected()
    {
        lock (_lock)
        {
            while (_backlog.Count > 0 || _injected.Count > 0)
            {
                Queue<byte[]> queue = _backlog.Count > 0 ? _backlog : _injected;
                if (!Offer(queue.Peek()))
                {
                    return 0;
                }

                queue.Dequeue();
            }
        }

        return 0;
    }

    private void OnCommand(ReadOnlySpan<byte> command)
    {
        CommandHeader header = MemoryMarshal.Read<CommandHeader>(command);
        if (Keeps)
        {
            lock (_lock)
            {
                _commands.Add(command.ToArray());
            }
        }

        switch (header.Type)
        {
            case CommandType.GatewayHello:
                Attach(MemoryMarshal.Read<GatewayCommand>(command));
                break;
            case CommandType.Logon when AnswersLogons:
                LogonEvent logon = default;
                logon.Header = EventFor(header, EventType.Logon, LogonEvent.SizeBytes);
                logon.HeartBtIntSec = MemoryMarshal.Read<LogonCommand>(command).HeartBtIntSec;
                Send(in logon);
                break;
            case CommandType.NewOrder:
                OrdersSeen++;
                Accept(header, MemoryMarshal.Read<NewOrderCommand>(command));
                break;
            case CommandType.Logout:
                LogoutEvent logout = default;
                logout.Header = EventFor(header, EventType.Logout, LogoutEvent.SizeBytes);
                Send(in logout);
                CloseConnectionEvent close = default;
                close.Header = EventFor(header, EventType.CloseConnection, CloseConnectionEvent.SizeBytes, isSequenced: false);
                close.Reason = Protocol.ReasonCode.LogoutConfirmed;
                Send(in close);
                break;
            default:
                break;
        }
    }

    private void Accept(CommandHeader header, in NewOrderCommand order)
    {
        ExecutionReportEvent report = default;
        report.Header = EventFor(header, EventType.ExecutionReport, ExecutionReportEvent.SizeBytes);
        report.OrderId = OrdersSeen;
        report.ExecId = OrdersSeen;
        report.ClOrdId = order.ClOrdId;
        report.OrderQtyE8 = order.QuantityE8;
        report.LeavesQtyE8 = order.QuantityE8;
        report.PriceE8 = order.PriceE8;
        report.TransactTimeNs = report.Header.SendingTimeNs;
        report.ExecType = Protocol.ExecType.New;
        report.OrdStatus = Protocol.OrdStatus.New;
        report.Side = order.Side;
        report.OrdType = order.OrdType;
        report.TimeInForce = order.TimeInForce;
        report.OrdRejReason = ExecutionReportEvent.NoReason;
        Send(in report);
    }

    private void Attach(GatewayCommand hello)
    {
        _egress?.Dispose();
        _egress = null;
        _nextOut.Clear();
        _attachment = _aeron!.AsyncAddExclusivePublication("aeron:ipc", hello.EgressStreamId);
        CommandHeader to = hello.Header;
        for (int i = 0; i < _participants.Length; i++)
        {
            ParticipantEvent participant = default;
            participant.Header = EventFor(to, EventType.Participant, ParticipantEvent.SizeBytes, isSequenced: false);
            participant.Header.SessionId = i;
            participant.Definition = Define(_participants[i]);
            Send(in participant);
        }

        InstrumentEvent instrument = default;
        instrument.Header = EventFor(to, EventType.Instrument, InstrumentEvent.SizeBytes, isSequenced: false);
        instrument.Definition.Symbol = Text24.From("AAPL");
        Send(in instrument);
        GatewayReadyEvent ready = default;
        ready.Header = EventFor(to, EventType.GatewayReady, GatewayReadyEvent.SizeBytes, isSequenced: false);
        ready.LeadershipTerm = Term;
        Send(in ready);
    }

    private long _attachment;

    private DefineParticipantCommand Define(string name)
    {
        DefineParticipantCommand definition = default;
        definition.SenderCompId = Text40.From(name);
        definition.TargetCompId = Text40.From("EXCH");
        definition.Username = Text40.From(name);
        definition.BeginString = Text16.From("FIX.4.4");
        definition.HeartBtIntMinSec = 0;
        definition.HeartBtIntMaxSec = 60;
        definition.TimestampDecimals = 6;
        definition.OpenOrdersMax = 1000;
        if (name.StartsWith("CERT", StringComparison.Ordinal))
        {
            definition.CertificateName = Text64.From(name + ".example");
        }

        if (name.StartsWith("FREE", StringComparison.Ordinal))
        {
            definition.Flags = ParticipantFlags.NoPassword;
        }
        else
        {
            PasswordHasher.SetPassword(ref definition, Encoding.ASCII.GetBytes(name), _iterations);
        }

        return definition;
    }

    private void Send<T>(in T record)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record));
        if (_backlog.Count > 0 || !Offer(bytes))
        {
            _backlog.Enqueue(bytes.ToArray());
        }
    }

    private bool Offer(ReadOnlySpan<byte> bytes)
    {
        if (_egress is null && _attachment != 0)
        {
            _egress = _aeron!.FindExclusivePublication(_attachment);
        }

        return _egress is not null && (_egress.Offer(bytes) > 0 || _egress.Offer(bytes) > 0);
    }

    private readonly struct Handler(FakeMember member) : IFragmentHandler
    {
        public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header) => member.OnCommand(fragment);
    }
}
