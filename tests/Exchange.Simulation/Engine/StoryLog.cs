using System.Globalization;

namespace Exchange.Simulation.Engine;

/// <summary>What a person wants to read about a run: its last lines in memory, all of them on request.</summary>
internal sealed class StoryLog
{
    private const int LinesMax = 400;
    private readonly Queue<string> _lines = new();

    /// <summary>Receives every line as it comes; null for nobody.</summary>
    public Action<string>? Listener { get; set; }

    public IEnumerable<string> Lines => _lines;

    public void Add(long nowNs, string line)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{nowNs / 1e6,12:F3} ms  {line}");
        Listener?.Invoke(text);
        _lines.Enqueue(text);
        if (_lines.Count > LinesMax)
        {
            _lines.Dequeue();
        }
    }
}
