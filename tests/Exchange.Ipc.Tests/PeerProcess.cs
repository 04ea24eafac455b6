using System.Diagnostics;

namespace Exchange.Ipc.Tests;

/// <summary>This test assembly in a process of its own; killed at the end.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    private PeerProcess(Process process)
    {
        _process = process;
    }

    internal static PeerProcess Start(string role, string directory)
    {
        ProcessStartInfo start = new()
        {
            FileName = Environment.ProcessPath is string path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(PeerProcess).Assembly.Location);
        start.ArgumentList.Add(role);
        start.ArgumentList.Add(directory);
        Process process = Process.Start(start) ?? throw new InvalidOperationException("cannot start the peer process");
        return new PeerProcess(process);
    }

    internal bool HasExited => _process.HasExited;

    /// <summary>Waits for the line that says that the peer is ready, while <paramref name="work"/> keeps this side alive.</summary>
    internal void WaitReady(Action work)
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        Stopwatch time = Stopwatch.StartNew();
        while (!line.IsCompleted)
        {
            Assert.True(time.Elapsed < TestDriver.Patience, "the peer process does not get ready");
            work();
            _ = Thread.Yield();
        }

        Assert.Equal("ready", line.GetAwaiter().GetResult());
    }

    /// <summary>kill -9, and waits until the process is gone.</summary>
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
