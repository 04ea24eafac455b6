using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Exchange.Host.Processes;

/// <summary>What a rehearsal may still cost. Made and asked on the rehearsal's thread.</summary>
internal sealed partial class RehearsalBudget
{
    private const int ThreadCpuTime = 3;
    private const double CpuShare = 0.2;
    private static readonly TimeSpan _advance = TimeSpan.FromMilliseconds(20);
    private readonly RehearsalOptions _options;
    private readonly CancellationToken _stop;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpuBefore;

    /// <summary>Begins to count.</summary>
    public RehearsalBudget(RehearsalOptions options, CancellationToken stop)
    {
        _options = options;
        _stop = stop;
        _cpuBefore = ThreadTime();
    }

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Processor time of the rehearsal's thread; where the system does not tell, the time that has passed.</summary>
    public TimeSpan Cpu => ThreadTime() - _cpuBefore;

    /// <summary>Whether more than its share of a processor was used so far.</summary>
    public bool IsOverdrawn => Cpu > (Elapsed * CpuShare) + _advance;

    /// <summary>Throws when nothing is left.</summary>
    /// <exception cref="RehearsalEndedException">It is time to end.</exception>
    public void Check()
    {
        if (_stop.IsCancellationRequested)
        {
            throw new RehearsalEndedException("the process stops");
        }

        if (Cpu > _options.CpuMax || Elapsed > _options.TimeMax)
        {
            throw new RehearsalEndedException("it took too long");
        }
    }

    private TimeSpan ThreadTime() =>
        OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out TimeSpec time) == 0 ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100)) : Elapsed;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
