namespace Exchange.Simulation.Reference;

/// <summary>A range that the exchange owes to a client once more.</summary>
internal readonly record struct ExpectedResend(ConnectionKey Connection, long Begin, long End, long SendingNs);
