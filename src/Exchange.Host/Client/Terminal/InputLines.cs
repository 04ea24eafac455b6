// Lines of a pipe, a file or a terminal without cursor control, read by a thread of its own, so that the session never waits for the
// next line.
using System.Collections.Concurrent;

namespace Exchange.Host.Client.Terminal;

/// <summary>Queue of input lines.</summary>
internal sealed class InputLines
{
    private readonly ConcurrentQueue<string> _lines = new();
    private volatile bool _isEnded;

    /// <summary>Starts to read.</summary>
    public InputLines(TextReader reader)
    {
        Thread thread = new(() => Read(reader)) { IsBackground = true, Name = "client-input" };
        thread.Start();
    }

    /// <summary>Whether all lines were read and taken.</summary>
    public bool IsEmptyAtEnd => _isEnded && _lines.IsEmpty;

    /// <summary>The next line, when there is one.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? line) => _lines.TryDequeue(out line);

    private void Read(TextReader reader)
    {
        try
        {
            while (reader.ReadLine() is string line)
            {
                _lines.Enqueue(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The input is gone; that is its end.
        }
        finally
        {
            _isEnded = true;
        }
    }
}
