using Exchange.Cluster;

namespace Exchange.Host.Commands;

/// <summary>What the tools that read a member's log have in common.</summary>
internal static class LogTool
{
    /// <summary>Finds the member's directory, given it, its parent, or its log.</summary>
    public static string MemberDirectory(string directory)
    {
        string full = Path.GetFullPath(directory);
        foreach (string candidate in (ReadOnlySpan<string>)[full, Path.Combine(full, "member-1"), Path.GetDirectoryName(full) ?? full])
        {
            if (Directory.Exists(MemberDirectories.Log(candidate)))
            {
                return candidate;
            }
        }

        throw new HostException($"{directory}: there is no log in it; name the --dir of an exchange or the directory of a member", ExitCode.BadInput);
    }

    /// <summary>Turns what a damaged or unreadable log throws into one line.</summary>
    public static int Guard(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is IOException or MemberFailedException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new HostException(e.Message, e);
        }
    }

    /// <summary>Tells of something passed over.</summary>
    public static void Warn(string message) => Console.Error.WriteLine($"exchange: warning: {message}");
}
