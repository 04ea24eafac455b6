using System.Diagnostics;
using Exchange.Gateway.Transport;

namespace Exchange.Gateway.Tests.Transport;

public class WakeSignalTests
{
    private const long TenSecondsNs = 10_000_000_000;

    [Fact]
    public void A_signal_set_before_the_wait_ends_it_at_once_and_only_once()
    {
        using WakeSignal signal = new();
        signal.Set();
        Assert.True(Wait(signal, TenSecondsNs) < TimeSpan.FromSeconds(5));
        Assert.True(Wait(signal, 20_000_000) >= TimeSpan.FromMilliseconds(19));
    }

    [Fact]
    public void A_signal_set_during_the_wait_ends_it()
    {
        using WakeSignal signal = new();
        Thread waiter = Thread.CurrentThread;
        Thread setter = new(() =>
        {
            // Once it waits, or a little later where the runtime does not show that it does; right in either case.
            SpinWait.SpinUntil(() => (waiter.ThreadState & System.Threading.ThreadState.WaitSleepJoin) != 0, 50);
            signal.Set();
        });
        setter.Start();

        Assert.True(Wait(signal, TenSecondsNs) < TimeSpan.FromSeconds(5));
        setter.Join();
    }

    [Fact]
    public void No_wake_up_is_lost_between_two_threads()
    {
        // Ping-pong: a lost wake-up would cost ten seconds, and a hundred thousand rounds would never end.
        using WakeSignal ping = new();
        using WakeSignal pong = new();
        const int rounds = 20_000;
        int pings = 0;
        int pongs = 0;
        Stopwatch watch = Stopwatch.StartNew();
        Thread other = new(() =>
        {
            for (int i = 1; i <= rounds; i++)
            {
                while (Volatile.Read(ref pings) < i)
                {
                    ping.Wait(TenSecondsNs);
                }

                Volatile.Write(ref pongs, i);
                pong.Set();
            }
        });
        other.Start();
        for (int i = 1; i <= rounds; i++)
        {
            Volatile.Write(ref pings, i);
            ping.Set();
            while (Volatile.Read(ref pongs) < i)
            {
                pong.Wait(TenSecondsNs);
            }
        }

        other.Join();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), watch.Elapsed.ToString());
    }

    private static TimeSpan Wait(WakeSignal signal, long timeoutNs)
    {
        long start = Stopwatch.GetTimestamp();
        signal.Wait(timeoutNs);
        return Stopwatch.GetElapsedTime(start);
    }
}
