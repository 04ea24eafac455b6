using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Log.Platform;

// Two writers in one log would interleave their entries and destroy it. The kernel drops an flock with its process, however that
// dies, so a lock never has to be removed by hand; the process id in the file is for people only.
internal sealed class DirectoryLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private DirectoryLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="IOException">Another process, or another opening in this one, holds it.</exception>
    internal static DirectoryLock Acquire(string path)
    {
        // Not by .NET's own opening, which takes a shared flock and then fails with a message that names no owner.
        const int OwnerReadsAndWrites = 0x180;
        int handle = LibC.Open(path, LibC.OpenReadWrite | LibC.OpenCreate | LibC.OpenCloseOnExec, OwnerReadsAndWrites);
        if (handle < 0)
        {
            throw DurableFiles.Failure("open", path, Marshal.GetLastPInvokeError());
        }

        SafeFileHandle file = new(handle, ownsHandle: true);
        try
        {
            if (LibC.Lock(file, LibC.LockExclusive | LibC.LockNonBlocking) != 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == LibC.ErrorWouldBlock)
                {
                    throw new IOException($"{Path.GetDirectoryName(path)} is in use by process {ReadOwner(file)}; stop it first or choose another directory");
                }

                throw DurableFiles.Failure("lock", path, error);
            }

            WriteOwner(file);
            return new DirectoryLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // Closing alone would not do: a process that was being started at this moment may hold a copy of the descriptor until its exec.
    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            _ = LibC.Lock(_file, LibC.Unlock);
        }

        _file.Dispose();
    }

    // On a full disk the lock still holds; only the hint for people is missing.
    private static void WriteOwner(SafeFileHandle file)
    {
        try
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"), 0);
        }
        catch (IOException exception) when (DurableFiles.IsDiskFull(exception))
        {
        }
    }

    private static string ReadOwner(SafeFileHandle file)
    {
        byte[] text = new byte[16];
        int length = RandomAccess.Read(file, text, 0);
        string owner = Encoding.ASCII.GetString(text, 0, length).Trim();
        return owner.Length == 0 ? "(unknown)" : owner;
    }
}
