namespace Exchange.Fuzz;

/// <summary>What a message is made from: who sends it, and which numbers and time would be right.</summary>
/// <param name="ClientCompId">SenderCompID.</param>
/// <param name="OurCompId">TargetCompID.</param>
/// <param name="NextIn">The number that the exchange expects next.</param>
/// <param name="NextOut">The number that it gives next.</param>
/// <param name="Now">The time as UTCTimestamp.</param>
internal readonly record struct SessionView(string ClientCompId, string OurCompId, long NextIn, long NextOut, string Now);
