// Problem: an agent is a duty without a thread; something must call it, idle in between, and end it in order.
// Idea: one thread, one loop that is generic over the idle strategy, so that the strategy is inlined into it.
// What must hold: an exception never ends the process by accident; it goes to the error handler, or ends this agent and is kept.
namespace Exchange.Ipc.Agents;

/// <summary>Runs an agent on a thread of its own until <see cref="Dispose"/>.</summary>
public sealed class AgentRunner : IDisposable
{
    private readonly IAgent _agent;
    private readonly AgentRunnerOptions _options;
    private readonly Thread _thread;
    private Action? _ownLoop;
    private volatile bool _isStopping;
    private volatile Exception? _failure;

    private AgentRunner(IAgent agent, AgentRunnerOptions options)
    {
        _agent = agent;
        _options = options;
        _thread = new Thread(Run) { IsBackground = true, Name = agent.RoleName };
    }

    /// <summary>What ended the agent before it was asked to end; null otherwise.</summary>
    public Exception? Failure => _failure;

    /// <summary>True until the agent has been closed.</summary>
    public bool IsRunning => _thread.IsAlive;

    /// <summary>Why the thread was not pinned as asked; null when it was, or was not asked for.</summary>
    public string? PinningError { get; private set; }

    /// <summary>Starts a thread for the agent.</summary>
    public static AgentRunner Start(IAgent agent, AgentRunnerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        AgentRunner runner = new(agent, options ?? new AgentRunnerOptions());
        runner._thread.Start();
        return runner;
    }

    /// <summary>Starts a thread for the agent that idles with a strategy of the caller's own, whatever the options say.</summary>
    public static AgentRunner Start<TIdle>(IAgent agent, TIdle idle, AgentRunnerOptions? options = null)
        where TIdle : struct, IIdleStrategy
    {
        ArgumentNullException.ThrowIfNull(agent);
        AgentRunner runner = new(agent, options ?? new AgentRunnerOptions());
        runner._ownLoop = () => runner.Loop(idle);
        runner._thread.Start();
        return runner;
    }

    /// <summary>Asks the agent to end, without waiting.</summary>
    public void SignalStop() => _isStopping = true;

    /// <summary>Waits until the agent has ended; false when it did not within the time.</summary>
    public bool Join(TimeSpan timeout) => _thread.Join(timeout);

    /// <summary>Ends the agent and waits for it; from the agent's own thread it only asks.</summary>
    public void Dispose()
    {
        SignalStop();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        if (_options.Cpu is int cpu && !ThreadAffinity.TryPin(cpu, out string? error))
        {
            PinningError = error;
        }

        try
        {
            _agent.OnStart();
            if (_ownLoop is not null)
            {
                _ownLoop();
                return;
            }

            switch (_options.IdleStrategy)
            {
                case IdleStrategyKind.BusySpin:
                    Loop(default(BusySpinIdleStrategy));
                    break;
                case IdleStrategyKind.Yield:
                    Loop(default(YieldingIdleStrategy));
                    break;
                default:
                    Loop(_options.Backoff);
                    break;
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
        finally
        {
            Close();
        }
    }

    private void Loop<TIdle>(TIdle idle)
        where TIdle : struct, IIdleStrategy
    {
        while (!_isStopping)
        {
            try
            {
                idle.Idle(_agent.DoWork());
            }
            catch (Exception e) when (_options.OnError != null)
            {
                if (!_options.OnError(e))
                {
                    throw;
                }

                idle.Idle(0);
            }
        }
    }

    private void Close()
    {
        try
        {
            _agent.OnClose();
        }
        catch (Exception e)
        {
            _failure ??= e;
        }
    }
}
