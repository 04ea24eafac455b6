namespace Exchange.Log;

/// <summary>What a full check of a log found.</summary>
/// <param name="LogId">Identity of the history; empty when not even that could be read.</param>
/// <param name="StartPosition">Position of the first entry; -1 when unknown.</param>
/// <param name="EndPosition">Position behind the last entry that checks; -1 when unknown.</param>
/// <param name="DurableWatermark">Everything below had been flushed.</param>
/// <param name="EntryCount">Entries that check, from the start.</param>
/// <param name="SegmentCount">Segment files.</param>
/// <param name="TornBytes">Bytes of an incomplete tail, which the next start of the member will cut.</param>
/// <param name="Damage">The first thing that must not be; null when the log is sound.</param>
public sealed record LogVerification(
    Guid LogId,
    long StartPosition,
    long EndPosition,
    long DurableWatermark,
    long EntryCount,
    int SegmentCount,
    long TornBytes,
    LogDamagedException? Damage)
{
    /// <summary>Whether all that was durable is there and checks.</summary>
    public bool IsSound => Damage is null;

    /// <summary>Bytes of entries, padding included.</summary>
    public long EntryBytes => EndPosition - StartPosition;
}
