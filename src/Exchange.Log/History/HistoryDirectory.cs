namespace Exchange.Log.History;

// Reads a history directory. Files are grouped by session and followed in the order of their ordinals. Within an epoch the numbers
// must run on from file to file; where they do not, the rest of that epoch is dropped, because replaying the log makes it again.
internal sealed class HistoryDirectory
{
    private readonly HistoryOptions _options;
    private readonly List<string> _dropped = [];
    private readonly Dictionary<int, List<HistorySegment>> _sessions = [];
    private readonly Dictionary<int, long> _nextOrdinals = [];

    internal HistoryDirectory(HistoryOptions options) => _options = options;

    /// <summary>What was dropped, one line each.</summary>
    internal IReadOnlyList<string> Dropped => _dropped;

    /// <summary>The files of each session, recovered and in order.</summary>
    internal IReadOnlyDictionary<int, List<HistorySegment>> Sessions => _sessions;

    /// <summary>The first ordinal of a session that no file has.</summary>
    internal long NextOrdinal(int sessionId) => _nextOrdinals[sessionId];

    /// <summary>Opens everything.</summary>
    /// <exception cref="LogDamagedException">A file is of another log or of an unknown format.</exception>
    internal void Load()
    {
        string[] paths = Directory.GetFiles(_options.Directory, "session-*" + HistoryDescriptor.Suffix);
        Array.Sort(paths, StringComparer.Ordinal);
        try
        {
            foreach (string path in paths)
            {
                Open(path);
            }
        }
        catch
        {
            foreach (List<HistorySegment> chain in _sessions.Values)
            {
                chain.ForEach(segment => segment.Release());
            }

            throw;
        }
    }

    private void Open(string path)
    {
        if (!TryParseName(path, out int sessionId, out long ordinal))
        {
            return;
        }

        _nextOrdinals[sessionId] = ordinal + 1;
        if (!_sessions.TryGetValue(sessionId, out List<HistorySegment>? chain))
        {
            chain = [];
            _sessions.Add(sessionId, chain);
        }

        HistorySegment? segment = HistorySegment.TryOpen(path, _options.LogId, sessionId, ordinal, out string? reason);
        if (segment is null)
        {
            if (reason is not null)
            {
                _dropped.Add($"message history {path}: {reason}; dropped");
            }

            File.Delete(path);
            return;
        }

        segment.Recover(out bool lost);
        HistorySegment? previous = chain.Count == 0 ? null : chain[^1];
        bool follows = previous is null || segment.Epoch > previous.Epoch || (segment.Epoch == previous.Epoch && segment.FirstSeq == previous.NextSeq);
        if (!follows)
        {
            _dropped.Add($"message history {path}: begins with {segment.FirstSeq} in epoch {segment.Epoch}, but the file before it ends with {previous!.NextSeq - 1} in epoch {previous.Epoch}; dropped");
            segment.Delete();
            return;
        }

        if (lost)
        {
            _dropped.Add($"message history {path}: flushed messages from {segment.NextSeq} on do not check; dropped");
        }

        chain.Add(segment);
    }

    private static bool TryParseName(string path, out int sessionId, out long ordinal)
    {
        ordinal = 0;
        string[] parts = Path.GetFileNameWithoutExtension(path).Split('-');
        return int.TryParse(parts.Length == 3 ? parts[1] : null, out sessionId)
            && long.TryParse(parts[2], out ordinal)
            && Path.GetFileName(path) == HistoryDescriptor.FileName(sessionId, ordinal);
    }
}
