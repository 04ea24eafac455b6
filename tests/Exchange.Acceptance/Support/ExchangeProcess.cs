// `exchange local` as its users start it: a process, a folder, a port. What must hold: whatever a test does to it, nothing of it is
// left when the test ends, and what it said is in the test's output.
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Exchange.Acceptance.Support;

/// <summary>A running exchange.</summary>
internal sealed class ExchangeProcess : IRunningExchange, IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly HashSet<int> _pidsSeen = [];

    private ExchangeProcess(Process process, string directory, int fixPort, int engines)
    {
        _process = process;
        Directory = directory;
        FixPort = fixPort;
        FixPorts = [.. Enumerable.Range(fixPort, engines)];
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Folder of its state.</summary>
    public string Directory { get; }

    /// <summary>Port of the FIX gateway on loopback.</summary>
    public int FixPort { get; }

    /// <summary>Ports of all its gateways.</summary>
    public IReadOnlyList<int> FixPorts { get; }

    /// <summary>The supervisor.</summary>
    public int Pid => _process.Id;

    /// <summary>What it printed so far, standard output and standard error together.</summary>
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

    /// <summary>Starts an exchange and waits until it says that it is ready.</summary>
    public static ExchangeProcess Start(string directory, int? fixPort = null, params string[] options)
    {
        ExchangeProcess exchange = Launch(directory, fixPort ?? FreePort(), options);
        try
        {
            exchange.WaitUntilReady();
            return exchange;
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    /// <summary>Starts an exchange and does not wait.</summary>
    public static ExchangeProcess Launch(string directory, int fixPort, params string[] options)
    {
        ProcessStartInfo start = new(Repository.DotNet)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        int members = Array.IndexOf(options, "--members");
        string[] single = members < 0 ? ["--members", "1"] : [];
        int count = members < 0 ? 1 : int.Parse(options[members + 1], System.Globalization.CultureInfo.InvariantCulture);
        foreach (string argument in (string[])[Repository.Executable, "local", "--dir", directory, "--fix-port", $"{fixPort}", .. single, .. options])
        {
            start.ArgumentList.Add(argument);
        }

        return new ExchangeProcess(Process.Start(start)!, directory, fixPort, count == 3 ? 2 : count);
    }

    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A port that nobody listens on at this moment, nor on the one behind it.</summary>
    public static int FreePortPair()
    {
        while (true)
        {
            using Socket first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using Socket second = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                first.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                int port = ((IPEndPoint)first.LocalEndPoint!).Port;
                second.Bind(new IPEndPoint(IPAddress.Loopback, port + 1));
                return port;
            }
            catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException)
            {
                // The port behind it is taken: another pair.
            }
        }
    }

    /// <summary>Waits for the line <c>ready</c>.</summary>
    public void WaitUntilReady()
    {
        Poll.Until(() => IsReady || _process.HasExited, "the line ready", Describe, TimeSpan.FromSeconds(60));
        Assert.True(IsReady, $"ended with {(_process.HasExited ? _process.ExitCode : 0)} before it was ready:\n{Describe()}");
        _ = Processes();
    }

    /// <summary>The table of its processes, as they are now.</summary>
    public IReadOnlyList<ProcessEntry> Processes()
    {
        IReadOnlyList<ProcessEntry> entries = ProcessEntry.ReadAll(Directory);
        _pidsSeen.UnionWith(entries.Select(e => e.Pid));
        return entries;
    }

    /// <summary>The only process of a role.</summary>
    public ProcessEntry Only(string role) => Assert.Single(Processes(), entry => entry.Role == role);

    /// <summary>Process of a name, for example member-2.</summary>
    public ProcessEntry Named(string name) => Assert.Single(Processes(), entry => entry.Name == name);

    /// <summary>Kills the only process of a role and waits until the supervisor has put another in its place.</summary>
    public void KillAndAwaitReplacement(string role)
    {
        int pid = Only(role).Pid;
        Assert.True(Posix.Signal(pid, Posix.Kill), $"{role} {pid} was not there to be killed\n{Describe()}");
        Poll.Until(
            () => Processes().SingleOrDefault(e => e.Role == role) is { } entry && entry.Pid != pid && Posix.IsAlive(entry.Pid),
            $"another {role} in place of {pid}",
            Describe);
    }

    /// <summary>Sends a signal to the supervisor.</summary>
    public void Signal(int signal) => Assert.True(Posix.Signal(Pid, signal), "the supervisor is gone");

    /// <summary>Waits for the supervisor's end; its exit code.</summary>
    public int WaitForExit(TimeSpan limit)
    {
        if (!_process.WaitForExit(limit))
        {
            throw new TimeoutException($"still running after {limit.TotalSeconds} s\n{Describe()}");
        }

        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Stops it as its user would, and demands that it ends well.</summary>
    public void StopCleanly()
    {
        Signal(Posix.Terminate);
        Assert.True(WaitForExit(TimeSpan.FromSeconds(20)) == 0, $"exit code {_process.ExitCode} after SIGTERM\n{Describe()}");
    }

    /// <summary>Kills everything of it at once, as a power cut of this one exchange would.</summary>
    public void KillAll()
    {
        List<int> pids = [Pid, .. Processes().Select(e => e.Pid)];
        pids.ForEach(pid => Posix.Signal(pid, Posix.Kill));
        Poll.Until(() => !pids.Exists(Posix.IsAlive), "the end of the killed processes");
        _process.WaitForExit();
    }

    /// <summary>Output and the ends of the logs, for the message of a failure.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        text.AppendLine("--- exchange local").AppendLine(Output);
        if (File.Exists(Path.Combine(Directory, "processes.json")))
        {
            foreach (ProcessEntry entry in ProcessEntry.ReadAll(Directory).Where(e => e.Log is { Length: > 0 } log && File.Exists(log)))
            {
                text.AppendLine($"--- {entry.Name} ({entry.Pid}, {(Posix.IsAlive(entry.Pid) ? "runs" : "gone")}) {entry.Log}");
                text.AppendJoin('\n', File.ReadLines(entry.Log!).TakeLast(30)).AppendLine();
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Posix.Signal(Pid, Posix.Terminate);
            _process.WaitForExit(TimeSpan.FromSeconds(5));
        }

        // Whatever a test left behind: a supervisor that hangs, children of one that was killed.
        if (!_process.HasExited)
        {
            Posix.Signal(Pid, Posix.Kill);
        }

        foreach (int pid in _pidsSeen.Where(Posix.IsAlive))
        {
            Posix.Signal(pid, Posix.Kill);
        }

        _process.Dispose();
    }

    private bool IsReady => Output.Split('\n').Any(line => line.Trim() == "ready");

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
