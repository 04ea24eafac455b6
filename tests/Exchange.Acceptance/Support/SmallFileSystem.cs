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

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using FileStream file = new(Path.Combine(FullPath, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] chunk = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(chunk);
            }
        }
        catch (IOException)
        {
            // Full, as wished.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Drain() => File.Delete(Path.Combine(FullPath, "filler"));

    /// <inheritdoc/>
    public void Dispose() => CommandResult.Run("umount", ["-l", FullPath], TimeSpan.FromSeconds(10));
}
