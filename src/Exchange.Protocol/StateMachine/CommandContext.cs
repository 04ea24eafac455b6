namespace Exchange.Protocol.StateMachine;

/// <summary>What the log says about the command being applied: all the time and place the core ever sees.</summary>
/// <param name="Position">Position in the log just behind the command's entry.</param>
/// <param name="Term">Leadership term of the entry.</param>
/// <param name="LogTimeNs">Log time of the entry, nanoseconds since 1970; never decreases.</param>
public readonly record struct CommandContext(long Position, long Term, long LogTimeNs);
