// Problem: a cluster that lies does not crash. Idea: somebody who sees everything compares what was committed with what everybody said:
// the members' logs with each other, their states with a replay, and each byte that a client got with what the reference exchange owes it.
// Must hold: it only looks. A check that fires names itself, so that a planted bug can be matched with the check that is to find it.
using System.Globalization;
using System.Runtime.InteropServices;
using Exchange.Cluster;
using Exchange.Core;
using Exchange.Log;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Members;
using Exchange.Simulation.Reference;
using Exchange.Simulation.Rules;

namespace Exchange.Simulation.Audit;

/// <summary>Checks a run while it happens and at its end.</summary>
internal sealed partial class Auditor : IClientObserver, IDisposable
{
    private readonly SimulatedWorld _world;
    private readonly ReferenceExchange _reference;
    private readonly ExchangeCore _golden;
    private readonly IStateMachine _replay;
    private readonly EventBuffer _events = new();
    private readonly List<CommittedEntry> _committed = [];
    private readonly Dictionary<long, int> _indexByPosition = [];
    private readonly Dictionary<long, ulong> _eventHashes = [];
    private readonly Dictionary<long, int> _leaders = [];
    private readonly List<ClientRecord> _clients = [];
    private readonly SortedDictionary<long, long> _sentAt = [];
    private readonly Dictionary<long, long> _heardAt = [];

    /// <summary>Creates an auditor.</summary>
    /// <param name="world">The world.</param>
    /// <param name="factory">Makes the core of the replay.</param>
    /// <param name="wrong">Puts a planted bug around that core; null for none.</param>
    /// <param name="hasRules">Whether all trading rules are in use, see <see cref="RuleBook"/>.</param>
    public Auditor(SimulatedWorld world, Func<ExchangeCore> factory, Func<ExchangeCore, IStateMachine>? wrong, bool hasRules)
    {
        _world = world;
        _reference = new ReferenceExchange(hasRules);
        _rules = hasRules ? new RuleBook() : null;
        _golden = factory();
        _replay = wrong is null ? _golden : wrong(_golden);
        _eventHashes[0] = _golden.EventHash;
    }

    public ReferenceExchange Reference => _reference;

    /// <summary>Entries committed.</summary>
    public long CommitCount => _committed.Count;

    public long CommittedPosition => _committed.Count == 0 ? 0 : _committed[^1].EndPosition;

    /// <summary>Messages of clients compared.</summary>
    public long MessagesChecked { get; private set; }

    public int TermsLed => _leaders.Count;

    public void Watch(FixClient client) => _clients.Add(new ClientRecord(client));

    /// <summary>Looks at a member after each of its turns.</summary>
    /// <param name="member">The member.</param>
    /// <param name="seen">How far its log has been looked at in this life; moves on.</param>
    public void OnTurn(IMemberUnderTest member, ref long seen)
    {
        if (member.IsLeader && _leaders.TryAdd(member.Term, member.Id))
        {
            _world.Tell($"member {member.Id} leads term {member.Term}");
        }
        else if (member.IsLeader && _leaders[member.Term] != member.Id)
        {
            throw Failed("one leader a term", $"member {member.Id} leads term {member.Term}, and member {_leaders[member.Term]} led it too");
        }

        NoteHeld(member);
        if (member.CommitPosition > seen)
        {
            if (member.IsLeader && _leading.TryGetValue(member.Id, out (long Term, IMemberUnderTest Life) led) && led == (member.Term, member))
            {
                CheckCommit(member);
            }

            Compare(member, ref seen);
        }

        CheckConfiguration(member);
        if (member.IsLeader)
        {
            _leading[member.Id] = (member.Term, member);
        }
        else
        {
            _leading.Remove(member.Id);
        }

        if (member.Core is { } core && _eventHashes.TryGetValue(member.AppliedPosition, out ulong hash) && core.EventHash != hash)
        {
            throw Failed("equal states", $"member {member.Id} has event hash {core.EventHash:x16} at {member.AppliedPosition}, a replay {hash:x16}");
        }

        if (member.Core is not null && member.AppliedPosition > CommittedPosition)
        {
            throw Failed("commit", $"member {member.Id} has applied {member.AppliedPosition}, committed is {CommittedPosition}");
        }

        CompareAccounts(member);
    }

    public void Dispose()
    {
        _golden.Dispose();
        _events.Dispose();
    }

    private void Compare(IMemberUnderTest member, ref long seen)
    {
        using LogReader reader = member.Log.OpenReader(Math.Max(seen, member.Log.StartPosition));
        while (reader.Position < member.CommitPosition && reader.TryRead(out LogEntry entry))
        {
            CommittedEntry found = new(entry.Position, entry.EndPosition, entry.Type, entry.Term, entry.TimestampNs, SnapshotHash.Add(SnapshotHash.Seed, entry.Payload));
            seen = entry.EndPosition;
            if (_indexByPosition.TryGetValue(entry.Position, out int index))
            {
                if (_committed[index] != found)
                {
                    throw Failed("committed prefix", $"member {member.Id} has {found} as committed, but {_committed[index]} was committed there before");
                }

                continue;
            }

            if (entry.Position < CommittedPosition)
            {
                throw Failed("committed prefix", $"member {member.Id} has an entry at {entry.Position}, inside of what was committed as another");
            }

            if (_committed.Count > 0 && (entry.Term < _committed[^1].Term || entry.TimestampNs < _committed[^1].TimestampNs))
            {
                throw Failed("log order", $"{found} follows {_committed[^1]}");
            }

            _indexByPosition.Add(entry.Position, _committed.Count);
            _committed.Add(found);
            Commit(entry);
        }
    }

