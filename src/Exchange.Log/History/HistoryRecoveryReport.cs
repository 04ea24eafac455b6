namespace Exchange.Log.History;

/// <summary>What opening a history found.</summary>
/// <param name="SessionCount">Sessions that have messages or had some.</param>
/// <param name="RecordCount">Messages that are kept.</param>
/// <param name="Dropped">
/// One line for each place from which on a session's messages were dropped because they did not check. Messages behind the last
/// flush are dropped without a line: after a crash of the host that is no surprise, and replaying the log makes them again.
/// </param>
public sealed record HistoryRecoveryReport(int SessionCount, long RecordCount, IReadOnlyList<string> Dropped);
