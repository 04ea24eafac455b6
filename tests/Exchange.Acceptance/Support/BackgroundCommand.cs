using System.Diagnostics;
using System.Text;

namespace Exchange.Acceptance.Support;

/// <summary>A verb of the exchange in the background, for example a member on what counts as another box; ends with the test.</summary>
internal sealed class BackgroundCommand : IDisposable
{
    private readonly Process _process;
    private readonly string _words;
    private readonly StringBuilder _output = new();

    /// <summary>Starts it.</summary>
    public BackgroundCommand(params string[] arguments)
    {
        _words = string.Join(' ', arguments);
        ProcessStartInfo start = new(Repository.DotNet)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string argument in arguments.Prepend(Repository.Executable))
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Append(e.Data);
        _process.ErrorDataReceived += (_, e) => Append(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its process.</summary>
    public int Pid => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits for something in its output; returns the line.</summary>
    public string AwaitLine(params string[] parts)
    {
        string? found = null;
        Poll.Until(
            () => (found = Output.Split('\n').FirstOrDefault(line => parts.All(p => line.Contains(p, StringComparison.Ordinal)))) is not null,
            $"a line with {string.Join(", ", parts)}",
            ToString,
            TimeSpan.FromSeconds(30));
        return found!;
    }

    /// <summary>Waits for its end; the exit code.</summary>
    public int WaitForExit(TimeSpan limit)
    {
        Assert.True(_process.WaitForExit(limit), $"still running: {this}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public override string ToString() => $"--- exchange {_words}\n{Output}";

    /// <summary>Ends it.</summary>
    public void Stop()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
