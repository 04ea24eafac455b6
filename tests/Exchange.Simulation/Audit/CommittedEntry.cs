namespace Exchange.Simulation.Audit;

/// <summary>An entry that a member has declared committed.</summary>
internal readonly record struct CommittedEntry(long Position, long EndPosition, ushort Type, long Term, long TimestampNs, ulong PayloadHash);
