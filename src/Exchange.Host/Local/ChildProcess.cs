using System.Diagnostics;
using System.Text.Json;

namespace Exchange.Host.Local;

/// <summary>
/// A process that the supervisor started from the same executable.
/// <para>
/// The child's standard input is a pipe that nobody writes to: when the supervisor closes it, or dies in whatever way, the child reads
/// the end of file and stops. So a killed supervisor leaves no orphan. On standard output the child says in one JSON line when it is ready.
/// </para>
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _lastError = string.Empty;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Process id.</summary>
    public int Pid { get; private init; }

    /// <summary>Completes with the FIX address (or nothing) once the child is ready.</summary>
    public Task<string> Ready => _ready.Task;

    /// <summary>Completes when the process has ended.</summary>
    public Task Exited { get; private set; } = Task.CompletedTask;

    /// <summary>Exit code, once ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last line the child wrote to standard error.</summary>
    public string LastError => _lastError;

    /// <summary>Starts a verb of this executable.</summary>
    public static ChildProcess Start(IEnumerable<string> arguments)
    {
        string self = Environment.ProcessPath ?? throw new HostException("the path of this executable is unknown; start it by its full path");
        ProcessStartInfo start = new(self)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new HostException($"'{self}' could not be started");
        ChildProcess child = new(process) { Pid = process.Id };
        Task output = child.ReadOutputAsync();
        Task errors = child.ReadErrorsAsync();
        child.Exited = child.WaitAsync(output, errors);
        return child;
    }

    /// <summary>Asks the child to stop, and kills it when it does not within the time given.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        try
        {
            _process.StandardInput.Close();
            await Exited.WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited.ConfigureAwait(false);
        }
    }

    /// <summary>Kills the child with SIGKILL; one that has ended is left alone.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task WaitAsync(Task output, Task errors)
    {
        await Task.WhenAll(output, errors).ConfigureAwait(false);
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _ready.TrySetCanceled();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            ChildReady? message = TryParse(line);
            if (message is not null)
            {
                _ready.TrySetResult(message.FixAddress);
            }
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0)
            {
                _lastError = line;
            }
        }
    }

    private static ChildReady? TryParse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<ChildReady>(line) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
