// Problem: what an exchange keeps (orders in shared memory, password hashes in the log) is nobody else's business, and a name in /dev/shm can be
// guessed: whoever creates that directory first would own what is put into it.
// Idea: directories are created for their owner only, and one that is there already is used only if it is ours and closed to others. The
// question is put to the open descriptor, and the name must lead to that very directory, so that nothing can be exchanged in between.
// What must hold: a directory of another user is never used, whatever its mode; one of ours is opened up to nobody.
using System.Runtime.InteropServices;

namespace Exchange.Ipc.Concurrent;

/// <summary>Directories that only the user of this process may enter.</summary>
public static unsafe class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int OthersBits = 0x3F; // rwxrwx of group and others
    private const uint NewFilesMask = OthersBits;

    /// <summary>Takes from everything that this process and its children create, from now on, what group and others could do with it.</summary>
    public static void KeepNewFilesPrivate()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Libc.SetCreationMask(NewFilesMask);
        }
    }

    /// <summary>Creates a directory, where there is none, for its owner only. One that is there stays as it is.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static void Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(path);
            return;
        }

        _ = Directory.CreateDirectory(path, OwnerOnly);
    }

    /// <summary>Creates a directory or takes one that is there, which must be ours and closed to others; an empty one of ours is closed.</summary>
    /// <exception cref="IOException">It cannot be created or opened, or may not be used; the message is one line that says what to do.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be created.</exception>
    public static void Claim(string path)
    {
        Create(path);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int fd = Open(path);
        try
        {
            Require(fd, path, closesEmpty: true);
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    /// <summary>Demands that a directory, if it exists, is ours, closed to others and no symbolic link.</summary>
    /// <exception cref="IOException">It is not; the message is one line that says what to do.</exception>
    internal static void RequireIfPresent(string path)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        int fd = Open(path);
        try
        {
            Require(fd, path, closesEmpty: false);
            if (!IsAt(fd, path))
            {
                throw new IOException($"{path} is a symbolic link; remove it, or choose another directory");
            }
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    /// <summary>Demands that an open directory is ours and closed to others.</summary>
    /// <param name="fd">The directory.</param>
    /// <param name="path">Its name, for the message.</param>
    /// <param name="closesEmpty">One of ours that is empty, so that nobody can have put anything into it, is closed instead of refused.</param>
    /// <exception cref="IOException">It is not; the message is one line that says what to do.</exception>
    internal static void Require(int fd, string path, bool closesEmpty)
    {
        Libc.FileStatus status = default;
        if (Libc.Status(fd, string.Empty, Libc.StatusOfDescriptor, Libc.StatusBasic, &status) != 0)
        {
            throw CannotOpen(path, Marshal.GetLastPInvokeError());
        }

        uint own = Libc.EffectiveUserId();
        if (status.UserId != own)
        {
            throw new IOException($"{path} belongs to user {status.UserId}, not to the user of this process ({own}); remove it, or choose another directory");
        }

        if ((status.Mode & OthersBits) == 0)
        {
            return;
        }

        // Looked into again once it is closed: what came in between would be seen.
        if (closesEmpty && IsEmpty(path) && Libc.SetMode(fd, (uint)OwnerOnly) == 0 && IsEmpty(path))
        {
            return;
        }

        throw new IOException($"{path} is open to others than its owner (mode {Convert.ToString(status.Mode & 0xFFF, 8)}); run: chmod -R go= {path}");
    }

    /// <summary>Whether a name leads to an open directory itself, and not over a symbolic link, which somebody else could turn elsewhere.</summary>
    internal static bool IsAt(int fd, string path)
    {
        Libc.FileStatus open = default;
        Libc.FileStatus named = default;
        return Libc.Status(fd, string.Empty, Libc.StatusOfDescriptor, Libc.StatusBasic, &open) == 0
            && Libc.Status(Libc.CurrentDirectory, path, Libc.StatusOfLink, Libc.StatusBasic, &named) == 0
            && open.Inode == named.Inode
            && open.DeviceMajor == named.DeviceMajor
            && open.DeviceMinor == named.DeviceMinor;
    }

    private static bool IsEmpty(string path) => !Directory.EnumerateFileSystemEntries(path).Any();

    private static int Open(string path)
    {
        int fd = Libc.Open(path, Libc.OpenReadOnly | Libc.OpenCloseOnExec, 0);
        return fd >= 0 ? fd : throw CannotOpen(path, Marshal.GetLastPInvokeError());
    }

    private static IOException CannotOpen(string path, int error) =>
        new($"cannot open {path}: {Marshal.GetPInvokeErrorMessage(error)}; if it belongs to another user remove it, or choose another directory");
}
