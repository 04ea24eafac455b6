using System.Diagnostics;
using Exchange.Ipc.Agents;

namespace Exchange.Ipc.Tests.Agents;

public sealed class AgentTests
{
    [Theory]
    [InlineData(IdleStrategyKind.Backoff)]
    [InlineData(IdleStrategyKind.BusySpin)]
    [InlineData(IdleStrategyKind.Yield)]
    public void An_agent_is_started_worked_and_closed_once_on_one_thread(IdleStrategyKind kind)
    {
        CountingAgent agent = new();
        using (AgentRunner runner = AgentRunner.Start(agent, new AgentRunnerOptions { IdleStrategy = kind }))
        {
            Until(() => Volatile.Read(ref agent.Cycles) > 100); // partner: DoWork
            Assert.True(runner.IsRunning);
            Assert.Null(runner.Failure);
        }

        Assert.Equal((1, 1, 1), (agent.Starts, agent.Closes, agent.Threads.Count));
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, agent.Threads);
    }

    [Fact]
    public void An_agent_that_throws_is_closed_and_its_failure_kept()
    {
        CountingAgent agent = new() { ThrowAtCycle = 3 };
        using AgentRunner runner = AgentRunner.Start(agent);
        Until(() => !runner.IsRunning);
        Assert.Equal("cycle 3", runner.Failure?.Message);
        Assert.Equal(1, agent.Closes);
    }

    [Fact]
    public void A_thread_that_yields_to_others_passes_its_priority_to_none_but_those_it_starts()
    {
        int before = Nice();
        (int Own, int Started) seen = default;
        Thread thread = new(() =>
        {
            ThreadNice.YieldToOthers();
            Thread started = new(() => seen.Started = Nice());
            started.Start();
            started.Join();
            seen.Own = Nice();
        });
        thread.Start();
        thread.Join();
        Assert.Equal((19, 19), seen);
        Assert.Equal(before, Nice());
    }

    [Fact]
    public void An_error_handler_decides_whether_an_agent_goes_on()
    {
        List<string> errors = [];
        CountingAgent agent = new() { ThrowAtCycle = 3 };
        using AgentRunner runner = AgentRunner.Start(agent, new AgentRunnerOptions
        {
            OnError = e =>
            {
                errors.Add(e.Message);
                return true;
            },
        });
        Until(() => Volatile.Read(ref agent.Cycles) > 50); // partner: DoWork
        runner.Dispose();
        Assert.Equal(["cycle 3"], errors);
        Assert.Null(runner.Failure);
    }

    [Fact]
    public void Agents_of_a_composite_take_turns_and_all_are_closed_even_when_one_fails()
    {
        CountingAgent first = new();
        CountingAgent second = new() { ThrowAtClose = true };
        CompositeAgent composite = new(first, second);
        composite.OnStart();
        Assert.Equal(2, composite.DoWork());
        Assert.Equal(2, composite.DoWork());
        Assert.Throws<InvalidOperationException>(composite.OnClose);
        Assert.Equal((2, 2, 1, 1), (first.Cycles, second.Cycles, first.Closes, second.Closes));
        Assert.Equal("counting+counting", composite.RoleName);
        Assert.Throws<ArgumentException>(() => new CompositeAgent());
    }

    [Theory]
    [InlineData("busy-spin", true, IdleStrategyKind.BusySpin)]
    [InlineData("yield", true, IdleStrategyKind.Yield)]
    [InlineData("backoff", true, IdleStrategyKind.Backoff)]
    [InlineData("Backoff", false, IdleStrategyKind.Backoff)]
    [InlineData("", false, IdleStrategyKind.Backoff)]
    [InlineData(null, false, IdleStrategyKind.Backoff)]
    public void Idle_strategies_are_chosen_by_name(string? name, bool isKnown, IdleStrategyKind kind)
    {
        Assert.Equal(isKnown, ConfiguredIdleStrategy.TryParse(name, out IdleStrategyKind parsed));
        Assert.Equal(kind, parsed);
    }

    [Fact]
    public void Backoff_parks_when_idle_and_starts_over_with_work()
    {
        BackoffIdleStrategy idle = new(maxSpins: 1, maxYields: 1, minParkNs: 1_000, maxParkNs: 2_000_000);
        Stopwatch time = Stopwatch.StartNew();
        for (int i = 0; i < 30; i++)
        {
            idle.Idle(0);
        }

        Assert.True(time.ElapsedMilliseconds >= 10, $"30 idle cycles took only {time.Elapsed}");
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackoffIdleStrategy(-1, 0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackoffIdleStrategy(0, 0, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackoffIdleStrategy(0, 0, 2, 1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            idle.Idle(1);
            idle.Idle(0);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_thread_can_be_pinned_and_a_processor_that_is_not_there_is_refused()
    {
        Assert.False(ThreadAffinity.TryPin(-1, out string? error));
        Assert.NotNull(error);
        Assert.False(ThreadAffinity.TryPin(1_000, out error));
        Assert.NotNull(error);
        CountingAgent agent = new();
        using AgentRunner runner = AgentRunner.Start(agent, new AgentRunnerOptions { Cpu = 1_000 });
        Until(() => Volatile.Read(ref agent.Cycles) > 1); // partner: DoWork
        Assert.NotNull(runner.PinningError);
    }

    // Field 19 of proc_pid_stat(5); the name before it, in brackets, may hold blanks.
    private static int Nice()
    {
        string stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Until(Func<bool> condition)
    {
        Stopwatch time = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(time.Elapsed < TestDriver.Patience, "waited in vain");
            _ = Thread.Yield();
        }
    }

    private sealed class CountingAgent : IAgent
    {
        internal int Cycles;

        internal HashSet<int> Threads { get; } = [];

        internal int Starts { get; private set; }

        internal int Closes { get; private set; }

        internal int ThrowAtCycle { get; init; }

        internal bool ThrowAtClose { get; init; }

        public string RoleName => "counting";

        public void OnStart()
        {
            Starts++;
            _ = Threads.Add(Environment.CurrentManagedThreadId);
        }

        public int DoWork()
        {
            _ = Threads.Add(Environment.CurrentManagedThreadId);
            int cycle = Cycles + 1;
            Volatile.Write(ref Cycles, cycle); // partner: the tests
            return cycle == ThrowAtCycle ? throw new InvalidOperationException($"cycle {cycle}") : 1;
        }

        public void OnClose()
        {
            _ = Threads.Add(Environment.CurrentManagedThreadId);
            Closes++;
            if (ThrowAtClose)
            {
                throw new InvalidOperationException("close");
            }
        }
    }
}
