using System.Runtime.CompilerServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Sessions;

/// <summary>All sessions by id. Ids are given out from 0 in log order and never reused.</summary>
internal sealed class SessionTable : IDisposable
{
    /// <summary>Most sessions of a venue.</summary>
    public const int CountMax = 4_096;

    private Session[] _sessions = new Session[16];

    /// <summary>Number of sessions.</summary>
    public int Count { get; private set; }

    /// <summary>The session with that id, which must exist.</summary>
    public Session this[int id]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Invariant.Require((uint)id < (uint)Count);
            return _sessions[id];
        }
    }

    /// <summary>Whether there is a session with that id.</summary>
    public bool Contains(int id) => (uint)id < (uint)Count;

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

    /// <summary>Frees what the sessions hold outside the managed heap.</summary>
    public void Dispose()
    {
        for (int i = 0; i < Count; i++)
        {
            _sessions[i].UnseenFills.Dispose();
        }
    }
}
