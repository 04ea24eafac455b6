// Problem: whether the exchange did right can only be said by something that knows what is right and shares no code with it.
// Idea:    the same rules once more, as one would write them in an afternoon: dictionaries, sorted sets, texts. It reads the committed log
//          and says which FIX messages each client must get, byte for byte.
// Must hold: nothing here is shared with the core but the layout of the commands and the words of a refusal.
using System.Globalization;
using System.Runtime.InteropServices;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Simulation.Clients;

namespace Exchange.Simulation.Reference;

/// <summary>A naive exchange that replays the log.</summary>
internal sealed partial class ReferenceExchange
{
    private const char Soh = FixText.Soh;
    private readonly List<ReferenceSession> _sessions = [];
    private readonly Dictionary<int, long> _gateways = [];
    private long _term;
    private long _position;
    private long _timeNs;

    /// <summary>Creates an exchange without sessions.</summary>
    /// <param name="isTold">Whether a replay says what is said about orders, see <see cref="Tell"/>.</param>
    public ReferenceExchange(bool isTold) => _isTold = isTold;

    public IReadOnlyList<ReferenceSession> Sessions => _sessions;

    public void Apply(long position, long term, long timeNs, ReadOnlySpan<byte> command)
    {
        _position = position;
        _timeNs = timeNs;
        _command = command.ToArray();
        RunDeadlines();
        Dispatch(term, command);
        ApplyHeld();
        if (_isTold)
        {
            CheckTold();
        }
    }

    private void Dispatch(long term, ReadOnlySpan<byte> command)
    {
        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        switch (header.Type)
        {
            case CommandType.TermStarted:
                _term = term;
                _sessions.Where(static session => session.IsLoggedOn).ToList().ForEach(Unbind);
                _gateways.Clear();
                break;
            case CommandType.GatewayAttached:
                int attached = header.GatewayId;
                long life = header.GatewayIncarnation;
                _sessions.Where(session => session.IsLoggedOn && session.Binding.GatewayId == attached && session.Binding.Incarnation != life).ToList().ForEach(Unbind);
                _gateways[attached] = life;
                break;
            case CommandType.GatewayLost:
                int lost = header.GatewayId;
                long ended = header.GatewayIncarnation;
                _sessions.Where(session => session.IsLoggedOn && session.Binding.GatewayId == lost && session.Binding.Incarnation == ended).ToList().ForEach(Unbind);
                if (_gateways.GetValueOrDefault(lost) == ended)
                {
                    _gateways.Remove(lost);
                }

                break;
            case CommandType.DefineInstrument:
                Define(in MemoryMarshal.AsRef<DefineInstrumentCommand>(command));
                break;
            case CommandType.DefineParticipant:
                _sessions.Add(new ReferenceSession { Id = _sessions.Count, Definition = MemoryMarshal.AsRef<DefineParticipantCommand>(command) });
                break;
            case CommandType.News:
                News(in MemoryMarshal.AsRef<NewsCommand>(command));
                break;
            default:
                if (header.ConnectionId != 0)
                {
                    OfClient(in header, command);
                }

                break;
        }
    }

    private void OfClient(in CommandHeader header, ReadOnlySpan<byte> command)
    {
        switch (header.Type)
        {
            case CommandType.Logon:
                Logon(in MemoryMarshal.AsRef<LogonCommand>(command));
                break;
            case CommandType.ConnectionLost:
                if (Find(in header) is { } gone)
                {
                    Unbind(gone);
                }

                break;
            case CommandType.HeartbeatDue:
                if (Find(in header) is { } quiet)
                {
                    Heartbeat(quiet, "");
                }

                break;
            case CommandType.TestRequestDue:
                if (Find(in header) is { } silent)
                {
                    TestRequest(silent, isProbe: false);
                }

                break;
            case CommandType.LogoutDue:
                if (Find(in header) is { } due)
                {
                    LogoutDue(due, MemoryMarshal.AsRef<ConnectionCommand>(command).Reason);
                }

                break;
            case CommandType.InvalidMessage:
                Invalid(in MemoryMarshal.AsRef<FixCommandHeader>(command));
                break;
            default:
                if (Find(in header) is { } bound)
                {
                    OfSession(bound, in MemoryMarshal.AsRef<FixCommandHeader>(command), command);
                }

                break;
        }
    }

