// Problem: a member that is killed leaves its shared memory behind. The next start in the same state directory takes it over; where there is
// none, because that directory was thrown away, megabytes stay in memory until the machine restarts.
// Idea: a running driver of ours holds a lock on its directory, which the kernel drops with the process. A directory that can be locked, and of
// which no process has a file mapped, belongs to nobody.
// What must hold: nothing is deleted of a driver that runs, nor of one whose clients still look at it; only what drivers of ours create is deleted.
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Driver;

/// <summary>Finds and deletes the directories of drivers that were killed.</summary>
public static class AbandonedDrivers
{
    /// <summary>Deletes the abandoned ones among the directories of a folder.</summary>
    /// <param name="folder">For example /dev/shm.</param>
    /// <param name="pattern">Which directories are drivers', for example exchange-*-member-*.</param>
    /// <param name="silentFor">How long a driver must have said nothing: one that was just killed is about to be started again, and would find its directory locked.</param>
    /// <returns>What was deleted.</returns>
    public static IReadOnlyList<string> Delete(string folder, string pattern, TimeSpan silentFor)
    {
        List<string> deleted = [];
        if (!Directory.Exists(folder))
        {
            return deleted;
        }

        foreach (string path in Directory.GetDirectories(folder, pattern).Where(path => IsSilent(path, silentFor) && !IsMapped(path)))
        {
            try
            {
                using DriverDirectory directory = DriverDirectory.Acquire(path, TimeSpan.Zero, deleteOnDispose: true);
                deleted.Add(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ActiveDriverException)
            {
                // Its driver runs, or it is somebody else's.
            }
        }

        return deleted;
    }

    private static bool IsSilent(string directory, TimeSpan silentFor)
    {
        try
        {
            // A file of somebody else is not even mapped: it could be cut short under us.
            PrivateDirectory.RequireIfPresent(directory);
            using CncFile? cnc = CncFile.TryOpen(directory);
            return cnc is not null && Clock.EpochMs - cnc.CreateToDriverRing().ConsumerHeartbeatMs >= silentFor.TotalMilliseconds;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // damaged, of another version or somebody else's
        }
    }

    /// <summary>Whether any process that can be looked at has a file of the directory mapped.</summary>
    private static bool IsMapped(string directory)
    {
        string prefix = directory + "/";
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(static path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                if (File.ReadLines(Path.Combine(process, "maps")).Any(line => line.Contains(prefix, StringComparison.Ordinal)))
                {
                    return true;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process has ended meanwhile, or is another user's, who could not have opened our files.
            }
        }

        return false;
    }
}
