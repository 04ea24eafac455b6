// What clients heard, compared with what they were owed.
using Exchange.Simulation.Clients;
using Exchange.Simulation.Reference;

namespace Exchange.Simulation.Audit;

internal sealed partial class Auditor
{
    private readonly Dictionary<string, List<(string ExecId, string Side, string Quantity, string Price)>> _matches = [];

    public void OnSent(FixClient client, SentMessage message) =>
        _clients[client.Profile.SessionId].Sent[(message.Type, message.ClOrdId, message.SeqNum)] = message;

    public void OnOffence(FixClient client, string check, string what) => throw Failed(check, $"{client.Profile.CompId}: {what}");

    public void OnReceived(FixClient client, FixMessage message)
    {
        MessagesChecked++;
        ClientRecord record = _clients[client.Profile.SessionId];
        ReferenceSession session = _reference.Sessions[client.Profile.SessionId];
        ConnectionKey connection = client.Socket?.Tag is ConnectionKey key ? key : default;
        if (message.Type == "A" && message[141] == "Y" && !message.IsPossDup)
        {
            EnterEpoch(record, session, message, connection);
        }

        List<ExpectedMessage> owed = session.Epochs[record.Epoch];
        if (message.IsPossDup)
        {
            CheckAgain(record, session, owed, message, connection);
            return;
        }

        if (message.SeqNum < 1 || message.SeqNum > owed.Count)
        {
            throw Failed("commit", $"{client.Profile.CompId} got what nothing in the committed log has caused: {message}");
        }

        ExpectedMessage expected = owed[(int)message.SeqNum - 1];
        if (expected.Live != message.Text)
        {
            throw Failed("bytes", $"{client.Profile.CompId} got\n  {message}\nbut was owed\n  {FixText.Show(expected.Live)}");
        }

        if (expected.Connection != connection)
        {
            throw Failed("mute", $"{client.Profile.CompId} got on {connection} what was caused for {expected.Connection}: {message}");
        }

        bool isFirst = record.Connection != connection || (message.Type == "A" && message[141] == "Y");
        if (!isFirst && message.SeqNum != record.LastLive + 1)
        {
            throw Failed("numbers", $"{client.Profile.CompId} got number {message.SeqNum} behind {record.LastLive} on one connection: {message}");
        }

        record.Connection = connection;
        record.LastLive = message.SeqNum;
        _heardAt.TryAdd(expected.Position, _world.NowNs);
        NoteTrade(message);
    }

    /// <summary>Whether clients and exchange agree about the next numbers in both directions, so that nothing is under way.</summary>
    public bool AreNumbersEqual => _reference.Sessions.Count == _clients.Count && _clients.TrueForAll(record =>
        _reference.Sessions[record.Client.Profile.SessionId] is var session && record.Client.NextIn == session.NextOut && record.Client.NextOut == session.NextIn);

    /// <summary>All that can only be said when everything has come to rest.</summary>
    public void CheckEnd(IReadOnlyList<Members.IMemberUnderTest> members)
    {
        foreach (ClientRecord record in _clients)
        {
            CheckClient(record, _reference.Sessions[record.Client.Profile.SessionId]);
        }

        CheckPositions();
        CheckMatches();
        CheckRealTime();
        CheckMembers(members);
    }

    private void EnterEpoch(ClientRecord record, ReferenceSession session, FixMessage message, ConnectionKey connection)
    {
        for (int epoch = record.Epoch + 1; epoch < session.Epochs.Count; epoch++)
        {
            if (session.Epochs[epoch].Count > 0 && session.Epochs[epoch][0].Live == message.Text && session.Epochs[epoch][0].Connection == connection)
            {
                record.Epoch = epoch;
                return;
            }
        }

        throw Failed("commit", $"{record.Client.Profile.CompId} got a reset that nothing in the committed log has caused: {message}");
    }

    private void CheckAgain(ClientRecord record, ReferenceSession session, List<ExpectedMessage> owed, FixMessage message, ConnectionKey connection)
    {
        string time = message[52]!;
        long last = message.Type == "4" ? message.Number(36) - 1 : message.SeqNum;
        bool isAsked = record.Epoch == session.Epochs.Count - 1 && session.Resends.Exists(resend =>
            resend.Connection == connection && resend.Begin <= message.SeqNum && last <= resend.End && FixText.Timestamp(resend.SendingNs, session.Definition.TimestampDecimals) == time);
        if (record.Epoch == session.Epochs.Count - 1 && !isAsked)
        {
            throw Failed("resend", $"{record.Client.Profile.CompId} got again what it had not asked for: {message}");
        }

        if (last > owed.Count)
        {
            throw Failed("commit", $"{record.Client.Profile.CompId} got again what was never sent: {message}");
        }

        if (message.Type == "4")
        {
            for (long number = message.SeqNum; number <= last; number++)
            {
                if (!owed[(int)number - 1].IsAdmin)
                {
                    throw Failed("resend", $"{record.Client.Profile.CompId} got a gap fill over {FixText.Show(owed[(int)number - 1].Live)}: {message}");
                }
            }

            return;
        }

        ExpectedMessage expected = owed[(int)message.SeqNum - 1];
        if (expected.Again(time) != message.Text)
        {
            throw Failed("resend", $"{record.Client.Profile.CompId} got again\n  {message}\nbut was owed\n  {FixText.Show(expected.Again(time))}");
        }

        _heardAt.TryAdd(expected.Position, _world.NowNs);
        NoteTrade(message);
    }

