namespace Exchange.Log;

/// <summary>What opening a log found.</summary>
/// <param name="EndPosition">Where the log ends.</param>
/// <param name="DurableWatermark">Up to where it was known to be flushed.</param>
/// <param name="TornBytes">Bytes of an incomplete tail that were cut; 0 when the end was clean.</param>
/// <param name="TruncationFinished">Whether a truncation that a crash had interrupted was finished.</param>
public readonly record struct LogRecoveryReport(long EndPosition, long DurableWatermark, long TornBytes, bool TruncationFinished);
