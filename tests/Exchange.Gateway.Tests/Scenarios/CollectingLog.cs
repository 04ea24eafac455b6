using System.Collections.Concurrent;

namespace Exchange.Gateway.Tests.Scenarios;

/// <summary>Keeps what the gateway says.</summary>
internal sealed class CollectingLog : IGatewayLog
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public void Information(string line) => _lines.Enqueue(line);

    public void Warning(string line) => _lines.Enqueue("warning: " + line);

    public bool Contains(string text) => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));
}
