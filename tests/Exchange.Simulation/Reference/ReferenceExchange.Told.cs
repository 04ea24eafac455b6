// Where all trading rules are in use, what is said about orders is not worked out here: a replay of the log says it, and whether it may say so is
// checked by the rule book. Numbers, connections and everything of a session are still this model's own, so each of the replay's messages must
// come under the number, and to the connection, at which this model stands.
using System.Runtime.InteropServices;
using Exchange.Fix.Dictionary;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Reference;

internal sealed partial class ReferenceExchange
{
    private static readonly FixDictionary s_dictionary = FixDictionaries.All.Single(static one => one.Version == FixText.BeginString);
    private static readonly HashSet<string> s_header = ["8", "9", "35", "34", "43", "49", "52", "56", "97", "122", "10"];
    private readonly bool _isTold;
    private readonly EventEncoder _encoder = new();
    private readonly InstrumentNames _names = new();
    private readonly byte[] _text = new byte[EventEncoder.MessageLengthMax];

    /// <summary>Takes one event of the replay, before the command that caused it is applied here.</summary>
    public void Tell(ReadOnlySpan<byte> record)
    {
        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        if (header.Type == EventType.HistoryReset)
        {
            _sessions[header.SessionId].Told.Enqueue(new ToldMessage(0, default, "", "", false));
            return;
        }

        if (header.Type is not (EventType.BusinessReject or (>= EventType.ExecutionReport and <= EventType.TradingSessionStatus) or EventType.MassQuoteAck or EventType.MassActionReport))
        {
            return;
        }

        ReferenceSession session = _sessions[header.SessionId];
        session.Profile ??= ProfileOf(session);
        int length = _encoder.Encode(record, session.Profile, _names, _text);
        string[] fields = System.Text.Encoding.Latin1.GetString(_text, 0, length).Split(Soh, StringSplitOptions.RemoveEmptyEntries);
        string type = Array.Find(fields, static field => field.StartsWith("35=", StringComparison.Ordinal))![3..];
        string body = string.Concat(fields.Where(static field => !s_header.Contains(field[..field.IndexOf('=', StringComparison.Ordinal)])).Select(static field => field + Soh));
        bool isPossResend = (header.Flags & EventFlags.PossResend) != 0;
        session.Told.Enqueue(new ToldMessage(header.MsgSeqNum, KeyOf(in header), type, body, isPossResend));
        if (header.Type == EventType.ExecutionReport && !isPossResend)
        {
            NoteTrade(session, in MemoryMarshal.AsRef<ExecutionReportEvent>(record));
        }
    }

    private void NoteTrade(ReferenceSession session, in ExecutionReportEvent report)
    {
        if (report.ExecType == ExecType.Trade)
        {
            string symbol = System.Text.Encoding.Latin1.GetString(_names.Symbol(report.InstrumentId));
            _lastMatchId = Math.Max(_lastMatchId, report.MatchId);
            session.Executions.Add(report.ExecId.ToString(System.Globalization.CultureInfo.InvariantCulture));
            decimal signed = (report.Side == Side.Buy ? report.LastQtyE8 : -report.LastQtyE8) / (decimal)FixedPoint.Scale;
            session.Positions[symbol] = session.Positions.GetValueOrDefault(symbol) + signed;
        }
    }

    /// <summary>What the replay has said to a session, as far as its numbers and its connection fit.</summary>
    private static void TakeTold(ReferenceSession session, Func<ReferenceSession, ToldMessage, ExpectedMessage> add)
    {
        while (session.Told.TryPeek(out ToldMessage? told) && told.SeqNum == session.NextOut && told.Connection == session.Binding)
        {
            add(session, session.Told.Dequeue());
        }
    }

    private void TakeTold(ReferenceSession session)
    {
        if (_isTold)
        {
            TakeTold(session, (to, told) => Add(to, told.Type, told.Body, told.IsPossResend));
        }
    }

    private void EndNumbering(ReferenceSession session)
    {
        TakeTold(session);
        if (_isTold && (!session.Told.TryDequeue(out ToldMessage? end) || end.SeqNum != 0))
        {
            throw new SimulationFailedException("numbers", $"{session.Client}'s numbers restart at {_position}, but a replay has {end} there");
        }
    }

    // All that the replay has said must have found its place.
    private void CheckTold()
    {
        foreach (ReferenceSession session in _sessions)
        {
            TakeTold(session);
            if (session.Told.TryPeek(out ToldMessage? told))
            {
                throw new SimulationFailedException(
                    "numbers", $"at {_position} a replay sends {session.Client} number {told.SeqNum} on {told.Connection}, where the next is {session.NextOut} on {session.Binding}: {told.Type} {FixText.Show(told.Body)}");
            }
        }
    }

    private static SessionProfile ProfileOf(ReferenceSession session) =>
        SessionProfile.TryCreate(s_dictionary, session.Definition, out SessionProfile? profile) ? profile : throw new InvalidOperationException($"{session.Client} has no profile");

    private static ConnectionKey KeyOf(in EventHeader header) =>
        header.ConnectionId == 0 ? default : new ConnectionKey(header.GatewayId, header.GatewayIncarnation, header.ConnectionId);
}
