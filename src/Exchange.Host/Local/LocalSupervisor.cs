// Runs a whole exchange on one box: starts each member and each gateway as a process of its own, says which is which, restarts what
// ends, and stops all of it together.
//
// A single member that cannot start ends the exchange with its reason. In a cluster the others go on without it, so it is tried again
// at growing intervals; except a member whose files are damaged or whose state differs: starting that again would only repeat it, so
// it stays down until an operator asks for its rebuild.
using System.Diagnostics;
using System.Globalization;
using Exchange.Cluster.Recovery;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;

namespace Exchange.Host.Local;

/// <summary>Supervisor of the processes of an exchange on one box.</summary>
internal sealed class LocalSupervisor : IDisposable
{
    private const int FailedStartsMax = 5;
    private static readonly TimeSpan _stopPatience = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan _readyPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan _firstPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _pauseMax = TimeSpan.FromSeconds(5);
    private readonly LocalOptions _options;
    private readonly Action<string> _say;
    private readonly FileStream _lock;
    private readonly List<SupervisedProcess> _processes = [];
    private readonly Lock _tableLock = new();

    /// <summary>Takes the directory; fails when it cannot be written or another exchange runs in it.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="say">Told what happens to processes, a line at a time.</param>
    public LocalSupervisor(LocalOptions options, Action<string> say)
    {
        _options = options;
        _say = say;
        _lock = StateDirectory.Acquire(options.Directory);
    }

    /// <summary>The processes, members before gateways.</summary>
    public IReadOnlyList<SupervisedProcess> Processes => _processes;

    /// <summary>Asks the members; null with a single one, which nobody can ask.</summary>
    public ClusterOperator? Operator { get; private set; }

