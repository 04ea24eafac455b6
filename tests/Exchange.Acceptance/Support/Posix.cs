using System.Globalization;
using System.Runtime.InteropServices;

namespace Exchange.Acceptance.Support;

/// <summary>Signals to processes, and whether a process is still there.</summary>
internal static partial class Posix
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Whether the tests run as the user who may mount and who may write everywhere.</summary>
    public static bool IsRoot => geteuid() == 0;

    /// <summary>Sends a signal; false when there is no such process.</summary>
    public static bool Signal(int pid, int signal) => kill(pid, signal) == 0;

    /// <summary>Whether the process runs; one that has ended but was not waited for does not.</summary>
    public static bool IsAlive(int pid) => State(pid) is not ('\0' or 'Z' or 'X');

    /// <summary>CPU time used by the process since its start, all threads.</summary>
    public static TimeSpan CpuTime(int pid)
    {
        // Fields 14 and 15 (utime, stime) in clock ticks, of which Linux has 100 in a second; the name in field 2 may hold spaces.
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromMilliseconds(ticks * 10);
    }

    /// <summary>Living processes whose command line contains the text.</summary>
    public static IReadOnlyList<int> WithCommandLine(string text)
    {
        List<int> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && IsAlive(pid))
            {
                try
                {
                    if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(text, StringComparison.Ordinal))
                    {
                        found.Add(pid);
                    }
                }
                catch (IOException)
                {
                    // It ended between the listing and the look.
                }
            }
        }

        return found;
    }

    private static char State(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return '\0';
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
