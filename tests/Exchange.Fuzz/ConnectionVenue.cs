// The gateway's connections with the core behind them, and none of what lies between them and the world: no socket, no thread, no ring, no
// slow hash. What the gateway's agent does for a connection is done here step by step, so that between any two steps anything can happen.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Gateway;
using Exchange.Gateway.Authentication;
using Exchange.Gateway.Connections;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Fuzz;

/// <summary>A core and the connections of one gateway: three clients that are not to be trusted, one in each version of FIX, and their neighbour.</summary>
internal sealed class ConnectionVenue : IDisposable
{
    /// <summary>What every password begins with.</summary>
    public const string Secret = "Geheim-";

    /// <summary>Most bytes that wait for one client.</summary>
    public const int OutboundMaxBytes = 256 * 1024;

    private const long StartNs = 1_795_178_096_000_000_000;
    private const long Incarnation = 100;
    private static readonly OrderEntryLimits _limits = new(OpenOrdersMax: 2_048, ClOrdIdWindow: 1_024, ClosedOrdersKept: 64);
    private static readonly (string Name, ParticipantFlags Flags, int PerSecond)[] _participants =
    [
        ("HFT1", ParticipantFlags.None, 0), ("HFT2", ParticipantFlags.CancelOnDisconnect, 50), ("HFT3", ParticipantFlags.NoPassword | ParticipantFlags.AllowUnknownTags, 0), ("NEAR1", ParticipantFlags.None, 0),
    ];

    private static readonly byte[] _secret = System.Text.Encoding.ASCII.GetBytes(Secret);

    private readonly ExchangeCore _core = new(_limits);
    private readonly EventBuffer _events = new(1 << 16);
    private readonly Queue<byte[]> _offered = new();
    private readonly Dictionary<string, FixParser> _parsers = FixDictionaries.All.ToDictionary(dictionary => dictionary.BeginString, dictionary => new FixParser(dictionary));
    private readonly ConnectionContext _context;
    private readonly FuzzTotals _totals;
    private long _position;
    private long _elapsedNs;
    private long _connections;

    /// <summary>Opens the venue; nobody is connected.</summary>
    public ConnectionVenue(FuzzTotals totals)
    {
        _totals = totals;
        GatewayOptions options = new() { AeronDirectory = "-", OutboundLimitBytes = 64 * 1024, OutboundCatchUpLimitBytes = OutboundMaxBytes, GarbledBytesMax = 16 * 1024 };
        _context = new ConnectionContext(options, new GatewayCounters()) { Incarnation = Incarnation, LeadershipTerm = 1 };
        Array.ForEach(["AAPL", "MSFT", "NEAR"], symbol => Apply(CommandType.DefineInstrument, FuzzVenue.Instrument(symbol)));
        foreach ((string name, ParticipantFlags flags, int perSecond) in _participants)
        {
            Apply(CommandType.DefineParticipant, Definition(name, flags, perSecond));
        }

        Apply(CommandType.TermStarted, default(CommandHeader));
        Apply(CommandType.GatewayAttached, new GatewayCommand
        {
            Header = new CommandHeader { GatewayId = 1, GatewayIncarnation = Incarnation, SessionId = -1, LeadershipTerm = 1 },
            EgressStreamId = 1_001,
        });
        Clients = [.. _participants.Select((participant, id) => new FuzzClient(id, participant.Name, FixDictionaries.All[id % FixDictionaries.All.Count], new FixConnection(id, _context)))];
        FuzzFailure.Unless(_context.Directory.Count == _participants.Length, "the gateway was not told of every participant");
    }

    /// <summary>The clients; the last is the neighbour of the others.</summary>
    public IReadOnlyList<FuzzClient> Clients { get; }

    /// <summary>The present.</summary>
    public GatewayTime Now => new(_elapsedNs, StartNs + _elapsedNs);

    /// <summary>The next numbers of a session, in and out.</summary>
    public (long In, long Out) Numbers(FuzzClient client) => (_core.Sessions[client.SessionId].NextIn, _core.Sessions[client.SessionId].NextOut);

    /// <summary>Lets time pass, and all timers look at it.</summary>
    public void Wait(long ns)
    {
        _elapsedNs += ns;
        foreach (FuzzClient client in Clients.Where(client => client.IsOpen))
        {
            Sink sink = new(this, client);
            client.Connection.OnTime(Now, ref sink);
        }

        ApplyOffered();
    }

    /// <summary>A client connects.</summary>
    public void Open(FuzzClient client)
    {
        client.Connection.Open(++_connections, null, Now);
        (client.IsOpen, client.IsClean, client.Listens, client.IsIngressFull, client.IsPasswordChecked) = (true, true, true, false, false);
        (client.LogonsOffered, client.LossesOffered, client.CommandsOffered) = (0, 0, 0);
        client.Unread.Clear();
        _totals.Connections++;
    }

