using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Log.Platform;

// File operations whose result survives a power cut: the content is flushed before the name appears, and the directory after it.
internal static class DurableFiles
{
    /// <summary>Suffix of files that are not valid yet; recovery removes them.</summary>
    internal const string TemporarySuffix = ".tmp";

    private const int ZeroChunkBytes = 1 << 20;

    /// <summary>Creates a directory, where there is none, that only its owner may enter: what is logged holds password hashes.</summary>
    internal static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Creates a file, or empties one that is there, that only its owner may read and write.</summary>
    internal static SafeFileHandle Create(string path, FileAccess access = FileAccess.Write, FileShare share = FileShare.Read)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.Create, access, share);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    /// <summary>Gives a new file all its blocks, so that no later store can find the disk full.</summary>
    internal static void Allocate(SafeFileHandle file, string path, long length)
    {
        int error;
        do
        {
            error = LibC.Allocate(file, 0, length);
        }
        while (error == LibC.ErrorInterrupted);

        if (error != 0)
        {
            throw Failure($"allocate {length} bytes for", path, error);
        }
    }

    /// <summary>Allocates a new file and makes that durable.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="length">Length in bytes.</param>
    /// <param name="zeroFill">
    /// Also writes zeros and flushes them, because a block that is allocated but unwritten costs a journal commit at its first flush.
    /// </param>
    internal static void Preallocate(SafeFileHandle file, string path, long length, bool zeroFill)
    {
        Allocate(file, path, length);
        if (zeroFill)
        {
            byte[] zeros = GC.AllocateUninitializedArray<byte>((int)Math.Min(ZeroChunkBytes, length));
            Array.Clear(zeros);
            for (long offset = 0; offset < length; offset += zeros.Length)
            {
                Write(file, path, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - offset)), offset);
            }
        }

        Flush(file, path);
    }

    /// <summary>Writes at an offset; a full disk becomes a <see cref="DiskFullException"/>.</summary>
    internal static void Write(SafeFileHandle file, string path, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (IOException exception) when (IsDiskFull(exception))
        {
            throw Failure("write", path, LibC.ErrorNoSpace);
        }
    }

    /// <summary>Flushes content and metadata of a file.</summary>
    internal static void Flush(SafeFileHandle file, string path)
    {
        while (LibC.Sync(file) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != LibC.ErrorInterrupted)
            {
                throw Failure("flush", path, error);
            }
        }
    }

    /// <summary>Makes creations, renames and removals in a directory durable.</summary>
    internal static void FlushDirectory(string directory)
    {
        int handle = LibC.Open(directory, LibC.OpenDirectory | LibC.OpenCloseOnExec, 0);
        if (handle < 0)
        {
            throw Failure("open", directory, Marshal.GetLastPInvokeError());
        }

        int result = LibC.Sync(handle);
        int error = Marshal.GetLastPInvokeError();
        _ = LibC.Close(handle);
        if (result != 0)
        {
            throw Failure("flush", directory, error);
        }
    }

    /// <summary>Replaces a small file so that after a crash either the old or the new content is there, whole.</summary>
    internal static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + TemporarySuffix;
        using (SafeFileHandle file = Create(temporary))
        {
            Write(file, temporary, content, 0);
            Flush(file, temporary);
        }

        File.Move(temporary, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>The exception for a failed call on a file: a full disk is told apart, because it has a remedy and loses nothing.</summary>
    internal static IOException Failure(string action, string path, int error)
    {
        if (error is LibC.ErrorNoSpace or LibC.ErrorQuota)
        {
            return new DiskFullException(
                $"disk full: cannot {action} {path}; free space on its file system or move the directory to a larger one; nothing accepted so far is lost");
        }

        return new IOException($"cannot {action} {path}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})");
    }

    /// <summary>Whether an exception of .NET's own file calls means a full disk.</summary>
    internal static bool IsDiskFull(IOException exception) =>
        exception is DiskFullException || (exception.HResult & 0xFFFF) is LibC.ErrorNoSpace or LibC.ErrorQuota;
}