    private void Commit(in LogEntry entry)
    {
        _world.Trace.Add(entry.EndPosition);
        if (entry.Type == LogEntryTypes.Command)
        {
            NoteOrigin(entry);
            CommandContext context = new(entry.EndPosition, entry.Term, entry.TimestampNs);
            if (_rules is not null)
            {
                ApplyByRules(context, entry.Payload);
            }
            else
            {
                _reference.Apply(entry.EndPosition, entry.Term, entry.TimestampNs, entry.Payload);
                _replay.Apply(in context, entry.Payload, _events);
            }

            _events.Clear();
        }

        if (entry.Type == LogEntryTypes.Configuration)
        {
            NoteConfiguration(entry);
        }

        _eventHashes[entry.EndPosition] = _golden.EventHash;
    }

    // Each command of a client in the log was sent by that client, in these words.
    private void NoteOrigin(in LogEntry entry)
    {
        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(entry.Payload);
        string type = header.Type switch
        {
            CommandType.NewOrder => "D",
            CommandType.CancelOrder => "F",
            CommandType.ReplaceOrder => "G",
            CommandType.MassStatus => "AF",
            CommandType.MassCancel => "q",
            _ => "",
        };
        if (type.Length == 0)
        {
            return;
        }

        string id = type switch
        {
            "D" => MemoryMarshal.AsRef<NewOrderCommand>(entry.Payload).ClOrdId.ToString(),
            "F" => MemoryMarshal.AsRef<CancelOrderCommand>(entry.Payload).ClOrdId.ToString(),
            "G" => MemoryMarshal.AsRef<ReplaceOrderCommand>(entry.Payload).ClOrdId.ToString(),
            _ => MemoryMarshal.AsRef<MassOrderCommand>(entry.Payload).RequestId.ToString(),
        };
        long number = MemoryMarshal.AsRef<FixCommandHeader>(entry.Payload).MsgSeqNum;
        if (header.SessionId >= _clients.Count || !_clients[header.SessionId].Sent.TryGetValue((type, id, number), out SentMessage? sent))
        {
            throw Failed("origin", $"the log has {type} {id} with number {number} of session {header.SessionId} at {entry.Position}, which that client never sent");
        }

        if (!Agrees(entry.Payload, type, sent.Body))
        {
            throw Failed("origin", $"the log has {type} {id} at {entry.Position} with other terms than were sent: {FixText.Show(sent.Body)}");
        }

        _sentAt[entry.EndPosition] = sent.SentNs;
    }

    private static bool Agrees(ReadOnlySpan<byte> payload, string type, string body)
    {
        string[] fields = body.Split(FixText.Soh);
        string Value(string tag) => Array.Find(fields, field => field.StartsWith(tag + "=", StringComparison.Ordinal))?[(tag.Length + 1)..] ?? "";
        long E8(string tag) => Value(tag).Length == 0 ? Exchange.Protocol.FixedPoint.Absent : (long)(decimal.Parse(Value(tag), CultureInfo.InvariantCulture) * 100_000_000m);
        long OrNone(string tag) => Math.Max(0, E8(tag));
        switch (type)
        {
            case "D":
                ref readonly NewOrderCommand order = ref MemoryMarshal.AsRef<NewOrderCommand>(payload);
                return order.Symbol.ToString() == Value("55") && order.QuantityE8 == E8("38") && order.PriceE8 == E8("44") && ((char)order.Side).ToString() == Value("54")
                    && order.StopPriceE8 == OrNone("99") && order.DisplayQuantityE8 == OrNone("111") && order.MinQuantityE8 == OrNone("110");
            case "F":
                return MemoryMarshal.AsRef<CancelOrderCommand>(payload).OrigClOrdId.ToString() == Value("41");
            case "AF" or "q":
                ref readonly MassOrderCommand mass = ref MemoryMarshal.AsRef<MassOrderCommand>(payload);
                return mass.Symbol.ToString() == Value("55") && ((char)mass.Scope).ToString() == Value(type == "q" ? "530" : "585");
            default:
                ref readonly ReplaceOrderCommand replace = ref MemoryMarshal.AsRef<ReplaceOrderCommand>(payload);
                return replace.OrigClOrdId.ToString() == Value("41") && replace.QuantityE8 == E8("38") && replace.PriceE8 == E8("44");
        }
    }

    private SimulationFailedException Failed(string check, string message) => new(check, $"at {_world.NowNs / 1e6:F3} ms: {message}");
}