    /// <summary>A client's connection brings what was not consumed; returns how many bytes were taken.</summary>
    public int Receive(FuzzClient client, Span<byte> bytes)
    {
        Sink sink = new(this, client);
        int before = client.CommandsOffered;
        int frames = Frames(bytes);
        (long, long) numbers = Numbers(client);
        bool wasHeld = client.Connection.IsReadPaused && !client.Connection.IsBackPressured;
        int consumed = client.Connection.Receive(bytes, Now, ref sink);
        FuzzFailure.Unless(consumed >= 0 && consumed <= bytes.Length, "a connection consumes what there is not");
        FuzzFailure.Unless(consumed > 0 || wasHeld || client.Connection.IsReadPaused || bytes.Length < FixFramer.DefaultBodyLengthMax + 100, "a connection that waits for nothing takes nothing of more than a message can be");
        FuzzFailure.Unless(client.CommandsOffered - before <= frames, $"{frames} messages became {client.CommandsOffered - before} commands");
        FuzzFailure.Unless(!client.IsClean || bytes[..consumed].IndexOf(_secret) < 0, "a password was read and not wiped");
        ApplyOffered();
        FuzzFailure.Unless(frames > 0 || Numbers(client) == numbers, "input without a message used up a number");
        return consumed;
    }

    /// <summary>The operator defines a participant anew, with the password of the beginning and now and then another limit.</summary>
    public void Redefine(FuzzClient client, int perSecond)
    {
        (string name, ParticipantFlags flags, _) = _participants[client.SessionId];
        Apply(CommandType.DefineParticipant, Definition(name, flags, perSecond));
    }

    /// <summary>A client's connection ends.</summary>
    public void HangUp(FuzzClient client) => client.Connection.Close(CloseReason.PeerClosed, Now);

