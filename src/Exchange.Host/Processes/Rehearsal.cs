// Problem: a secondary has never led, and its gateway has never served anybody. The first time either has to, hundreds of methods are
//          compiled while clients wait: a fifth of a second, at the worst possible moment.
// Idea:    after the start, on a thread of its own, the process plays a failover in small with the real code on throw-away parts:
//          members, gateways and clients of its own, in a directory of its own, connected over loopback. When it is over the runtime has
//          compiled what a failover needs, and what is hot has reached its optimised form.
//          The thread keeps the usual priority and holds itself back instead (RehearsalBudget): threads of the runtime that it happens
//          to start would inherit a low one for good, and the compiler's locks, held by a thread that nobody runs, would stop the member.
// Must hold: nothing of the process's own member or gateway is touched; it costs bounded time; whatever happens in it is at most a warning.
using System.Globalization;
using System.Runtime;

namespace Exchange.Host.Processes;

/// <summary>Plays a failover beside the process's work, so that the first real one runs warm code.</summary>
internal sealed class Rehearsal : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private readonly RehearsalOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    private Rehearsal(RehearsalOptions options)
    {
        _options = options;
        _thread = new Thread(Run) { Name = "rehearsal", IsBackground = true };
    }

    /// <summary>Whether it is over.</summary>
    public bool IsOver => !_thread.IsAlive;

    /// <summary>Begins on a thread of its own and returns at once.</summary>
    public static Rehearsal Start(RehearsalOptions options)
    {
        Rehearsal rehearsal = new(options);
        rehearsal._thread.Start();
        return rehearsal;
    }

    /// <summary>Ends it, if it is not over, and waits a moment for its parts to be removed.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.Join(_patience))
        {
            _stop.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            if (_stop.Token.WaitHandle.WaitOne(_options.Delay))
            {
                return;
            }

            Remove();
            RehearsalBudget budget = new(_options, _stop.Token);
            long methods = JitInfo.GetCompiledMethodCount();
            using (RehearsalStage stage = new(_options, budget))
            {
                RehearsalScript script = new(stage);
                script.Play(_options.IsCluster);
                _options.Log(string.Create(
                    CultureInfo.InvariantCulture,
                    $"rehearsed {script.Summary} in {budget.Elapsed.TotalSeconds:F1} s ({budget.Cpu.TotalSeconds:F1} s of processor time): {JitInfo.GetCompiledMethodCount() - methods} methods compiled"));
            }
        }
        catch (RehearsalEndedException e)
        {
            if (!_stop.IsCancellationRequested)
            {
                _options.Log($"the rehearsal was given up: {e.Message}");
            }
        }
        catch (Exception e)
        {
            _options.Warn($"the rehearsal failed, so the first failover will be slower than it could be: {e.Message}", e);
        }
        finally
        {
            Remove();
        }
    }

    private void Remove()
    {
        try
        {
            if (Directory.Exists(_options.Directory))
            {
                Directory.Delete(_options.Directory, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _options.Warn($"{_options.Directory} could not be removed: {e.Message}", e);
        }
    }
}