    /// <summary>Runs until the token is cancelled or the exchange cannot go on; returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        try
        {
            await StartAsync(stop).ConfigureAwait(false);
            PrintTable();
            Console.WriteLine("ready");
            await KeepAllAsync(stop).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        finally
        {
            await StopAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Starts everything and returns when clients are served.</summary>
    /// <exception cref="HostException">A process cannot start, or the exchange does not get ready in time.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(Path.Combine(_options.Directory, "logs"));
        ClusterFile? cluster = LocalLayout.Resolve(_options);
        Operator = cluster is null ? null : OperatorAccess.ForDirectory(_options.Directory, cluster);
        LocalOptions options = _options.Tls is { } tls ? _options with { Tls = DevelopmentCertificate.Complete(tls, _options.Directory) } : _options;
        _processes.AddRange(ProcessPlan.Create(options, cluster).ConvertAll(static spec => new SupervisedProcess(spec)));
        string mark = StateDirectory.CreationMark(_options.Directory);
        bool isNew = cluster is not null && File.Exists(mark);
        if (cluster is not null && !isNew)
        {
            RecoverIfLost(cluster);
        }

        foreach (SupervisedProcess process in _processes)
        {
            process.Start(isNew && process.IsMember ? ["--bootstrap"] : []);
            if (isNew && process == _processes[0])
            {
                await LetStandFirstAsync(process, stop).ConfigureAwait(false);
            }
        }

        if (Operator is null)
        {
            foreach (SupervisedProcess process in _processes)
            {
                await WaitUntilReadyAsync(process, stop).ConfigureAwait(false);
            }
        }
        else
        {
            await WaitUntilClusterReadyAsync(Operator, stop).ConfigureAwait(false);
            File.Delete(mark);
        }

        WriteTable();
    }

    /// <summary>Keeps every process running until the token is cancelled; fails when a single member cannot be kept.</summary>
    public Task KeepAllAsync(CancellationToken stop) => Task.WhenAny(_processes.ConvertAll(process => KeepAliveAsync(process, stop))).Unwrap();

    /// <summary>Starts a process that was left down.</summary>
    public void Revive(SupervisedProcess process)
    {
        process.Start();
        WriteTable();
    }

    /// <summary>Stops every process.</summary>
    public Task StopAsync() => Task.WhenAll(_processes.ConvertAll(static process => process.Child?.StopAsync(_stopPatience) ?? Task.CompletedTask));

    /// <inheritdoc/>
    public void Dispose()
    {
        _processes.ForEach(static process => process.Dispose());
        _lock.Dispose();
    }

    private static async Task WaitUntilReadyAsync(SupervisedProcess process, CancellationToken stop)
    {
        ChildProcess child = process.Child!;
        Task first = await Task.WhenAny(child.Ready, child.Exited, Task.Delay(_readyPatience, stop)).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        if (child.Ready.IsCompletedSuccessfully)
        {
            process.FixAddress = await child.Ready.ConfigureAwait(false);
            return;
        }

        throw first == child.Exited || child.Exited.IsCompleted
            ? Failed(process)
            : new HostException($"{process.Name} is not ready after {_readyPatience.TotalSeconds:F0} s; see {process.LogFile}");
    }

    /// <summary>What cannot be recovered is started all the same: an operator may have a way, such as promoting what is left of two boxes.</summary>
    private void RecoverIfLost(ClusterFile cluster)
    {
        try
        {
            LostCluster.Recover(_options.Directory, cluster, _say);
        }
        catch (HostException e)
        {
            _say($"WARNING: {e.Message}");
        }
    }

    /// <summary>
    /// Of a new cluster the preferred member is ready before the others exist, so that it stands for election before them. Later starts
    /// need no such thing: whoever has the longest log leads.
    /// </summary>
    private static async Task LetStandFirstAsync(SupervisedProcess process, CancellationToken stop)
    {
        await Task.WhenAny(process.Child!.Ready, process.Child.Exited, Task.Delay(_firstPatience, stop)).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>One engine leads and its gateway serves, and it is connected with every other member that can run.</summary>
    private async Task WaitUntilClusterReadyAsync(ClusterOperator members, CancellationToken stop) => _ = await members.UntilAsync(
        report =>
        {
            LookForEnded();
            return IsReady(report);
        },
        _look,
        _readyPatience,
        report => $"no member serves clients after {_readyPatience.TotalSeconds:F0} s ({string.Join(", ", report.Members.Select(static m => $"member {m.Id} {m.Role}"))}); see the logs in {Path.Combine(_options.Directory, "logs")}",
        stop).ConfigureAwait(false);

    /// <summary>A process that ends before the exchange is ready ends the start, unless the others can do without it.</summary>
    private void LookForEnded()
    {
        foreach (SupervisedProcess process in _processes.Where(static p => !p.IsRunning))
        {
            if (!process.NeedsRebuild)
            {
                throw Failed(process);
            }

            SayRebuild(process);
        }
    }

    private bool IsReady(ClusterReport report)
    {
        if (report.Leader is not { Kind: "engine", IsServing: true } leader || !leader.GatewayPids.Any())
        {
            return false;
        }

        foreach (SupervisedProcess process in _processes.Where(p => p is { IsMember: true, NeedsRebuild: false } && p.MemberId != leader.Id))
        {
            if (report.Find(process.MemberId) is not { IsUp: true } || !leader.ConnectedPeers.Contains(process.MemberId))
            {
                return false;
            }
        }

        return true;
    }

    private static HostException Failed(SupervisedProcess process) =>
        new(process.Failure(), process.Child!.ExitCode == ExitCode.BadInput ? ExitCode.BadInput : ExitCode.Failure);

    /// <summary>Restarts a process each time it ends.</summary>
    private async Task KeepAliveAsync(SupervisedProcess process, CancellationToken stop)
    {
        int failedStarts = 0;
        while (true)
        {
            await process.Child!.Exited.WaitAsync(stop).ConfigureAwait(false);
            WriteTable();
            if (_options.NoRestart)
            {
                _say($"{process.Failure()}; left down");
                await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(false);
            }

            if (Operator is not null && process.NeedsRebuild)
            {
                await AwaitRebuildRequestAsync(process, stop).ConfigureAwait(false);
            }
            else
            {
                _say($"{process.Failure()}; restarting");
            }

            long started = Stopwatch.GetTimestamp();
            process.Start();
            try
            {
                await WaitUntilStartedAsync(process, stop).ConfigureAwait(false);
                failedStarts = 0;
                WriteTable();
                _say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{process.Name} is back after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms, pid {process.Child.Pid}"));
            }
            catch (HostException e)
            {
                failedStarts++;
                if (Operator is null && (failedStarts == FailedStartsMax || e.ExitCode == ExitCode.BadInput))
                {
                    throw;
                }

                TimeSpan pause = TimeSpan.FromMilliseconds(100 << Math.Min(failedStarts - 1, 6));
                await Task.Delay(pause < _pauseMax ? pause : _pauseMax, stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A gateway in a cluster is ready only while its member leads; there it counts as started when it runs on.</summary>
    private async Task WaitUntilStartedAsync(SupervisedProcess process, CancellationToken stop)
    {
        if (Operator is null || process.IsMember)
        {
            await WaitUntilReadyAsync(process, stop).ConfigureAwait(false);
            return;
        }

        ChildProcess child = process.Child!;
        await Task.WhenAny(child.Ready, child.Exited, Task.Delay(_settled, stop)).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        if (child.Exited.IsCompleted)
        {
            throw Failed(process);
        }
    }

    private async Task AwaitRebuildRequestAsync(SupervisedProcess process, CancellationToken stop)
    {
        SayRebuild(process);
        string member = StateDirectory.Member(_options.Directory, process.MemberId);
        while (!MemberRebuild.IsRequested(member))
        {
            await Task.Delay(_look * 10, stop).ConfigureAwait(false);
        }

        _say($"{process.Name}: rebuilding from the other members");
    }

    /// <summary>Once for each child that ended so: the start may have said it already when the process is waited for.</summary>
    private void SayRebuild(SupervisedProcess process)
    {
        if (!process.IsRebuildSaid)
        {
            process.IsRebuildSaid = true;
            _say($"{process.Failure()}; it stays down until it is rebuilt from the others");
        }
    }

    private List<ProcessEntry> Entries()
    {
        List<ProcessEntry> entries =
        [
            new ProcessEntry { Name = "local", Role = "supervisor", MemberId = 0, Pid = Environment.ProcessId, FixAddress = string.Empty, Log = string.Empty },
        ];
        entries.AddRange(_processes.ConvertAll(static process => process.ToEntry()));
        return entries;
    }

    private void WriteTable()
    {
        lock (_tableLock)
        {
            ProcessTable.Write(_options.Directory, Entries());
        }
    }

    private void PrintTable()
    {
        ProcessTable.Print(Entries());
        if (_options.Tls is { } tls)
        {
            string trust = tls.CertificateFile is null ? $"; clients trust {DevelopmentCertificate.AuthorityFile(_options.Directory)}" : string.Empty;
            Console.WriteLine($"TLS from port {tls.Port} on, one port for each gateway in the order of the table{trust}");
        }
    }
}
