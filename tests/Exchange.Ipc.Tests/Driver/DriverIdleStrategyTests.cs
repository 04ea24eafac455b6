using Exchange.Ipc.Agents;
using Exchange.Ipc.Driver;

namespace Exchange.Ipc.Tests.Driver;

public sealed class DriverIdleStrategyTests
{
    private const int BusyAndBackingOff = 250;

    [Fact]
    public void A_word_ends_the_sleep_of_a_quiet_driver_only_and_starts_it_over()
    {
        using AutoResetEvent wake = new(initialState: false);
        DriverIdleStrategy idle = new(wake, new BackoffIdleStrategy(0, 0, 1, 1));
        for (int i = 0; i < 2; i++)
        {
            wake.Set();
            for (int turn = 0; turn < BusyAndBackingOff; turn++)
            {
                idle.Idle(0);
            }

            // Nobody has waited for the word so far; the next turn does, and takes it for a new beginning.
            Assert.True(wake.WaitOne(0));
            wake.Set();
            idle.Idle(0);
            Assert.False(wake.WaitOne(0));
        }
    }

    [Fact]
    public void Work_starts_it_over()
    {
        using AutoResetEvent wake = new(initialState: false);
        DriverIdleStrategy idle = new(wake, new BackoffIdleStrategy(0, 0, 1, 1));
        for (int turn = 0; turn < BusyAndBackingOff; turn++)
        {
            idle.Idle(0);
        }

        idle.Idle(1);
        wake.Set();
        idle.Idle(0);
        Assert.True(wake.WaitOne(0));
    }
}
