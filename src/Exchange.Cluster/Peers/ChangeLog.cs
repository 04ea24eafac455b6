// Problem: a member that is refused is refused again five times a second, and a log full of one line hides all others.
// Idea:    remember what was said about whom, and say only what is new.
// Must hold: what is remembered is bounded, since strangers choose who they are.
namespace Exchange.Cluster.Peers;

/// <summary>Logs what has changed about somebody.</summary>
internal sealed class ChangeLog
{
    private const int SubjectsMax = 64;

    private readonly Dictionary<string, string> _told = [];
    private readonly Action<string> _log;

    /// <summary>Creates it in front of a log.</summary>
    public ChangeLog(Action<string> log) => _log = log;

    /// <summary>Logs a line unless it was the last one about this subject.</summary>
    public void Tell(string subject, string line)
    {
        if (_told.TryGetValue(subject, out string? last) && last == line)
        {
            return;
        }

        if (_told.Count >= SubjectsMax)
        {
            _told.Clear();
        }

        _told[subject] = line;
        _log(line);
    }

    /// <summary>What was said about a subject is no longer so.</summary>
    public void Forget(string subject) => _ = _told.Remove(subject);
}
