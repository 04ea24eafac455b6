using System.Text.Json;

namespace Exchange.Protocol.StateMachine;

/// <summary>
/// The port between the log and the deterministic core, shaped like a clustered service: start with a snapshot, one call per
/// committed command, take a snapshot. The same commands in the same order give the same events and the same state, always.
/// </summary>
public interface IStateMachine
{
    /// <summary>The earliest log time at which a TimerDue command must be logged; <see cref="long.MaxValue"/> when none.</summary>
    long NextDeadlineNs { get; }

    /// <summary>Rolling hash over the bytes of all events made since the log began: members that agree on it have said the same to everybody.</summary>
    ulong EventHash { get; }

    /// <summary>Restores the state from a snapshot; called once, before any command, on an empty machine.</summary>
    void LoadSnapshot(SnapshotReader reader);

    /// <summary>Applies one committed command and appends what it caused to <paramref name="events"/>.</summary>
    void Apply(in CommandContext context, ReadOnlySpan<byte> command, EventBuffer events);

    /// <summary>Writes the whole state in canonical form: equal states give equal bytes.</summary>
    void TakeSnapshot(SnapshotWriter writer);

    /// <summary>Answers an operator's question about the state without changing it; may allocate.</summary>
    /// <param name="topic">What is asked for, such as "summary" or "sessions".</param>
    /// <param name="json">Receives properties into the object that is open.</param>
    /// <returns>False when the topic is unknown; nothing has been written then.</returns>
    bool TryDescribe(string topic, Utf8JsonWriter json);
}
