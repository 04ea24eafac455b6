using System.Diagnostics;
using Exchange.Acceptance.Support;

namespace Exchange.Acceptance.Counterparties;

/// <summary>
/// A foreign FIX engine in a process of its own, told what to do through its standard input, and read line by line: <c>IN</c> and
/// <c>OUT</c> with the messages, <c>LOGON</c> and <c>LOGOUT</c>. Its session lives in the folder that it is given.
/// </summary>
internal sealed class ForeignClient : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private int _next;

    /// <summary>Starts the engine.</summary>
    public ForeignClient(IEnumerable<string> command, string compId)
    {
        CompId = compId;
        string[] words = [.. command];
        ProcessStartInfo start = new(words[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string word in words.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Append(e.Data);
        _process.ErrorDataReceived += (_, e) => Append(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>SenderCompID.</summary>
    public string CompId { get; }

    /// <summary>Everything it printed.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Gives a command.</summary>
    public void Do(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for a line behind the one found last; for messages, with each of the fields given.</summary>
    public string Await(string start, params string[] fields)
    {
        string? found = null;
        Poll.Until(() => (found = Find(start, fields)) is not null, $"{CompId}: {start} {string.Join(' ', fields)}", () => string.Join('\n', Lines));
        return found!;
    }

    /// <summary>Value of a tag in a line with a message.</summary>
    public static string? Value(string line, int tag)
    {
        int at = line.IndexOf($"|{tag}=", StringComparison.Ordinal);
        return at < 0 ? null : line[(at + $"{tag}".Length + 2)..line.IndexOf('|', at + 1)];
    }

    /// <summary>Kills the engine, which has no time to say anything.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private string? Find(string start, string[] fields)
    {
        lock (_lines)
        {
            for (int i = _next; i < _lines.Count; i++)
            {
                string line = _lines[i];
                if (line.StartsWith(start, StringComparison.Ordinal) && fields.All(f => line.Contains($"|{f}|", StringComparison.Ordinal)))
                {
                    _next = i + 1;
                    return line;
                }
            }

            return null;
        }
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
