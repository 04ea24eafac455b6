// Problem: the gateway thread sleeps when there is nothing to do, but a socket that becomes readable, or a password that has been checked,
//          must not wait for the end of that sleep.
// Idea:    the thread sleeps on this signal with a time limit; whoever has something for it sets the signal. On Linux it is an eventfd, so
//          that the time limit can be finer than a millisecond and one more descriptor (the polled transport's epoll) can be waited for too.
// Must hold: no wake-up is lost. The state goes Idle -> Waiting (by the waiter) -> Signalled (by a setter); a setter that finds Waiting
//          writes the eventfd; a waiter that finds Signalled does not sleep. A write that comes late costs one spurious wake-up, no more.
using System.Runtime.InteropServices;

namespace Exchange.Gateway.Transport;

/// <summary>An auto-reset signal: set from any thread, waited for by one.</summary>
public sealed class WakeSignal : IDisposable
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Signalled = 2;

    private readonly AutoResetEvent? _event;
    private readonly LinuxSockets.PollDescriptor[] _descriptors = new LinuxSockets.PollDescriptor[2];
    private readonly int _eventDescriptor = -1;
    private int _descriptorCount;
    private int _state;
    private bool _isDisposed;

    /// <summary>Creates a signal that is not set.</summary>
    public WakeSignal()
    {
        if (OperatingSystem.IsLinux())
        {
            _eventDescriptor = LinuxSockets.EventDescriptor(0, LinuxSockets.CloseOnExec | LinuxSockets.NonBlocking);
        }

        if (_eventDescriptor >= 0)
        {
            Watch(_eventDescriptor);
        }
        else
        {
            _event = new AutoResetEvent(initialState: false);
        }
    }

    /// <summary>Wakes the waiter, or keeps it from falling asleep.</summary>
    public void Set()
    {
        // Partner: the CompareExchange in Wait. Both are full fences, so what the setter wrote before is seen by the woken thread.
        if (Interlocked.Exchange(ref _state, Signalled) != Waiting)
        {
            return;
        }

        if (_event is not null)
        {
            _event.Set();
        }
        else
        {
            ulong one = 1;
            _ = LinuxSockets.Write(_eventDescriptor, in one, sizeof(ulong));
        }
    }

    /// <summary>Sleeps until the signal is set or the time is over, whichever is first; returns at once when it is set already.</summary>
    /// <param name="timeoutNs">Longest sleep in nanoseconds.</param>
    public void Wait(long timeoutNs)
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Signalled)
        {
            Volatile.Write(ref _state, Idle);
            return;
        }

        if (_event is not null)
        {
            _event.WaitOne((int)Math.Max(1, timeoutNs / 1_000_000));
        }
        else
        {
            WaitOnDescriptors(timeoutNs);
        }

        // A setter that comes between the sleep and this line has announced work that the caller is about to look for anyway.
        Interlocked.Exchange(ref _state, Idle);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _event?.Dispose();
        if (_eventDescriptor >= 0)
        {
            _ = LinuxSockets.Close(_eventDescriptor);
        }
    }

    /// <summary>Ends a sleep also when this descriptor becomes readable. At most one, before the first wait.</summary>
    internal void Watch(int descriptor)
    {
        _descriptors[_descriptorCount++] = new LinuxSockets.PollDescriptor { Descriptor = descriptor, Events = LinuxSockets.PollIn };
    }

    private void WaitOnDescriptors(long timeoutNs)
    {
        LinuxSockets.TimeSpec timeout = new() { Seconds = timeoutNs / 1_000_000_000, Nanoseconds = timeoutNs % 1_000_000_000 };
        ref LinuxSockets.PollDescriptor first = ref MemoryMarshal.GetArrayDataReference(_descriptors);
        int ready = LinuxSockets.Poll(ref first, (nuint)_descriptorCount, in timeout, 0);
        if (ready > 0 && first.Returned != 0)
        {
            ulong count = 0;
            _ = LinuxSockets.Read(_eventDescriptor, ref count, sizeof(ulong));
        }
    }
}
