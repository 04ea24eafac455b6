using System.Runtime.CompilerServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

/// <summary>All sessions by id. Ids are given out from 0 in log order and never reused.</summary>
internal sealed class SessionTable : IDisposable
{
    /// <summary>Most sessions of a venue.</summary>
    public const int CountMax = Limits.SessionCountMax;

    private Session[] _sessions = new Session[16];

    /// <summary>Number of sessions.</summary>
    public int Count { get; private set; }

    /// <summary>The session with that id, which must exist.</summary>
    public Session this[int id]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Invariant.Require(Contains(id));
            return _sessions[id];
        }
    }

    /// <summary>Whether there is a session with that id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int id) => unchecked((uint)id < (uint)Count);

    /// <summary>Adds a session with the next id.</summary>
    public Session Add(in DefineParticipantCommand definition)
    {
        Invariant.Require(Count < CountMax);
        if (Count == _sessions.Length)
        {
            Array.Resize(ref _sessions, Count * 2);
        }

        Session session = new(Count, in definition);
        _sessions[Count++] = session;
        return session;
    }

    /// <summary>The session of the participant with those CompIDs, or null.</summary>
    public Session? Find(in DefineParticipantCommand definition)
    {
        for (int id = 0; id < Count; id++)
        {
            Session session = _sessions[id];
            if (session.Definition.SenderCompId == definition.SenderCompId && session.Definition.TargetCompId == definition.TargetCompId)
            {
                return session;
            }
        }

        return null;
    }

    /// <summary>Writes all sessions by id.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(Count);
        for (int id = 0; id < Count; id++)
        {
            _sessions[id].Save(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote, into an empty table.</summary>
    /// <exception cref="InvalidDataException">A session is not one that this table accepts.</exception>
    public void Load(SnapshotReader reader)
    {
        Invariant.Require(Count == 0);
        int count = reader.ReadCount(CountMax, "number of sessions");
        for (int id = 0; id < count; id++)
        {
            DefineParticipantCommand definition = reader.Read<DefineParticipantCommand>();
            string? fault = ParticipantDefinition.Check(in definition) ?? (Find(in definition) is null ? null : "its CompIDs are defined twice");
            if (fault is not null)
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: participant {id} is not valid: {fault}");
            }

            Add(in definition).Load(reader);
        }
    }

    /// <summary>Frees what the sessions hold outside the managed heap.</summary>
    public void Dispose()
    {
        for (int i = 0; i < Count; i++)
        {
            _sessions[i].UnseenFills.Dispose();
        }
    }
}
