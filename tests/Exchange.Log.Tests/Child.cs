using System.Diagnostics;

namespace Exchange.Log.Tests;

/// <summary>Starts this assembly as a process of its own.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;
    private string _lastLine = string.Empty;
    private int _lineCount;

    internal Child(string verb, string directory)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(typeof(Child).Assembly.Location);
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(directory);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                Volatile.Write(ref _lastLine, text);
                Interlocked.Increment(ref _lineCount);
            }
        };
        _process.BeginOutputReadLine();
    }

    /// <summary>The last whole line that it wrote.</summary>
    internal string LastLine => Volatile.Read(ref _lastLine);

    /// <summary>Waits until it has written so many lines.</summary>
    internal void WaitForLines(int count)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (Volatile.Read(ref _lineCount) < count)
        {
            Assert.False(_process.HasExited && Volatile.Read(ref _lineCount) < count, "the child ended early");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"the child wrote {_lineCount} of {count} lines");
            Thread.Sleep(1);
        }
    }

    /// <summary>Kills it with SIGKILL and waits until it and all its output are there.</summary>
    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
