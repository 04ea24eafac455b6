using System.Security.Cryptography;
using System.Text;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Driver;

namespace Exchange.Host.Configuration;

/// <summary>The directory that holds an exchange's state, and where its parts are.</summary>
internal static class StateDirectory
{
    private const string SharedMemory = "/dev/shm";

    /// <summary>A member that was killed is started again well within this time, and cleans up after itself.</summary>
    private static readonly TimeSpan s_abandonedAfter = TimeSpan.FromMinutes(1);

    /// <summary>Where `exchange local` keeps its state unless told otherwise.</summary>
    public static string Default => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data ? data : Path.GetTempPath(),
        "exchange",
        "local");

    /// <summary>Creates the directory if need be and takes the right to run in it.</summary>
    public static FileStream Acquire(string directory)
    {
        Claim(directory);
        string path = Path.Combine(directory, "local.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw NotWritable(directory);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new HostException($"{directory}: another exchange runs in this directory; stop it or choose another with --dir ({e.Message})", ExitCode.BadInput);
        }
        catch (IOException e)
        {
            throw new HostException($"{directory}: cannot be written: {e.Message}; choose another directory with --dir", ExitCode.BadInput);
        }
    }

    /// <summary>Creates the directory if need be; one that is there must be ours and closed to others, since password hashes are in it.</summary>
    /// <exception cref="HostException">It is not, or cannot be created.</exception>
    public static void Claim(string directory)
    {
        try
        {
            PrivateDirectory.Claim(directory);
        }
        catch (UnauthorizedAccessException)
        {
            throw NotWritable(directory);
        }
        catch (IOException e)
        {
            throw new HostException(e.Message, ExitCode.BadInput);
        }
    }

    /// <summary>
    /// Lies beside the cluster file until the cluster has served for the first time. As long as it does, members without state are new,
    /// not robbed of their disks.
    /// </summary>
    public static string CreationMark(string directory) => Path.Combine(directory, "cluster.new");

    /// <summary>Says where a member that is alone listens for operators, as HOST:PORT.</summary>
    public static string OperatorAddress(string directory) => Path.Combine(Member(directory, 1), "operator.address");

    /// <summary>Directory of a member's log, snapshots and history.</summary>
    public static string Member(string directory, int memberId) => Path.Combine(directory, $"member-{memberId}");

    /// <summary>Directory of a member's shared memory: in memory where the machine has /dev/shm, since nothing in it outlives the member.</summary>
    public static string Aeron(string directory, int memberId)
    {
        string full = Path.GetFullPath(directory);
        if (!Directory.Exists(SharedMemory))
        {
            return Path.Combine(Member(full, memberId), "aeron");
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)).AsSpan(0, 8));
        return $"{SharedMemory}/exchange-{hash}-member-{memberId}";
    }

    /// <summary>Directory of what a process rehearses with; beside its member's shared memory, and gone when the rehearsal is over.</summary>
    public static string Rehearsal(string directory, int memberId, string process) => $"{Aeron(directory, memberId)}-rehearsal-{process}";

    /// <summary>
    /// Deletes the shared memory of members that were killed and never started again, whose state directories may be gone; nothing in it outlives
    /// its member.
    /// </summary>
    /// <returns>What was deleted.</returns>
    public static IReadOnlyList<string> SweepSharedMemory() => AbandonedDrivers.Delete(SharedMemory, "exchange-*-member-*", s_abandonedAfter);

    /// <summary>Deletes all state below the directory, for --reset. Only what an exchange creates is deleted.</summary>
    public static void Reset(string directory)
    {
        for (int member = 1; member <= byte.MaxValue; member++)
        {
            Delete(Member(directory, member));
            Delete(Aeron(directory, member));
        }

        Delete(Path.Combine(directory, "logs"));
        File.Delete(Path.Combine(directory, "processes.json"));
        File.Delete(CreationMark(directory));
        File.Delete(ClusterFile.PathIn(directory));
        File.Delete(ClusterKey.PathIn(directory));
    }

    private static HostException NotWritable(string directory) =>
        new($"{directory}: cannot be written; choose another directory with --dir or change its permissions", ExitCode.BadInput);

    private static void Delete(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
