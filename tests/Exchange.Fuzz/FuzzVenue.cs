// The exchange without its input and output: translation as in the gateway, the core behind it, and encoding of what it says. After each
// command the numbers of every session are compared with a count of our own, and every message that would leave is read as a client would.
using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Fuzz;

/// <summary>A core with one gateway, two instruments and a client in each version of FIX.</summary>
internal sealed class FuzzVenue : IDisposable
{
    private const long StartNs = 1_795_178_096_000_000_000;
    private const long Incarnation = 100;
    private static readonly OrderEntryLimits _limits = new(OpenOrdersMax: 2_048, ClOrdIdWindow: 1_024, ClosedOrdersKept: 64);

    private readonly ExchangeCore _core = new(_limits);
    private readonly EventBuffer _events = new(1 << 16);
    private readonly InboundTranslator _translator = new();
    private readonly EventEncoder _encoder = new();
    private readonly InstrumentNames _names = new();
    private readonly Dictionary<FixDictionary, FixParser> _parsers = FixDictionaries.All.ToDictionary(dictionary => dictionary, dictionary => new FixParser(dictionary));
    private readonly byte[] _command = new byte[InboundTranslator.CommandLengthMax];
    private readonly byte[] _text = new byte[EventEncoder.MessageLengthMax];
    private readonly byte[] _copy = new byte[4096];
    private readonly FuzzTotals _totals;
    private long _position;
    private long _connection;

    /// <summary>Opens the venue.</summary>
    public FuzzVenue(FuzzTotals totals)
    {
        _totals = totals;
        Define("AAPL", 0);
        Define("MSFT", 1);
        Sessions = [.. FixDictionaries.All.Select((dictionary, index) => Join(dictionary, index))];
        Apply(CommandType.TermStarted, default(CommandHeader));
        Apply(CommandType.GatewayAttached, new GatewayCommand
        {
            Header = new CommandHeader { GatewayId = 1, GatewayIncarnation = Incarnation, SessionId = -1, LeadershipTerm = 1 },
            EgressStreamId = 1_001,
        });
    }

    /// <summary>The clients, one in each version.</summary>
    public IReadOnlyList<FuzzSession> Sessions { get; }

    /// <summary>Log time.</summary>
    public long NowNs { get; private set; } = StartNs;

    /// <summary>Whether a session is logged on.</summary>
    public bool IsLoggedOn(FuzzSession session) => _core.Sessions[session.Id].IsLoggedOn;

    /// <summary>Lets time pass.</summary>
    public void Wait(long ns) => NowNs += ns;

    /// <summary>Takes one message that the framer found on the connection of a session.</summary>
    public void Receive(FuzzSession session, ReadOnlySpan<byte> frame)
    {
        bool isBound = IsLoggedOn(session);
        if (!isBound && !IsLogonOf(session, frame))
        {
            return;
        }

        int length = _translator.Translate(frame, session.Profile, NowNs, _command);
        Span<byte> command = _command.AsSpan(0, length);
        ref FixCommandHeader header = ref MemoryMarshal.AsRef<FixCommandHeader>(command);
        if (!isBound)
        {
            if (header.Command.Type != CommandType.Logon)
            {
                return;
            }

            session.ConnectionId = ++_connection;
        }

        Stamp(ref header.Command, session, length);
        FuzzFailure.Unless(CommandValidation.IsAcceptableFromGateway(command), $"a command of type {header.Command.Type} would not be logged");
        FuzzFailure.Unless(header.Verdict == GatewayVerdict.Valid == (header.Command.Type != CommandType.InvalidMessage), "the verdict contradicts the type");
        _totals.Count(in header);
        ApplyBytes(command);
        _totals.Logons += !isBound && IsLoggedOn(session) ? 1 : 0;
    }

    /// <summary>A timer of a session's connection fires, or the connection is lost.</summary>
    public void Due(FuzzSession session, CommandType type)
    {
        ConnectionCommand command = default;
        command.Header.Type = type;
        command.Reason = ReasonCode.PeerSilent;
        Stamp(ref command.Header, session, ConnectionCommand.SizeBytes);
        Apply(type, command);
    }

    /// <summary>Parses and validates a frame in every way that there is.</summary>
    public void Inspect(FuzzSession session, ReadOnlySpan<byte> frame)
    {
        FixParser parser = _parsers[session.Dictionary];
        FixMessage message = parser.Parse(frame);
        FixFault strict = FixValidator.Validate(message);
        FixFault lax = FixValidator.Validate(parser.Parse(frame), ValidationSwitches.AllowUnknownTags | ValidationSwitches.AllowUserDefinedTags | ValidationSwitches.AllowEmptyValues);
        FixValidator.ValidateAsClient(parser.Parse(frame));
        FuzzFailure.Unless(!strict.IsValid || lax.IsValid, "what is valid is refused by a session that allows more");
        FuzzFailure.Unless(FixValidator.Validate(parser.Parse(frame)) == strict, "the same message is judged differently the second time");
    }

    /// <summary>Saves the core, loads it into another, and compares the two.</summary>
    public void CompareSnapshot()
    {
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        _core.TakeSnapshot(writer);
        writer.Complete();
        stream.Position = 0;
        using ExchangeCore other = new(_limits);
        other.LoadSnapshot(new SnapshotReader(stream));
        FuzzFailure.Unless(other.StateHash() == _core.StateHash(), "a core loaded from a snapshot differs");
        _totals.Snapshots++;
    }

