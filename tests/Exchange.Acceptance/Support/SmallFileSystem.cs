namespace Exchange.Acceptance.Support;

/// <summary>A file system of its own with little room, so that a full disk is a real one.</summary>
internal sealed class SmallFileSystem : IDisposable
{
    private SmallFileSystem(string path) => FullPath = path;

    /// <summary>Where it is mounted.</summary>
    public string FullPath { get; }

    /// <summary>Mounts one; null where the machine refuses (a container without the right to mount).</summary>
    public static SmallFileSystem? TryMount(string path, int mebibytes)
    {
        Directory.CreateDirectory(path);
        CommandResult result = CommandResult.Run("mount", ["-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", path], TimeSpan.FromSeconds(10));
        return result.ExitCode == 0 ? new SmallFileSystem(path) : null;
    }

    /// <summary>Gives it more room, as an operator would.</summary>
    public void Grow(int mebibytes)
    {
        CommandResult result = CommandResult.Run("mount", ["-o", $"remount,size={mebibytes}m", FullPath], TimeSpan.FromSeconds(10));
        Assert.True(result.ExitCode == 0, result.Error);
    }

    /// <inheritdoc/>
    public void Dispose() => CommandResult.Run("umount", ["-l", FullPath], TimeSpan.FromSeconds(10));
}
