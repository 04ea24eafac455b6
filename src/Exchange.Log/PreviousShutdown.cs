namespace Exchange.Log;

/// <summary>How the log was left the last time.</summary>
/// <param name="FirstStart">The log is new: there was no last time.</param>
/// <param name="WasClean">It was closed after a complete flush.</param>
/// <param name="HostRebooted">
/// The host has booted since the log was last opened, or that is unknown. Together with a shutdown that was not clean this means
/// that entries which were in memory only may be gone: a member of a replicated cluster must not vote before it has caught up.
/// </param>
/// <param name="MayHaveLostEntries">
/// Entries that were appended but not flushed may have been lost, now or at an earlier start; it stays until
/// <see cref="SegmentedLog.ResolveLoss"/>, because a process that dies while it catches up must not forget.
/// </param>
public readonly record struct PreviousShutdown(bool FirstStart, bool WasClean, bool HostRebooted, bool MayHaveLostEntries);