    /// <summary>An instrument that can be traded.</summary>
    public static DefineInstrumentCommand Instrument(string symbol) => new()
    {
        Header = new CommandHeader { SessionId = -1 },
        Symbol = Text24.From(symbol),
        SecurityType = Text16.From("CS"),
        Currency = Text16.From("USD"),
        PriceTickE8 = FixedPoint.Scale / 100,
        QuantityStepE8 = FixedPoint.Scale,
        QuantityMaxE8 = 1_000_000 * FixedPoint.Scale,
        PriceMinE8 = FixedPoint.Scale / 100,
        PriceMaxE8 = 10_000 * FixedPoint.Scale,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _core.Dispose();
        _events.Dispose();
    }

    private bool IsLogonOf(FuzzSession session, ReadOnlySpan<byte> frame) =>
        _translator.TryReadLogon(frame, out LogonIdentity identity)
        && identity.BeginString.SequenceEqual(session.Dictionary.BeginStringBytes.Span)
        && identity.SenderCompId.SequenceEqual(System.Text.Encoding.ASCII.GetBytes(session.CompId));

    private void Stamp(ref CommandHeader header, FuzzSession session, int length)
    {
        header.Layout = CommandHeader.CurrentLayout;
        header.Length = length;
        header.LeadershipTerm = 1;
        header.GatewayIncarnation = Incarnation;
        header.ConnectionId = Math.Max(1, session.ConnectionId);
        header.GatewayId = 1;
        header.SessionId = session.Id;
        header.ReceivedNs = NowNs;
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
        CommandContext context = new(_position, 1, NowNs);
        _events.Clear();
        _core.Apply(in context, command, _events);
        long offset = 0;
        while (_events.TryRead(ref offset, out ReadOnlySpan<byte> record))
        {
            Check(record);
        }

        foreach (FuzzSession session in Sessions ?? [])
        {
            CheckNumbers(session);
        }
    }

    private void CheckNumbers(FuzzSession session)
    {
        (long nextIn, long nextOut) = (_core.Sessions[session.Id].NextIn, _core.Sessions[session.Id].NextOut);
        FuzzFailure.Unless(nextOut == session.NextOut, $"{session.CompId}: the next number out is {nextOut}, the last one sent makes it {session.NextOut}");
        FuzzFailure.Unless(session.WasReset ? nextIn is 1 or 2 : nextIn >= session.NextIn, $"{session.CompId}: the next number in went from {session.NextIn} to {nextIn}");
        session.NextIn = nextIn;
        session.WasReset = false;
    }

    private void Check(ReadOnlySpan<byte> record)
    {
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        _totals.Count(header.Type);
        if (header.SessionId < 0 || Sessions is null)
        {
            return;
        }

        FuzzSession session = Sessions[header.SessionId];
        if (header.Type == EventType.HistoryReset)
        {
            session.NextOut = 1;
            session.WasReset = true;
        }

        if (header.MsgSeqNum <= 0)
        {
            return;
        }

        FuzzFailure.Unless(header.MsgSeqNum == session.NextOut, $"{session.CompId}: {header.Type} has the number {header.MsgSeqNum}, expected {session.NextOut}");
        session.NextOut++;
        CheckText(record, session);
        if ((header.MsgSeqNum & 7) == 0)
        {
            record.CopyTo(_copy);
            ref EventHeader resent = ref MemoryMarshal.AsRef<EventHeader>(_copy.AsSpan());
            resent.Flags |= EventFlags.PossDup;
            resent.OrigSendingTimeNs = resent.SendingTimeNs;
            CheckText(_copy.AsSpan(0, record.Length), session);
        }
    }

    private void CheckText(ReadOnlySpan<byte> record, FuzzSession session)
    {
        int length = _encoder.Encode(record, session.Profile, _names, _text);
        ReadOnlySpan<byte> text = _text.AsSpan(0, length);
        FixFrame frame = FixFramer.Read(text);
        FuzzFailure.Unless(frame.Status == FrameStatus.Message && frame.Consumed == length, $"what the exchange says is no message: {Show(text)}");
        FixFault fault = FixValidator.ValidateAsClient(_parsers[session.Dictionary].Parse(text));
        FuzzFailure.Unless(fault.IsValid, $"what the exchange says is invalid ({fault.Reason}, tag {fault.RefTag}) in {session.Dictionary.Version}: {Show(text)}");
        _totals.Encoded++;
    }

    private static string Show(ReadOnlySpan<byte> text) => System.Text.Encoding.Latin1.GetString(text).Replace('\u0001', '|');

    private void Define(string symbol, int id)
    {
        DefineInstrumentCommand instrument = Instrument(symbol);
        _names.Set(id, in instrument);
        Apply(CommandType.DefineInstrument, instrument);
    }

    private FuzzSession Join(FixDictionary dictionary, int index)
    {
        string name = $"HFT{index + 1}";
        DefineParticipantCommand definition = new()
        {
            Header = new CommandHeader { SessionId = -1 },
            SenderCompId = Text40.From(name),
            TargetCompId = Text40.From("EXCH"),
            Username = Text40.From(name),
            Flags = ParticipantFlags.NoPassword,
            HeartBtIntMinSec = 1,
            HeartBtIntMaxSec = 60,
            CancelOnDisconnectGraceNs = 10_000_000_000,
            TimestampDecimals = index * 3,
            OpenOrdersMax = 1_000,
        };
        Apply(CommandType.DefineParticipant, definition);
        FuzzFailure.Unless(SessionProfile.TryCreate(dictionary, in definition, out SessionProfile? profile), "the participant has no profile");
        return new FuzzSession(index, name, dictionary, profile!);
    }
}
