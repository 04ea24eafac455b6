using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Sessions;

/// <summary>
/// A core with one gateway, two instruments and as many participants as asked for, ready for the first Logon at log time 10:00:00. Each
/// call applies one command; <see cref="Expect"/> then states all that it caused.
/// </summary>
internal sealed class CoreHarness : IDisposable
{
    public const long SecondNs = 1_000_000_000;
    public const long Start = 1_790_000_000L / 86_400 * 86_400 * SecondNs + (10 * 3_600 * SecondNs);

    private static readonly OrderEntryLimits Limits = new(OpenOrdersMax: 4_096, ClOrdIdWindow: 1_024, ClosedOrdersKept: 64, SliceActionsMax: 3, SliceVisitsMax: 8);

    private readonly EventBuffer _events = new(1 << 16);
    private readonly List<byte[]> _lastEvents = [];
    private long _position;

    /// <summary>An empty core: no term, no gateway, nobody.</summary>
    public CoreHarness() => Core = NewCore();

    public ExchangeCore Core { get; private set; }

    public long Term { get; set; } = 1;

    public long NowNs { get; private set; } = Start;

    /// <summary>Every command applied so far, for replays.</summary>
    public List<(CommandContext Context, byte[] Bytes)> Log { get; } = [];

    /// <summary>Every event made so far, one behind the other.</summary>
    public MemoryStream AllEvents { get; } = new();

    public IReadOnlyList<byte[]> LastEvents => _lastEvents;

    public static ExchangeCore NewCore() => new(Limits);

    /// <summary>A venue in its first term with gateway 1 attached.</summary>
    public static CoreHarness Open(int participants = 2, ParticipantFlags flags = ParticipantFlags.None, long dayEndNs = -1)
    {
        CoreHarness harness = new();
        harness.Define("AAPL").Define("MSFT");
        for (int i = 0; i < participants; i++)
        {
            harness.Define(Participant($"HFT{i + 1}", flags));
        }

        if (dayEndNs >= 0)
        {
            harness.DefineVenue(dayEndNs);
        }

        harness.StartTerm(1).Attach(gateway: 1, incarnation: 100);
        return harness;
    }

    public static DefineParticipantCommand Participant(string name, ParticipantFlags flags = ParticipantFlags.None) => new()
    {
        Header = new CommandHeader { SessionId = -1 },
        SenderCompId = Text40.From(name),
        TargetCompId = Text40.From("EXCH"),
        Username = Text40.From(name),
        BeginString = Text16.From("FIX.4.4"),
        Flags = flags,
        HeartBtIntMinSec = 1,
        HeartBtIntMaxSec = 60,
        CancelOnDisconnectGraceNs = 10 * SecondNs,
        TimestampDecimals = 9,
        OpenOrdersMax = 1_000,
    };

    /// <summary>A client of a session, over a connection of gateway 1.</summary>
    public ClientHarness Client(int session = 0, long connection = 1) => new(this, session, connection);

    public CoreHarness Define(string symbol) => Apply(CommandType.DefineInstrument, new DefineInstrumentCommand
    {
        Symbol = Text24.From(symbol),
        SecurityType = Text16.From("CS"),
        Currency = Text16.From("USD"),
        PriceTickE8 = FixedPoint.Scale / 100,
        QuantityStepE8 = FixedPoint.Scale,
        QuantityMaxE8 = 1_000_000 * FixedPoint.Scale,
        PriceMinE8 = FixedPoint.Scale / 100,
        PriceMaxE8 = 10_000 * FixedPoint.Scale,
    });

    public CoreHarness Define(DefineParticipantCommand participant) => Apply(CommandType.DefineParticipant, participant);

    public CoreHarness DefineVenue(long dayEndNs) => Apply(CommandType.DefineVenue, new DefineVenueCommand { DayEndNs = dayEndNs });

    public CoreHarness StartTerm(long term)
    {
        Term = term;
        return Apply(CommandType.TermStarted, default(CommandHeader));
    }

