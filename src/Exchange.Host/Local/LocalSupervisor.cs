using System.Diagnostics;
using System.Globalization;
using Exchange.Host.Configuration;
using Spectre.Console;

namespace Exchange.Host.Local;

/// <summary>
/// Runs a whole exchange on one box: starts member and gateway as processes of their own, says which is which, restarts what
/// crashes, and stops all of it together.
/// </summary>
internal sealed class LocalSupervisor : IDisposable
{
    private const int FailedStartsMax = 5;
    private static readonly TimeSpan _stopPatience = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan _readyPatience = TimeSpan.FromSeconds(120);
    private readonly LocalOptions _options;
    private readonly FileStream _lock;
    private readonly List<Slot> _slots = [];
    private readonly Lock _tableLock = new();

    /// <summary>Takes the directory; fails when it cannot be written or another exchange runs in it.</summary>
    public LocalSupervisor(LocalOptions options)
    {
        _options = options;
        _lock = StateDirectory.Acquire(options.Directory);
    }

    /// <summary>Runs until the token is cancelled or the exchange cannot go on; returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(Path.Combine(_options.Directory, "logs"));
        foreach (Slot slot in Plan())
        {
            _slots.Add(slot);
            slot.Child = ChildProcess.Start(slot.Arguments);
        }

        try
        {
            foreach (Slot slot in _slots)
            {
                await WaitUntilReadyAsync(slot, stop).ConfigureAwait(false);
            }

            PublishTable(print: true);
            Console.WriteLine("ready");
            await Task.WhenAny(_slots.ConvertAll(slot => KeepAliveAsync(slot, stop))).Unwrap().ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        finally
        {
            await Task.WhenAll(_slots.ConvertAll(static slot => slot.Child?.StopAsync(_stopPatience) ?? Task.CompletedTask)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Slot slot in _slots)
        {
            slot.Child?.Dispose();
        }

        _lock.Dispose();
    }

    private List<Slot> Plan()
    {
        string LogFile(string name) => Path.Combine(_options.Directory, "logs", name + ".log");
        List<string> common = ["--supervised", "--dir", _options.Directory, "--idle", _options.Idle];
        List<string> member =
        [
            "member", .. common, "--durability", _options.Durability, "--cpu", Text(_options.MemberCpu),
            "--snapshot-every", Text(_options.SnapshotEveryMib), "--day-end", _options.DayEnd, "--log", LogFile("member-1"),
        ];
        AddFile(member, "--instruments", _options.InstrumentsFile);
        AddFile(member, "--participants", _options.ParticipantsFile);
        if (_options.Threading == "composed")
        {
            return [new Slot("member-1", "member+gateway", LogFile("member-1"), [.. member, "--fix-port", Text(_options.FixPort)])];
        }

        List<string> gateway = ["gateway", .. common, "--fix-port", Text(_options.FixPort), "--cpu", Text(_options.GatewayCpu), "--log", LogFile("gateway-1")];
        return [new Slot("member-1", "member", LogFile("member-1"), member), new Slot("gateway-1", "gateway", LogFile("gateway-1"), gateway)];
    }

    private static void AddFile(List<string> arguments, string option, string? file)
    {
        if (file is not null)
        {
            arguments.Add(option);
            arguments.Add(Path.GetFullPath(file));
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static async Task WaitUntilReadyAsync(Slot slot, CancellationToken stop)
    {
        ChildProcess child = slot.Child!;
        Task first = await Task.WhenAny(child.Ready, child.Exited, Task.Delay(_readyPatience, stop)).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        if (child.Ready.IsCompletedSuccessfully)
        {
            slot.FixAddress = await child.Ready.ConfigureAwait(false);
            return;
        }

        throw first == child.Exited || child.Exited.IsCompleted
            ? Failed(slot, child)
            : new HostException($"{slot.Name} is not ready after {_readyPatience.TotalSeconds:F0} s; see {slot.LogFile}");
    }

    private static HostException Failed(Slot slot, ChildProcess child)
    {
        string reason = child.LastError.Length > 0 ? child.LastError.Replace("exchange: ", string.Empty, StringComparison.Ordinal) : $"ended with code {child.ExitCode}";
        return new HostException($"{slot.Name}: {reason} (log: {slot.LogFile})", child.ExitCode == ExitCode.BadInput ? ExitCode.BadInput : ExitCode.Failure);
    }

    /// <summary>Restarts a process each time it ends; gives up when it cannot even start several times in a row.</summary>
    private async Task KeepAliveAsync(Slot slot, CancellationToken stop)
    {
        int failedStarts = 0;
        while (true)
        {
            await slot.Child!.Exited.WaitAsync(stop).ConfigureAwait(false);
            HostException failure = Failed(slot, slot.Child);
            long started = Stopwatch.GetTimestamp();
            AnsiConsole.WriteLine($"{Now()} {failure.Message}; restarting");
            slot.Child.Dispose();
            slot.Child = ChildProcess.Start(slot.Arguments);
            try
            {
                await WaitUntilReadyAsync(slot, stop).ConfigureAwait(false);
                failedStarts = 0;
                PublishTable(print: false);
                AnsiConsole.WriteLine($"{Now()} {slot.Name} is ready again after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms, pid {slot.Child.Pid}");
            }
            catch (HostException e) when (++failedStarts < FailedStartsMax && e.ExitCode != ExitCode.BadInput)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 << failedStarts), stop).ConfigureAwait(false);
            }
        }
    }

    private void PublishTable(bool print)
    {
        lock (_tableLock)
        {
            List<ProcessEntry> entries =
            [
                new ProcessEntry { Name = "local", Role = "supervisor", Pid = Environment.ProcessId, FixAddress = string.Empty, Log = string.Empty },
            ];
            entries.AddRange(_slots.ConvertAll(static slot => new ProcessEntry
            {
                Name = slot.Name,
                Role = slot.Role,
                Pid = slot.Child?.Pid ?? 0,
                FixAddress = slot.FixAddress,
                Log = slot.LogFile,
            }));
            ProcessTable.Write(_options.Directory, entries);
            if (print)
            {
                ProcessTable.Print(entries);
            }
        }
    }

    private static string Now() => DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private sealed class Slot(string name, string role, string logFile, List<string> arguments)
    {
        public string Name { get; } = name;

        public string Role { get; } = role;

        public string LogFile { get; } = logFile;

        public List<string> Arguments { get; } = arguments;

        public string FixAddress { get; set; } = string.Empty;

        public ChildProcess? Child { get; set; }
    }
}