    /// <summary>Does what the gateway's agent does for its connections in a turn, and takes what was said to them.</summary>
    public void Attend(FuzzClient client, bool worker)
    {
        if (!client.IsOpen)
        {
            return;
        }

        FixConnection connection = client.Connection;
        Sink sink = new(this, client);
        if (connection.AwaitsPasswordCheck)
        {
            connection.PasswordCheckStarted();
            connection.Authentication.InFlight = true;
            client.IsPasswordChecked = true;
        }
        else if (client.IsPasswordChecked && worker)
        {
            client.IsPasswordChecked = false;
            connection.PasswordChecked(Check(connection.Authentication), Now, ref sink);
        }

        if (connection.OwesCommand)
        {
            connection.OfferOwed(Now, ref sink);
        }

        ApplyOffered();
        Hear(client);
        if (connection.State == ConnectionState.Flushing && connection.Outbound.PendingBytes == 0)
        {
            connection.Flushed(Now);
        }

        connection.IsSocketReleased |= connection.State == ConnectionState.Closed;
        if (connection.IsReusable)
        {
            FuzzFailure.Unless(client.LossesOffered == client.LogonsOffered, $"{client.LogonsOffered} Logons and {client.LossesOffered} ConnectionLost of one connection");
            connection.Free();
            client.IsOpen = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _core.Dispose();
        _events.Dispose();
    }

    private static int Frames(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        while (bytes.Length > 0)
        {
            FixFrame frame = FixFramer.Read(bytes);
            if (frame.Status == FrameStatus.NeedMore)
            {
                break;
            }

            count += frame.Status == FrameStatus.Message ? 1 : 0;
            bytes = bytes[frame.Consumed..];
        }

        return count;
    }

    /// <summary>The password worker, with a hash that costs nothing.</summary>
    private static bool Check(AuthenticationRequest request)
    {
        bool matches = !request.MustFail && Hash(request.Password).AsSpan().SequenceEqual(request.Hash);
        if (matches && request.HasNewPassword)
        {
            Hash(request.NewPassword).CopyTo(request.NewHash);
        }

        request.Wipe();
        request.InFlight = false;
        return matches;
    }

    private static byte[] Hash(ReadOnlySpan<byte> password) => SHA256.HashData(password);

    private static DefineParticipantCommand Definition(string name, ParticipantFlags flags, int perSecond)
    {
        DefineParticipantCommand definition = new()
        {
            Header = new CommandHeader { SessionId = -1 },
            SenderCompId = Text40.From(name),
            TargetCompId = Text40.From("EXCH"),
            Username = Text40.From(name),
            Flags = flags,
            HeartBtIntMinSec = 1,
            HeartBtIntMaxSec = 60,
            CancelOnDisconnectGraceNs = 10_000_000_000,
            TimestampDecimals = 3,
            OpenOrdersMax = 1_000,
            MessagesPerSecondMax = perSecond,
            PasswordIterations = 1,
        };
        Hash(System.Text.Encoding.ASCII.GetBytes(Secret + name)).CopyTo(definition.PasswordHash);
        return definition;
    }

    private bool Offer(FuzzClient client, ReadOnlySpan<byte> command)
    {
        if (client.IsIngressFull)
        {
            return false;
        }

        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        FuzzFailure.Unless(CommandValidation.IsAcceptableFromGateway(command), $"a command of type {header.Type} would not be logged");
        FuzzFailure.Unless(header.ConnectionId == client.Connection.ConnectionId && header.SessionId == client.SessionId, "a command in another's name");
        FuzzFailure.Unless(client.LossesOffered == 0, $"{header.Type} behind ConnectionLost");
        FuzzFailure.Unless(client.LogonsOffered > 0 || header.Type == CommandType.Logon, $"{header.Type} before the Logon");
        FuzzFailure.Unless(!client.IsClean || command.IndexOf(_secret) < 0, "a password in a command");
        client.LogonsOffered += client.LogonsOffered == 0 ? 1 : 0;
        client.LossesOffered += header.Type == CommandType.ConnectionLost ? 1 : 0;
        client.CommandsOffered++;
        byte[] kept = command.ToArray();
        client.Commands?.Add(kept);
        _offered.Enqueue(kept);
        if (header.Type == CommandType.ChangePassword || command.Length < FixCommandHeader.SizeBytes)
        {
            _totals.Count(header.Type);
        }
        else
        {
            _totals.Count(in MemoryMarshal.AsRef<FixCommandHeader>(command));
        }

        return true;
    }

    private void ApplyOffered()
    {
        while (_offered.TryDequeue(out byte[]? command))
        {
            ApplyBytes(command);
        }
    }

    private void Apply<T>(CommandType type, T command)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref command));
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes);
        header.Type = type;
        header.Layout = CommandHeader.CurrentLayout;
        header.Length = bytes.Length;
        ApplyBytes(bytes);
    }

    private void ApplyBytes(ReadOnlySpan<byte> command)
    {
        _position += (command.Length + 63) / 32 * 32;
        CommandContext context = new(_position, 1, Now.UnixNs);
        _events.Clear();
        _core.Apply(in context, command, _events);
        long offset = 0;
        while (_events.TryRead(ref offset, out ReadOnlySpan<byte> record))
        {
            Route(record);
        }
    }

    /// <summary>Gives an event to whom the egress agent and the gateway's agent would give it.</summary>
    private void Route(ReadOnlySpan<byte> record)
    {
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        switch (header.Type)
        {
            case EventType.Participant:
                FuzzFailure.Unless(_context.Directory.Define(header.SessionId, in MemoryMarshal.AsRef<ParticipantEvent>(record).Definition), "a participant without a profile");
                int sessionId = header.SessionId;
                if (Clients?.FirstOrDefault(client => client.SessionId == sessionId && client.Connection.Participant is not null) is { } defined)
                {
                    defined.Connection.Redefine(_context.Directory.Find(sessionId)!);
                }

                break;
            case EventType.Instrument:
                ref readonly InstrumentEvent instrument = ref MemoryMarshal.AsRef<InstrumentEvent>(record);
                _context.Instruments.Set(instrument.InstrumentId, in instrument.Definition);
                break;
            default:
                long connectionId = header.ConnectionId;
                FuzzClient? client = connectionId == 0 ? null : Clients.FirstOrDefault(client => client.IsOpen && client.Connection.ConnectionId == connectionId);
                if (client is not null && (header.MsgSeqNum > 0 || header.Type == EventType.CloseConnection))
                {
                    _totals.Count(header.Type);
                    client.Connection.OnEvent(record, Now);
                }

                break;
        }
    }

    private void Hear(FuzzClient client)
    {
        OutboundBuffer outbound = client.Connection.Outbound;
        FuzzFailure.Unless(outbound.PendingBytes <= OutboundMaxBytes, $"{outbound.PendingBytes} bytes wait for a client");
        FuzzFailure.Unless(outbound.PendingBytes == 0 || client.LogonsOffered > 0, "something is said to a stranger");
        while (client.Listens && outbound.PendingBytes > 0)
        {
            FixFrame frame = FixFramer.Read(outbound.Pending);
            FuzzFailure.Unless(frame.Status == FrameStatus.Message, $"what is said is no message: {Show(outbound.Pending)}");
            ReadOnlySpan<byte> text = outbound.Pending[..frame.Consumed];
            FixParser parser = _parsers[Show(text[2..text.IndexOf((byte)1)])];
            FixFault fault = FixValidator.ValidateAsClient(parser.Parse(text));
            FuzzFailure.Unless(fault.IsValid, $"what is said is invalid ({fault.Reason}, tag {fault.RefTag}): {Show(text)}");
            client.Heard?.Add(Show(text));
            outbound.Consume(frame.Consumed);
            _totals.Encoded++;
        }
    }

    private static string Show(ReadOnlySpan<byte> text) => System.Text.Encoding.Latin1.GetString(text).Replace('\u0001', '|');

    private readonly struct Sink(ConnectionVenue venue, FuzzClient client) : ICommandSink
    {
        public bool TryOffer(ReadOnlySpan<byte> command) => venue.Offer(client, command);
    }
}