    public CoreHarness Attach(int gateway, long incarnation) => ApplyGateway(CommandType.GatewayAttached, gateway, incarnation);

    public CoreHarness Lose(int gateway, long incarnation) => ApplyGateway(CommandType.GatewayLost, gateway, incarnation);

    public CoreHarness News(string headline, string text, char urgency = '0')
    {
        NewsCommand command = new()
        {
            Header = new CommandHeader { SessionId = -1, LeadershipTerm = Term },
            HeadlineLength = (ushort)headline.Length,
            TextLength = (ushort)text.Length,
            Urgency = (byte)urgency,
        };
        System.Text.Encoding.ASCII.GetBytes(headline + text, command.Content);
        return Apply(CommandType.News, command);
    }

    public CoreHarness TimerDue() => Apply(CommandType.TimerDue, default(CommandHeader));

    /// <summary>Lets log time pass; nothing happens by that alone.</summary>
    public CoreHarness After(double seconds)
    {
        NowNs += (long)(seconds * SecondNs);
        return this;
    }

    /// <summary>Applies a command after filling type, layout and length into its header.</summary>
    public CoreHarness Apply<T>(CommandType type, T command)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref command));
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes);
        header.Type = type;
        header.Layout = CommandHeader.CurrentLayout;
        header.Length = bytes.Length;
        return ApplyBytes(bytes);
    }

    public CoreHarness ApplyBytes(ReadOnlySpan<byte> bytes)
    {
        _position += (bytes.Length + 63) / 32 * 32;
        CommandContext context = new(_position, Term, NowNs);
        return ApplyLogged(in context, bytes);
    }

    public CoreHarness ApplyLogged(in CommandContext context, ReadOnlySpan<byte> bytes)
    {
        Log.Add((context, bytes.ToArray()));
        _events.Clear();
        _lastEvents.Clear();
        Core.Apply(in context, bytes, _events);
        AllEvents.Write(_events.WrittenSpan);
        long offset = 0;
        while (_events.TryRead(ref offset, out ReadOnlySpan<byte> record))
        {
            _lastEvents.Add(record.ToArray());
        }

        return this;
    }

    /// <summary>Replaces the core by one that was restored from its snapshot.</summary>
    public CoreHarness Restore()
    {
        MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        Core.TakeSnapshot(writer);
        writer.Complete();
        Core.Dispose();
        stream.Position = 0;
        Core = NewCore();
        Core.LoadSnapshot(new SnapshotReader(stream));
        return this;
    }

    /// <summary>All that the last command caused, in order.</summary>
    public CoreHarness Expect(params string[] events)
    {
        Assert.Equal(events, _lastEvents.Select(bytes => EventText.Of(bytes)));
        return this;
    }

    public CoreHarness ExpectNothing() => Expect();

    /// <summary>TestReqID of the TestRequest among the last events, for the client to answer.</summary>
    public string OurTestReqId() =>
        _lastEvents.Where(bytes => MemoryMarshal.Read<EventHeader>(bytes).Type == EventType.TestRequest)
            .Select(bytes => MemoryMarshal.Read<TestReqEvent>(bytes).TestReqId.ToString())
            .Single();

    public EventHeader LastHeader(int index) => MemoryMarshal.Read<EventHeader>(_lastEvents[index]);

    public T LastEvent<T>(int index)
        where T : unmanaged => MemoryMarshal.Read<T>(_lastEvents[index]);

    public void Dispose()
    {
        Core.Dispose();
        _events.Dispose();
    }

    private CoreHarness ApplyGateway(CommandType type, int gateway, long incarnation) => Apply(type, new GatewayCommand
    {
        Header = new CommandHeader { GatewayId = gateway, GatewayIncarnation = incarnation, SessionId = -1, LeadershipTerm = Term },
        EgressStreamId = 1_000 + gateway,
    });
}
