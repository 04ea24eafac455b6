using Exchange.Ipc.Agents;

namespace Exchange.Host.Processes;

/// <summary>Runs a process's agent on its thread until the process is told to stop or the agent fails.</summary>
internal static class AgentHost
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _readyPoll = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Lets this process go first where the system allows it: whatever else a box does, a member that is not run is deposed and a gateway
    /// that is not run drops its clients. Not one that spins, which would leave nothing to the others of its core. To be called before
    /// the threads that do the work are started, as those have the priority of the one that starts them.
    /// </summary>
    /// <param name="idle">Name of the idle strategy.</param>
    /// <param name="log">Told when it is refused.</param>
    public static void GoFirst(string idle, Action<string> log)
    {
        if (idle == "backoff" && OperatingSystem.IsLinux() && !ThreadNice.TryGoFirst())
        {
            log("runs without priority over other processes, as it may not ask for it (CAP_SYS_NICE); on a busy box that costs leaderships");
        }
    }

    /// <summary>Runs the agent.</summary>
    /// <param name="agent">What to run.</param>
    /// <param name="idle">Name of the idle strategy on the command line: backoff, yield or spin.</param>
    /// <param name="cpu">CPU to pin the thread to; -1 for none.</param>
    /// <param name="isReady">Whether the agent does its work; looked at until it is.</param>
    /// <param name="onReady">Called once then.</param>
    /// <param name="log">Receives what went wrong with pinning.</param>
    /// <param name="stop">Ends the run.</param>
    public static void Run(IAgent agent, string idle, int cpu, Func<bool> isReady, Action onReady, Action<string> log, CancellationToken stop)
    {
        using AgentRunner runner = AgentRunner.Start(agent, new AgentRunnerOptions { IdleStrategy = Kind(idle), Cpu = Cpu(cpu) });
        Wait(runner, isReady, onReady, log, stop);
    }

    /// <summary>Runs the agent with an idle strategy of its own.</summary>
    public static void Run<TIdle>(IAgent agent, TIdle idle, int cpu, Func<bool> isReady, Action onReady, Action<string> log, CancellationToken stop)
        where TIdle : struct, IIdleStrategy
    {
        using AgentRunner runner = AgentRunner.Start(agent, idle, new AgentRunnerOptions { Cpu = Cpu(cpu) });
        Wait(runner, isReady, onReady, log, stop);
    }

    private static void Wait(AgentRunner runner, Func<bool> isReady, Action onReady, Action<string> log, CancellationToken stop)
    {
        bool announced = false;
        while (!stop.IsCancellationRequested && runner.IsRunning)
        {
            if (!announced && isReady())
            {
                announced = true;
                if (runner.PinningError is { } error)
                {
                    log($"the thread could not be pinned: {error}");
                }

                onReady();
            }

            stop.WaitHandle.WaitOne(announced ? _poll : _readyPoll);
        }

        if (runner.Failure is { } failure)
        {
            throw failure;
        }
    }

    private static int? Cpu(int cpu) => cpu < 0 ? null : cpu;

    private static IdleStrategyKind Kind(string idle) => idle switch
    {
        "spin" => IdleStrategyKind.BusySpin,
        "yield" => IdleStrategyKind.Yield,
        _ => IdleStrategyKind.Backoff,
    };
}
