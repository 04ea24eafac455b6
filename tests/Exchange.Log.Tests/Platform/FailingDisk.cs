using System.Diagnostics;

namespace Exchange.Log.Tests.Platform;

/// <summary>
/// A file system whose device starts to fail on command: ext4 in a sparse file on a tmpfs that is then filled up, so that what the
/// kernel writes back meets real I/O errors.
/// </summary>
internal sealed class FailingDisk : IDisposable
{
    private static readonly Lazy<bool> s_available = new(() =>
    {
        try
        {
            new FailingDisk().Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    });

    private readonly string _root = Directory.CreateTempSubdirectory("exchange-disk-").FullName;

    internal FailingDisk()
    {
        Directory.CreateDirectory(Device);
        Directory.CreateDirectory(Path);
        try
        {
            Require("mount", "-t", "tmpfs", "-o", "size=24m", "none", Device);
            Require("truncate", "-s", "64M", Image);
            Require("mkfs.ext4", "-q", "-E", "nodiscard", Image);
            Require("mount", "-o", "loop", Image, Path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether this process may make one.</summary>
    internal static bool IsAvailable => s_available.Value;

    /// <summary>Where it is mounted.</summary>
    internal string Path => System.IO.Path.Combine(_root, "mount");

    private string Device => System.IO.Path.Combine(_root, "device");

    private string Image => System.IO.Path.Combine(Device, "image");

    /// <summary>From now on the device has no place for anything that it does not hold yet.</summary>
    internal void Break()
    {
        byte[] block = new byte[4096];
        using FileStream ballast = new(System.IO.Path.Combine(Device, "ballast"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
        try
        {
            while (ballast.Length < 1L << 30)
            {
                ballast.Write(block);
            }
        }
        catch (IOException)
        {
        }
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Run("umount", "-l", Device);
        Directory.Delete(_root, recursive: true);
    }

    private static void Require(string program, params string[] arguments)
    {
        if (!Run(program, arguments))
        {
            throw new IOException($"{program} failed");
        }
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
