using System.Buffers;
using System.Text.Json;
using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Admin;

/// <summary>
/// Answers operators, on the member's thread: rare and small, so it may allocate. What takes time goes on over several turns and tells
/// its progress. Every refusal is one line that says what to do.
/// </summary>
internal sealed class AdminDesk
{
    private readonly MemberNode _node;
    private readonly MemberOptions _options;
    private readonly MemberParts _parts;
    private readonly StatusReport _status;
    private readonly Preflight _preflight;
    private readonly PendingChanges _changes = new();
    private Switchover? _switchover;

    /// <summary>Creates the desk of a member.</summary>
    public AdminDesk(MemberNode node, MemberOptions options, MemberParts parts)
    {
        _node = node;
        _options = options;
        _parts = parts;
        _status = new StatusReport(node, options, parts);
        _preflight = new Preflight(node, options, parts);
    }

    /// <summary>Takes a request; what cannot be answered at once is answered from <see cref="DoWork"/>.</summary>
    public void OnRequest(long connection, ReadOnlySpan<byte> utf8Json, long nowNs)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8Json.ToArray());
            Dispatch(connection, document.RootElement, nowNs);
        }
        catch (JsonException e)
        {
            Refuse(connection, $"the request is no JSON object: {e.Message}");
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            Refuse(connection, $"the request does not fit: {e.Message}");
        }
    }

    /// <summary>Goes on with what is under way.</summary>
    public int DoWork(long nowNs)
    {
        int work = 0;
        if (_switchover is not null)
        {
            work++;
            if (_switchover.Advance(nowNs))
            {
                _switchover = null;
            }
        }

        return _changes.Count == 0 ? work : work + AnswerChanges(nowNs);
    }

    private int AnswerChanges(long nowNs)
    {
        int work = AnswerConfirmed();
        for (; _changes.TryTakeOverdue(nowNs, out long connection); work++)
        {
            Refuse(connection, "the change was not confirmed by a majority in time; look at `exchange ctl status` before trying again");
        }

        return work;
    }

    private int AnswerConfirmed()
    {
        int answered = 0;
        for (; _changes.TryTakeConfirmed(_node.Raft.CommitPosition, out long connection, out long position); answered++)
        {
            AnswerPosition(connection, position);
        }

        return answered;
    }

    // A method of its own, because the closure in it would be made in each turn otherwise.
    private void AnswerPosition(long connection, long position) => Answer(connection, json => json.WriteNumber("position", position));

    /// <summary>This member leads no more: a switchover has succeeded, or is over, and a change that is not committed by now may be given up by others.</summary>
    public void OnLeadershipLost(long nowNs)
    {
        _switchover?.OnLeadershipLost(nowNs);
        _ = AnswerConfirmed();
        while (_changes.TryTakeAny(out long connection))
        {
            Refuse(connection, "the lead was lost before the change was confirmed by a majority; look at `exchange ctl status` before trying again");
        }
    }

    /// <summary>Sends an answer with more properties.</summary>
    public void Answer(long connection, Action<Utf8JsonWriter> properties) => Send(connection, isLast: true, json =>
    {
        json.WriteBoolean("ok", true);
        properties(json);
    });

    /// <summary>Refuses in one line.</summary>
    public void Refuse(long connection, string error) => Send(connection, isLast: true, json =>
    {
        json.WriteBoolean("ok", false);
        json.WriteString("error", error);
    });

    /// <summary>Tells how far something is.</summary>
    public void Progress(long connection, string text) => Send(connection, isLast: false, json => json.WriteString("progress", text));

    private void Dispatch(long connection, JsonElement request, long nowNs)
    {
        string verb = request.GetProperty("verb").GetString() ?? string.Empty;
        switch (verb)
        {
            case "status":
                Answer(connection, _status.Write);
                return;
            case "preflight":
                Answer(connection, json => _preflight.Write(json, Number(request, "to")));
                return;
            case "session-list":
                Answer(connection, json => _node.Machine.TryDescribe("sessions", json));
                return;
            case "participant-list":
                Answer(connection, json => _node.Machine.TryDescribe("participants", json));
                return;
            case "describe":
                Describe(connection, request.GetProperty("topic").GetString() ?? string.Empty);
                return;
            case "promote":
                Promote(connection, request);
                return;
            default:
                break;
        }

        if (!_node.IsServing)
        {
            Refuse(connection, _node.Raft.LeaderId is var leader and not 0 ? $"member {_options.Id} does not lead, member {leader} does" : $"member {_options.Id} does not lead, and knows no leader");
            return;
        }

        if (!_changes.HasRoom)
        {
            Refuse(connection, $"{PendingChanges.CountMax} changes wait to be confirmed by a majority; nothing was changed by this request, try again");
            return;
        }

        DispatchLeader(connection, verb, request, nowNs);
    }

    private void DispatchLeader(long connection, string verb, JsonElement request, long nowNs)
    {
        switch (verb)
        {
            case "switchover":
                StartSwitchover(connection, Number(request, "to"), nowNs);
                break;
            case "snapshot":
                long position = _node.Leader.AppendSnapshotMark();
                _changes.Add(connection, position, nowNs);
                break;
            case "member-add":
                Change(connection, MemberRequests.Add(_node.Raft.Configuration, request), nowNs);
                break;
            case "member-remove":
                Change(connection, MemberRequests.Remove(_node.Raft.Configuration, Number(request, "id"), _options.Id), nowNs);
                break;
            case "session-reset" or "session-set-sequence" or "session-logout" or "participant-enable" or "participant-disable":
                _changes.Add(connection, SessionRequests.Append(_node.Sequencer, verb, request), nowNs);
                break;
            case "participant-define":
                _changes.Add(connection, ParticipantRequests.Append(_node.Sequencer, request), nowNs);
                break;
            case "operate":
                _changes.Add(connection, OperatorRequests.Append(_node.Sequencer, request), nowNs);
                break;
            case "news":
                _changes.Add(connection, NewsRequests.Append(_node.Sequencer, request), nowNs);
                break;
            default:
                Refuse(connection, $"'{verb}' is no verb of a member");
                break;
        }
    }

    private void Describe(long connection, string topic)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            bool isKnown = _node.Machine.TryDescribe(topic, json);
            json.WriteBoolean("ok", isKnown);
            if (!isKnown)
            {
                json.WriteString("error", $"'{topic}' is nothing that a member can tell about");
            }

            json.WriteEndObject();
        }

        _parts.Transport.Answer(connection, buffer.WrittenSpan, isLast: true);
    }

    private void StartSwitchover(long connection, int to, long nowNs)
    {
        if (_switchover is not null)
        {
            Refuse(connection, "a switchover is under way already");
            return;
        }

        if (_preflight.FirstUnmet(ref to) is { } unmet)
        {
            Refuse(connection, unmet);
            return;
        }

        _switchover = new Switchover(this, _node, _parts.Log, connection, to, nowNs);
    }

    private void Change(long connection, ClusterConfiguration next, long nowNs)
    {
        if (!_node.Raft.TryChange(next, out string refusal))
        {
            Refuse(connection, refusal);
            return;
        }

        _changes.Add(connection, _parts.Log.AppendPosition, nowNs);
    }

    private void Promote(long connection, JsonElement request)
    {
        long term = request.GetProperty("term").GetInt64();
        if (_node.Raft.IsLeader)
        {
            Refuse(connection, $"member {_options.Id} leads already");
        }
        else if (_node.Kind == MemberKind.Witness)
        {
            Refuse(connection, "a witness has no state and cannot be promoted");
        }
        else if (term != _node.Raft.Term)
        {
            Refuse(connection, $"member {_options.Id} is at term {_node.Raft.Term}, not {term}: name the term that is to be superseded, as `exchange ctl status` shows it");
        }
        else if (FirstAnswering() is { } other)
        {
            Refuse(connection, $"member {other} is connected: promotion by force is for when every other member is known to be powered off; use `exchange ctl switchover`");
        }
        else
        {
            _options.Log($"WARNING: an operator promotes this member by force, superseding term {term}");
            _node.Raft.ForceAlone(term + 1);
            Answer(connection, json => json.WriteNumber("term", _node.Raft.Term));
        }
    }

    private int? FirstAnswering()
    {
        foreach (ClusterMember member in _node.Raft.Configuration.Members)
        {
            if (member.Id != _options.Id && member.IsVoter && _parts.Transport.IsConnected(member.Id))
            {
                return member.Id;
            }
        }

        return null;
    }

    private void Send(long connection, bool isLast, Action<Utf8JsonWriter> properties)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            properties(json);
            json.WriteEndObject();
        }

        _parts.Transport.Answer(connection, buffer.WrittenSpan, isLast);
    }

    private static int Number(JsonElement request, string name) => request.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : 0;
}
