using System.Diagnostics;
using System.Globalization;

namespace Exchange.Host.Commands;

/// <summary>One line on a terminal that says how far a long piece of work is; silent where standard error is not a terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);
    private readonly string _what;
    private long _last;
    private bool _shown;

    /// <summary>Names the work.</summary>
    public ProgressLine(string what) => _what = what;

    /// <summary>Shows the position, now and then.</summary>
    public void Report(long position)
    {
        if (Console.IsErrorRedirected || Stopwatch.GetElapsedTime(_last) < _interval)
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        _shown = true;
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{_what}: {position / 1048576.0:F1} MiB "));
    }

    /// <summary>Removes the line.</summary>
    public void Clear()
    {
        if (_shown)
        {
            Console.Error.Write("\r" + new string(' ', 60) + "\r");
            _shown = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