    private void NoteTrade(FixMessage message)
    {
        if (message[150] != "F")
        {
            return;
        }

        if (!_matches.TryGetValue(message[527]!, out List<(string ExecId, string Side, string Quantity, string Price)>? sides))
        {
            sides = [];
            _matches.Add(message[527]!, sides);
        }

        if (!sides.Exists(side => side.ExecId == message[17]))
        {
            sides.Add((message[17]!, message[54]!, message[32]!, message[31]!));
        }
    }

    private void CheckClient(ClientRecord record, ReferenceSession session)
    {
        FixClient client = record.Client;
        string who = client.Profile.CompId;
        if (record.Epoch != session.Epochs.Count - 1 || client.NextIn != session.NextOut || client.NextOut != session.NextIn)
        {
            throw Failed("numbers", $"{who} expects {client.NextIn} and sends {client.NextOut} (numbering {record.Epoch}), the exchange sends {session.NextOut} and expects {session.NextIn} (numbering {session.Epochs.Count - 1})");
        }

        if (!client.Trader.Executions.SetEquals(session.Executions))
        {
            string missing = string.Join(' ', session.Executions.Except(client.Trader.Executions).Take(5));
            string extra = string.Join(' ', client.Trader.Executions.Except(session.Executions).Take(5));
            throw Failed("executions", $"{who} was never told of executions {missing}; and was told of {extra}, which are not its own");
        }

        foreach ((string symbol, decimal position) in session.Positions)
        {
            if (client.Trader.Positions.GetValueOrDefault(symbol) != position)
            {
                throw Failed("positions", $"{who} counts {client.Trader.Positions.GetValueOrDefault(symbol)} {symbol}, the exchange {position}");
            }
        }

        IEnumerable<long> ids = _rules is null
            ? _reference.OpenOrders.Where(order => order.SessionId == session.Id).Select(static order => order.Id)
            : _rules.Open.Where(order => order.Session.Id == session.Id).Select(static order => order.Id);
        HashSet<string> open = [.. ids.Select(static id => id.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        if (!open.SetEquals(client.Trader.OpenOrderIds))
        {
            throw Failed("open orders", $"{who} takes {string.Join(' ', client.Trader.OpenOrderIds.Except(open).Take(5))} to be open, which are not, and does not know of {string.Join(' ', open.Except(client.Trader.OpenOrderIds).Take(5))}");
        }
    }

    private void CheckPositions()
    {
        foreach (IGrouping<string, KeyValuePair<string, decimal>> symbol in _clients.SelectMany(static record => record.Client.Trader.Positions).GroupBy(static position => position.Key))
        {
            if (symbol.Sum(static position => position.Value) is var sum && sum != 0)
            {
                throw Failed("positions", $"the clients' positions in {symbol.Key} sum to {sum}");
            }
        }
    }

    private void CheckMatches()
    {
        foreach ((string match, List<(string ExecId, string Side, string Quantity, string Price)> sides) in _matches)
        {
            bool isSound = sides.Count == 2 && sides[0].Side != sides[1].Side && sides[0].Quantity == sides[1].Quantity && sides[0].Price == sides[1].Price;
            if (!isSound)
            {
                throw Failed("matches", $"match {match} was told as {string.Join(", ", sides)}");
            }
        }
    }

    // Whoever heard the answer to one request before another was sent must find them in that order in the log.
    private void CheckRealTime()
    {
        long latestSentNs = 0;
        long latestPosition = 0;
        foreach ((long position, long sentNs) in _sentAt)
        {
            if (_heardAt.TryGetValue(position, out long heardNs) && latestSentNs > heardNs)
            {
                throw Failed("real time", $"the request at {latestPosition} was sent {latestSentNs - heardNs} ns after the answer to that at {position} was heard, but is before it in the log");
            }

            if (sentNs > latestSentNs)
            {
                (latestSentNs, latestPosition) = (sentNs, position);
            }
        }
    }

    private void CheckMembers(IReadOnlyList<Members.IMemberUnderTest> members)
    {
        foreach (Members.IMemberUnderTest member in members)
        {
            if (member.CommitPosition != CommittedPosition)
            {
                throw Failed("liveness", $"member {member.Id} has committed {member.CommitPosition}, the cluster {CommittedPosition}");
            }

            if (_rules is not null && member.Core is { } last)
            {
                CompareAccounts(member.Id, last);
            }

            if (member.Core is { } core && (member.AppliedPosition != CommittedPosition || core.StateHash() != _golden.StateHash()))
            {
                throw Failed("equal states", $"member {member.Id} has state {core.StateHash():x16} at {member.AppliedPosition}, a replay {_golden.StateHash():x16} at {CommittedPosition}");
            }
        }
    }
}