    private void OfSession(ReferenceSession session, in FixCommandHeader message, ReadOnlySpan<byte> command)
    {
        session.IsProbed = false;
        switch (message.Command.Type)
        {
            case CommandType.ResendRequest:
                ResendRequest(session, in MemoryMarshal.AsRef<RangeCommand>(command));
                return;
            case CommandType.SequenceReset:
                SequenceReset(session, in MemoryMarshal.AsRef<SequenceResetCommand>(command));
                return;
            case CommandType.Logout:
                Logout(session, in message);
                return;
            default:
                break;
        }

        if (!Admit(session, in message) || (_isTold && message.Command.Type is >= CommandType.NewOrder and <= CommandType.MassAction))
        {
            return;
        }

        switch (message.Command.Type)
        {
            case CommandType.Heartbeat:
                string answered = MemoryMarshal.AsRef<TestReqCommand>(command).TestReqId.ToString();
                if (session.TestReqId.Length > 0 && answered == session.TestReqId)
                {
                    Forget(session, session.TestReqSeqNum + 1);
                    session.TestReqId = "";
                    session.TestReqSeqNum = 0;
                }

                break;
            case CommandType.TestRequest:
                Heartbeat(session, MemoryMarshal.AsRef<TestReqCommand>(command).TestReqId.ToString());
                break;
            case CommandType.NewOrder:
                NewOrder(session, in MemoryMarshal.AsRef<NewOrderCommand>(command));
                break;
            case CommandType.CancelOrder:
                Cancel(session, in MemoryMarshal.AsRef<CancelOrderCommand>(command));
                break;
            case CommandType.ReplaceOrder:
                Replace(session, in MemoryMarshal.AsRef<ReplaceOrderCommand>(command));
                break;
            case CommandType.OrderStatus:
                Status(session, in MemoryMarshal.AsRef<OrderStatusCommand>(command));
                break;
            case CommandType.MassStatus:
                MassStatus(session, in MemoryMarshal.AsRef<MassOrderCommand>(command));
                break;
            case CommandType.MassCancel:
                MassCancel(session, in MemoryMarshal.AsRef<MassOrderCommand>(command));
                break;
            default:
                break;
        }
    }

    private void News(in NewsCommand command)
    {
        string content = System.Text.Encoding.ASCII.GetString(command.Content);
        string[] lines = content.Substring(command.HeadlineLength, command.TextLength).Split('\n');
        string text = string.Concat(lines.Select(static line => Field(58, line)));
        foreach (ReferenceSession session in _sessions.Where(static session => session.IsLoggedOn && !session.IsLogoutSent))
        {
            Emit(session, "B", $"{Field(42, Time(session))}{Field(61, (char)command.Urgency)}{Field(148, content[..command.HeadlineLength])}{Field(33, lines.Length)}{text}");
        }
    }

    private void RunDeadlines()
    {
        foreach (ReferenceSession session in _sessions)
        {
            if (session.LogoutDeadlineNs <= _timeNs)
            {
                Close(session);
            }

            if (session.CancelDeadlineNs <= _timeNs)
            {
                session.CancelDeadlineNs = long.MaxValue;
                session.Held.Clear();
                CancelOnDisconnect(session);
            }

            TakeTold(session);
        }
    }

    /// <summary>The session that a command may speak for: its connection must be the one that is bound, in this term.</summary>
    private ReferenceSession? Find(in CommandHeader header) =>
        header.LeadershipTerm == _term && header.SessionId >= 0 && header.SessionId < _sessions.Count && header.ConnectionId != 0
        && _sessions[header.SessionId].Binding == KeyOf(in header)
            ? _sessions[header.SessionId]
            : null;

    private static ConnectionKey KeyOf(in CommandHeader header) => new(header.GatewayId, header.GatewayIncarnation, header.ConnectionId);

    private ExpectedMessage Emit(ReferenceSession session, string type, string body, bool isPossResend = false)
    {
        TakeTold(session);
        return Add(session, type, body, isPossResend);
    }

    private ExpectedMessage Add(ReferenceSession session, string type, string body, bool isPossResend)
    {
        ExpectedMessage message = new()
        {
            Type = type,
            SeqNum = session.NextOut,
            Client = session.Client,
            SendingNs = _timeNs,
            Decimals = session.Definition.TimestampDecimals,
            Position = _position,
            Connection = session.Binding,
            IsPossResend = isPossResend,
            Body = body,
        };
        session.Sent.Add(message);
        return message;
    }

    private static string Words(ReasonCode reason, long value = 0, long limit = 0)
    {
        Span<byte> words = stackalloc byte[ReasonText.LengthMax];
        int length = ReasonText.Write(reason, value, limit, words);
        return length == 0 ? "" : $"58={System.Text.Encoding.Latin1.GetString(words[..length])}{Soh}";
    }

    private string Time(ReferenceSession session) => FixText.Timestamp(_timeNs, session.Definition.TimestampDecimals);

    private static string Field(int tag, string value) => value.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{tag}={value}{Soh}");

    private static string Field(int tag, char value) => value == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{tag}={value}{Soh}");

    private static string Field(int tag, long value) => string.Create(CultureInfo.InvariantCulture, $"{tag}={value}{Soh}");

    private static string Amount(int tag, long valueE8) => string.Create(CultureInfo.InvariantCulture, $"{tag}={((decimal)valueE8 / FixedPoint.Scale).ToString("0.########", CultureInfo.InvariantCulture)}{Soh}");

    private static string AmountIfAny(int tag, long valueE8) => FixedPoint.IsNumber(valueE8) ? Amount(tag, valueE8) : "";
}
