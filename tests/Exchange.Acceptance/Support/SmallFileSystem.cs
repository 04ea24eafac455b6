namespace Exchange.Acceptance.Support;

/// <summary>A file system of its own with little room, so that a full disk is a real one.</summary>
internal sealed class SmallFileSystem : IDisposable
{
    private static readonly Lazy<string> _refusal = new(static () =>
    {
        using TemporaryFolder folder = new();
        CommandResult result = TryMount(folder.FullPath, 1);
        if (result.ExitCode == 0)
        {
            new SmallFileSystem(folder.FullPath).Dispose();
            return string.Empty;
        }

        return result.Error.Trim().Split('\n')[0] is { Length: > 0 } reason ? reason : $"mount ended with {result.ExitCode}";
    });

    private SmallFileSystem(string path) => FullPath = path;

    /// <summary>Why this machine mounts none (a container without the right to); empty where it does.</summary>
    public static string Refusal => _refusal.Value;

    /// <summary>Where it is mounted.</summary>
    public string FullPath { get; }

    /// <summary>Mounts one.</summary>
    public static SmallFileSystem Mount(string path, int mebibytes)
    {
        Directory.CreateDirectory(path);
        CommandResult result = TryMount(path, mebibytes);
        Assert.True(result.ExitCode == 0, result.Error);
        return new SmallFileSystem(path);
    }

    /// <summary>Gives it more room, as an operator would.</summary>
    public void Grow(int mebibytes)
    {
        CommandResult result = CommandResult.Run("mount", ["-o", $"remount,size={mebibytes}m", FullPath], TimeSpan.FromSeconds(10));
        Assert.True(result.ExitCode == 0, result.Error);
    }

    /// <inheritdoc/>
    public void Dispose() => CommandResult.Run("umount", ["-l", FullPath], TimeSpan.FromSeconds(10));

    private static CommandResult TryMount(string path, int mebibytes) =>
        CommandResult.Run("mount", ["-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0700", "tmpfs", path], TimeSpan.FromSeconds(10));
}
