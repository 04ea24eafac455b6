using System.Diagnostics;
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.Tests.Concurrent;

public sealed class ProcessProbeTests
{
    [Fact]
    public void A_process_is_alive_until_it_ends_even_before_anyone_reaped_it()
    {
        using Process sleeper = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        using ProcessProbe? probe = ProcessProbe.TryWatch(sleeper.Id, ProcessProbe.PidNamespace);
        Assert.NotNull(probe);
        Assert.False(probe.IsGone);
        sleeper.Kill();
        Stopwatch time = Stopwatch.StartNew();
        while (!probe.IsGone)
        {
            Assert.True(time.Elapsed < TestDriver.Patience);
            _ = Thread.Yield();
        }

        sleeper.WaitForExit();
        Assert.True(probe.IsGone);
        using ProcessProbe? late = ProcessProbe.TryWatch(sleeper.Id, ProcessProbe.PidNamespace);
        Assert.True(late is null or { IsGone: true });
    }

    [Fact]
    public void What_cannot_be_watched_is_not_called_gone()
    {
        Assert.NotEqual(0, ProcessProbe.PidNamespace);
        Assert.Null(ProcessProbe.TryWatch(Environment.ProcessId, ProcessProbe.PidNamespace));
        Assert.Null(ProcessProbe.TryWatch(1, ProcessProbe.PidNamespace + 1));
        Assert.Null(ProcessProbe.TryWatch(1, 0));
        Assert.Null(ProcessProbe.TryWatch(0, ProcessProbe.PidNamespace));
        Assert.Null(ProcessProbe.TryWatch(long.MaxValue, ProcessProbe.PidNamespace));
    }
}
