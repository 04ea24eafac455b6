// Shows in under a minute what the exchange is for: a cluster on this box, clients that trade, the primary killed without warning, the
// clients on the secondary, the killed one back and caught up, and the lead handed back as planned. Every order is accounted for.
//
// The clients are those of `exchange load`: they know both addresses, leave one that is gone or silent, log on at the other with
// continuing numbers, and send again exactly what they are asked for.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Exchange.Host.Client;
using Exchange.Host.Load;
using Exchange.Host.Local;
using Exchange.Host.Operations;

namespace Exchange.Host.Demo;

/// <summary>The demonstration.</summary>
internal sealed class DemoRun : IDisposable
{
    /// <summary>Trading before, between and after the two failovers.</summary>
    private const int TradeSeconds = 3;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);
    private readonly DemoOptions _options;
    private readonly Action<string> _say;
    private readonly LocalSupervisor _supervisor;
    private readonly ConcurrentQueue<Outage> _outages = new();
    private readonly List<Outage> _others = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Prepares the demonstration; starts nothing.</summary>
    public DemoRun(DemoOptions options, Action<string> say)
    {
        _options = options;
        _say = say;
        _supervisor = new LocalSupervisor(new LocalOptions { Directory = options.Directory, FixPort = 0, Members = 3, NoRestart = true }, Say);
    }

    private bool _hasFailed;

    private ClusterOperator Members => _supervisor.Operator!;

    /// <summary>Runs to the end.</summary>
    public async Task<DemoResult> RunAsync(CancellationToken stop)
    {
        try
        {
            Say("starting two engines, a witness and two gateways as processes of their own");
            await _supervisor.StartAsync(stop).ConfigureAwait(false);
            ClusterReport report = await Members.StatusAsync(stop).ConfigureAwait(false);
            MemberReport primary = report.Leader ?? throw new HostException("the cluster lost its leader right after the start; see the logs");
            Say($"member {primary.Id} leads and serves clients at {primary.FixAddress}");
            using LoadEngine load = new(LoadOptions(report, primary), null);
            load.OutageEnded = _outages.Enqueue;
            using CancellationTokenRegistration stopLoad = stop.Register(load.Stop);
            Task<LoadSummary> trading = Task.Factory.StartNew(load.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            try
            {
                DemoResult result = await ShowAsync(load, trading, primary, stop).ConfigureAwait(false);
                _hasFailed = !result.IsGood;
                return result;
            }
            catch
            {
                load.Stop();
                await ((Task)trading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            _hasFailed = true;
            throw;
        }
        finally
        {
            await _supervisor.StopAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _supervisor.Dispose();
        if (_options.Keep || !Directory.Exists(_options.Directory))
        {
            return;
        }

        if (_hasFailed)
        {
            Say($"state and logs stay in {_options.Directory}");
        }
        else
        {
            Directory.Delete(_options.Directory, recursive: true);
        }
    }

    private async Task<DemoResult> ShowAsync(LoadEngine load, Task<LoadSummary> trading, MemberReport primary, CancellationToken stop)
    {
        Say(string.Create(CultureInfo.InvariantCulture, $"{_options.Sessions} sessions trade, {_options.RatePerSec:F0} orders a second"));
        await TradeAsync(load, trading, stop).ConfigureAwait(false);

        NoteOthers();
        Kill(primary.Id);
        Failover kill = await NextFailoverAsync(trading, stop).ConfigureAwait(false);
        Say($"the clients trade on at {kill.Outages[0].To}: {LoadReporter.Duration(kill.MaxGapNs)} without an acknowledgement, numbers continued");
        await TradeAsync(load, trading, stop).ConfigureAwait(false);

        await ReviveAsync(primary.Id, stop).ConfigureAwait(false);
        await TradeAsync(load, trading, stop).ConfigureAwait(false);

        NoteOthers();
        await SwitchOverAsync(primary.Id, stop).ConfigureAwait(false);
        Failover switchover = await NextFailoverAsync(trading, stop).ConfigureAwait(false);
        Say($"the clients trade on at {switchover.Outages[0].To}: {LoadReporter.Duration(switchover.MaxGapNs)} without an acknowledgement");
        await TradeAsync(load, trading, stop).ConfigureAwait(false);

        load.Stop();
        LoadSummary summary = await trading.ConfigureAwait(false);
        NoteOthers();
        Say("trading has ended; comparing the engines");
        bool? equal = await CompareAsync(stop).ConfigureAwait(false);
        return new DemoResult(summary, kill, switchover, Failover.Group(_others), equal);
    }

    private LoadOptions LoadOptions(ClusterReport report, MemberReport primary) => new()
    {
        Addresses =
        [
            HostAddress.Parse(primary.FixAddress),
            .. report.Members.Where(m => m != primary && m.FixAddress.Length > 0).Select(static m => HostAddress.Parse(m.FixAddress)),
        ],
        Reconnects = true,
        SilenceNs = _options.SilenceMs * 1_000_000L,
        Sessions = _options.Sessions,
        RatePerSec = _options.RatePerSec,
        WarmupSeconds = 0,
        Seconds = 3600,
        Mix = LoadMix.Find("fills")!,
        AnsweredShareMin = 0,
        BacklogSecondsMax = 3600,
    };

    private async Task TradeAsync(LoadEngine load, Task<LoadSummary> trading, CancellationToken stop)
    {
        for (int second = 0; second < TradeSeconds; second++)
        {
            await Task.WhenAny(trading, Task.Delay(TimeSpan.FromSeconds(1), stop)).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            await ThrowIfEndedAsync(trading).ConfigureAwait(false);
            Say(string.Create(CultureInfo.InvariantCulture, $"  {load.OrdersSent:N0} orders sent, {load.OrdersAnswered:N0} acknowledged"));
        }
    }

    private void Kill(int memberId)
    {
        SupervisedProcess[] victims = [.. _supervisor.Processes.Where(p => p.MemberId == memberId)];
        foreach (SupervisedProcess victim in victims)
        {
            victim.Child!.Kill();
        }

        Say($"SIGKILL: {string.Join(" and ", victims.Select(static v => $"{v.Name} (pid {v.Child!.Pid})"))}");
    }

    private async Task ReviveAsync(int memberId, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (SupervisedProcess process in _supervisor.Processes.Where(p => p.MemberId == memberId))
        {
            _supervisor.Revive(process);
        }

        Say($"member {memberId} and its gateway are started again");
        await UntilAsync(
            report => report.Find(memberId) is { } member && report.IsCaughtUp(member) && report.Leader!.ConnectedPeers.Contains(memberId),
            $"member {memberId} to catch up",
            stop).ConfigureAwait(false);
        Say(string.Create(CultureInfo.InvariantCulture, $"member {memberId} recovered from its log and has caught up after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));
    }

    private async Task SwitchOverAsync(int memberId, CancellationToken stop)
    {
        Say($"planned switchover back to member {memberId}");
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            JsonObject request = new() { ["verb"] = "switchover", ["to"] = memberId };
            JsonObject answer = await Members.AskLeaderAsync(request, line => Say($"  {line}"), s_patience, stop).ConfigureAwait(false);
            if (MemberReport.FlagOf(answer, "ok"))
            {
                return;
            }

            string error = answer["error"]?.ToString() ?? "refused";
            if (Stopwatch.GetElapsedTime(started) > s_patience)
            {
                throw new HostException($"the switchover was refused: {error}");
            }

            // Just caught up, the member may still be a step behind at the moment of asking; that is refused without harm.
            Say($"  not yet: {error}");
            await Task.Delay(s_look * 10, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until each session trades again and joins what they saw.</summary>
    private async Task<Failover> NextFailoverAsync(Task<LoadSummary> trading, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        List<Outage> outages = [];
        while (outages.Select(static o => o.CompId).Distinct(StringComparer.Ordinal).Count() < _options.Sessions)
        {
            while (_outages.TryDequeue(out Outage? outage))
            {
                outages.Add(outage);
            }

            await ThrowIfEndedAsync(trading).ConfigureAwait(false);
            if (Stopwatch.GetElapsedTime(started) > s_patience)
            {
                throw new HostException($"only {outages.Count} of {_options.Sessions} sessions trade again after {s_patience.TotalSeconds:F0} s; see the logs in {_options.Directory}/logs");
            }

            await Task.Delay(s_look, stop).ConfigureAwait(false);
        }

        // Joined by hand: a session that lost its connection twice in the course of one failover saw one outage in two parts.
        return Failover.Of(outages);
    }

    /// <summary>What interrupted the clients although nobody did anything to them; it is told, not hidden.</summary>
    private void NoteOthers()
    {
        while (_outages.TryDequeue(out Outage? outage))
        {
            _others.Add(outage);
            Say($"  {outage.CompId} was interrupted for {LoadReporter.Duration(outage.GapNs)}: {outage.Cause}");
        }
    }

    private async Task<bool?> CompareAsync(CancellationToken stop)
    {
        ClusterReport report = await UntilAsync(
            static report => report.Members.All(report.IsCaughtUp) && report.HashesEqual() is not null, "all members to stand at the same position", stop).ConfigureAwait(false);
        return report.HashesEqual();
    }

    private Task<ClusterReport> UntilAsync(Predicate<ClusterReport> condition, string what, CancellationToken stop) => Members.UntilAsync(
        condition,
        s_look * 2,
        s_patience,
        report => $"waited {s_patience.TotalSeconds:F0} s for {what} ({string.Join("; ", report.Members.Select(static m => $"member {m.Id} {m.Role}, applied {m.AppliedPosition}, {m.Reason}"))})",
        stop);

    private static async Task ThrowIfEndedAsync(Task<LoadSummary> trading)
    {
        if (trading.IsCompleted)
        {
            LoadSummary ended = await trading.ConfigureAwait(false);
            throw new HostException($"trading ended before its time: {string.Join("; ", ended.Failures)}");
        }
    }

    private void Say(string line) => _say(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_started).TotalSeconds,5:F1} s  {line}"));
}
