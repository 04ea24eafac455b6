// Problem: a driver that was killed leaves its files; a new one must replace them, but never those of a driver that still runs.
// Idea: our drivers hold a lock on the directory itself, which the kernel drops with the process. Aeron's drivers do not, so for their files
// the heartbeat and the process id decide.
// What must hold: nothing is deleted before both questions were answered with "no driver here", and a directory that is another user's, that
// others may enter or that a symbolic link leads to is not used at all.
using System.Runtime.InteropServices;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Driver;

/// <summary>The directory that a driver owns while it runs.</summary>
internal sealed class DriverDirectory : IDisposable
{
    private const int AttemptsMax = 10;
    private readonly int _fd;
    private readonly bool _deleteOnDispose;
    private bool _isDisposed;

    private DriverDirectory(string path, int fd, bool deleteOnDispose)
    {
        Path = path;
        _fd = fd;
        _deleteOnDispose = deleteOnDispose;
    }

    internal string Path { get; }

    internal string LogPath(long registrationId) => System.IO.Path.Combine(Path, "publications", $"{registrationId}.logbuffer");

    /// <summary>Takes the directory over, creating it where needed and removing a dead driver's files.</summary>
    /// <exception cref="ActiveDriverException">A driver runs there.</exception>
    /// <exception cref="IOException">It cannot be created or written, or is not ours alone.</exception>
    internal static DriverDirectory Acquire(string directory, TimeSpan driverTimeout, bool deleteOnDispose)
    {
        string path = System.IO.Path.GetFullPath(directory);
        int fd = OpenAndLock(path);
        DriverDirectory result = new(path, fd, deleteOnDispose);
        try
        {
            RequireNoActiveDriver(path, driverTimeout);
            result.DeleteFiles();
            PrivateDirectory.Create(System.IO.Path.Combine(path, "publications"));
            PrivateDirectory.Create(System.IO.Path.Combine(path, "images"));
            return result;
        }
        catch
        {
            _ = Libc.Close(fd);
            throw;
        }
    }

    /// <summary>Gives the directory up.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_deleteOnDispose)
        {
            try
            {
                DeleteFiles();
                Directory.Delete(Path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Something else lies in it, or a client just opens a file: it is cleaned by the next driver.
            }
        }

        _ = Libc.Close(_fd);
    }

    private static int OpenAndLock(string path)
    {
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            try
            {
                PrivateDirectory.Create(path);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new IOException($"cannot create driver directory {path}: {e.Message}", e);
            }

            int fd = Libc.Open(path, Libc.OpenReadOnly | Libc.OpenCloseOnExec, 0);
            if (fd < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Libc.ErrorAccess)
                {
                    break; // somebody else's
                }

                continue; // a driver that just ended deleted it
            }

            RequireOurs(fd, path);
            if (Libc.Lock(fd, Libc.LockExclusiveNonBlocking) != 0)
            {
                int error = Marshal.GetLastPInvokeError();
                _ = Libc.Close(fd);
                throw error == Libc.ErrorWouldBlock
                    ? new ActiveDriverException($"a media driver already runs in {path}; stop it or choose another directory")
                    : new IOException($"cannot lock {path}: {Marshal.GetPInvokeErrorMessage(error)}");
            }

            if (PrivateDirectory.IsAt(fd, path))
            {
                return fd;
            }

            _ = Libc.Close(fd);
        }

        throw new IOException($"cannot open driver directory {path}; check that it may be created and written, and remove it if it is a symbolic link or belongs to another user");
    }

    private static void RequireOurs(int fd, string path)
    {
        try
        {
            PrivateDirectory.Require(fd, path, closesEmpty: true);
        }
        catch (IOException)
        {
            _ = Libc.Close(fd);
            throw;
        }
    }

    private static void RequireNoActiveDriver(string path, TimeSpan driverTimeout)
    {
        using CncFile? cnc = OpenCnc(path);

        // A file that names a pid namespace is ours; its driver would hold the lock.
        if (cnc == null || cnc.PidNamespace != 0)
        {
            return;
        }

        long heartbeatMs = cnc.CreateToDriverRing().ConsumerHeartbeatMs;
        if (heartbeatMs > 0 && Clock.EpochMs - heartbeatMs <= driverTimeout.TotalMilliseconds)
        {
            throw new ActiveDriverException($"an Aeron media driver (pid {cnc.Pid}) is active in {path}; stop it or choose another directory");
        }
    }

    private static CncFile? OpenCnc(string path)
    {
        try
        {
            return CncFile.TryOpen(path);
        }
        catch (IOException)
        {
            return null; // damaged or of another version, and nobody holds the lock of our own drivers
        }
    }

    private void DeleteFiles()
    {
        // The CnC file goes first, so that no client finds a driver whose logs are already gone.
        File.Delete(CncFile.PathIn(Path));
        File.Delete(System.IO.Path.Combine(Path, "loss-report.dat"));
        foreach (string name in (ReadOnlySpan<string>)["publications", "images"])
        {
            string directory = System.IO.Path.Combine(Path, name);
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }
}
