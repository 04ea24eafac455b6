namespace Exchange.Simulation.Reference;

/// <summary>What a replay says about orders to a session; number 0 stands for the end of a numbering.</summary>
internal sealed record ToldMessage(long SeqNum, ConnectionKey Connection, string Type, string Body, bool IsPossResend);
