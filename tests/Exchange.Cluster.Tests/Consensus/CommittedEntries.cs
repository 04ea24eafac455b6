using Exchange.Log;

namespace Exchange.Cluster.Tests.Consensus;

/// <summary>What any member ever read as committed; each further read must find the same.</summary>
internal sealed class CommittedEntries
{
    private readonly SortedList<long, (long End, long Term, ulong Hash)> _entries = [];

    public int Count => _entries.Count;

    public long End => _entries.Count == 0 ? 0 : _entries.GetValueAtIndex(_entries.Count - 1).End;

    public void Check(int memberId, in LogEntry entry)
    {
        (long End, long Term, ulong Hash) read = Of(entry);
        if (_entries.TryGetValue(entry.Position, out (long End, long Term, ulong Hash) known))
        {
            Assert.True(known == read, $"member {memberId} has committed another entry at {entry.Position}: {read}, not {known}");
            return;
        }

        Assert.True(entry.Position >= End, $"member {memberId} has committed an entry at {entry.Position}, across others that reach to {End}");
        _entries.Add(entry.Position, read);
    }

    /// <summary>Leader completeness: a new leader's log holds everything that was ever committed.</summary>
    public void RequireIn(int memberId, SegmentedLog log)
    {
        using LogReader reader = log.OpenReader(log.StartPosition);
        foreach ((long position, (long End, long Term, ulong Hash) known) in _entries)
        {
            if (position >= log.StartPosition)
            {
                Assert.True(reader.TryRead(out LogEntry entry), $"the log of leader {memberId} ends before {position}, which was committed");
                Assert.True(entry.Position == position && Of(entry) == known, $"the log of leader {memberId} has another entry at {entry.Position} than was committed at {position}");
            }
        }
    }

    private static (long End, long Term, ulong Hash) Of(in LogEntry entry)
    {
        HashCode hash = default;
        hash.AddBytes(entry.Payload);
        hash.Add(entry.Type);
        return (entry.EndPosition, entry.Term, (ulong)hash.ToHashCode());
    }
}
