using System.Diagnostics;
using System.Globalization;

namespace Exchange.Log.Tests.Platform;

/// <summary>A tmpfs of a few MiB, so that a disk can really be full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<bool> s_available = new(() =>
    {
        string path = Directory.CreateTempSubdirectory("exchange-disk-").FullName;
        bool mounted = Run("mount", "-t", "tmpfs", "-o", "size=1m", "none", path) && Run("umount", path);
        Directory.Delete(path);
        return mounted;
    });

    internal SmallDisk(int mebibytes)
    {
        Path = Directory.CreateTempSubdirectory("exchange-disk-").FullName;
        Assert.True(Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m"), "none", Path));
    }

    /// <summary>Whether this process may mount one.</summary>
    internal static bool IsAvailable => s_available.Value;

    /// <summary>Where it is mounted.</summary>
    internal string Path { get; }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
