// Problem: a file that two processes map must neither vanish nor shrink under them, and a full disk must be an error at creation.
// Idea: create exclusively, allocate every block with posix_fallocate, then map shared; an existing file is mapped at its full length.
// What must hold: nobody ever truncates such a file. It is only unlinked, and a mapping outlives that.
using System.Runtime.InteropServices;

namespace Exchange.Ipc.Concurrent;

/// <summary>A file mapped read-write and shared. Not thread safe to dispose while another thread uses the memory.</summary>
public sealed unsafe class MappedFile : IDisposable
{
    private const int FileMode = 0x180; // rw-------: tools of the same user attach, nobody else does.
    private byte* _address;

    private MappedFile(string path, byte* address, long length)
    {
        Path = path;
        _address = address;
        Length = length;
    }

    /// <summary>Where the file was when it was mapped.</summary>
    public string Path { get; }

    /// <summary>Bytes mapped.</summary>
    public long Length { get; }

    /// <summary>First byte of the mapping; page aligned.</summary>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public byte* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address == null, this);
            return _address;
        }
    }

    /// <summary>Creates a zeroed file that owns all its blocks, and maps it.</summary>
    /// <param name="path">Must not exist yet.</param>
    /// <param name="length">Bytes, more than 0.</param>
    /// <param name="preTouch">Maps all pages at once, so that no page fault is left for the hot path.</param>
    /// <param name="sparse">Leaves the blocks unallocated: a full disk later kills the process with SIGBUS. For tests of layouts only.</param>
    /// <exception cref="IOException">The file exists, the directory is not writable or the disk is full; nothing is left behind.</exception>
    public static MappedFile CreateNew(string path, long length, bool preTouch = false, bool sparse = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        int fd = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenCreate | Libc.OpenExclusive | Libc.OpenCloseOnExec, FileMode);
        if (fd < 0)
        {
            throw Failure("create", path, Marshal.GetLastPInvokeError());
        }

        try
        {
            int error = sparse ? SetLength(fd, length) : Allocate(fd, length);
            if (error != 0)
            {
                _ = TryDelete(path);
                throw Failure($"allocate {length} bytes for", path, error);
            }

            return Map(fd, path, length, preTouch);
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    /// <summary>Maps a file at its present length.</summary>
    /// <exception cref="FileNotFoundException">It does not exist.</exception>
    /// <exception cref="IOException">It is empty or cannot be mapped.</exception>
    public static MappedFile OpenExisting(string path, bool preTouch = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        int fd = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenCloseOnExec, 0);
        if (fd < 0)
        {
            throw Failure("open", path, Marshal.GetLastPInvokeError());
        }

        try
        {
            long length = Libc.Seek(fd, 0, Libc.SeekEnd);
            if (length <= 0)
            {
                throw new IOException($"cannot map {path}: it is empty");
            }

            return Map(fd, path, length, preTouch);
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    /// <summary>Deletes the file behind a mapping or reports false; mappings stay valid.</summary>
    public static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Unmaps. Every pointer into the mapping is invalid afterwards.</summary>
    public void Dispose()
    {
        byte* address = _address;
        _address = null;
        if (address != null)
        {
            _ = Libc.Unmap((nint)address, (nuint)Length);
        }
    }

    private static MappedFile Map(int fd, string path, long length, bool preTouch)
    {
        int flags = Libc.MapShared | (preTouch ? Libc.MapPopulate : 0);
        nint address = Libc.Map(0, (nuint)length, Libc.ProtectReadWrite, flags, fd, 0);
        if (address == -1)
        {
            throw Failure("map", path, Marshal.GetLastPInvokeError());
        }

        return new MappedFile(path, (byte*)address, length);
    }

    private static int Allocate(int fd, long length)
    {
        int error;
        do
        {
            error = Libc.Allocate(fd, 0, length);
        }
        while (error == Libc.ErrorInterrupted);
        return error;
    }

    private static int SetLength(int fd, long length) => Libc.SetLength(fd, length) == 0 ? 0 : Marshal.GetLastPInvokeError();

    private static IOException Failure(string what, string path, int error)
    {
        string message = $"cannot {what} {path}: {Marshal.GetPInvokeErrorMessage(error)}";
        return error switch
        {
            Libc.ErrorNotFound => new FileNotFoundException(message, path),
            Libc.ErrorNoSpace => new IOException(message, StorageFull),
            _ => new IOException(message, error),
        };
    }

    /// <summary>HResult of an <see cref="IOException"/> that means "no space left"; the driver turns it into the protocol's storage error.</summary>
    internal const int StorageFull = unchecked((int)0x80070070);
}
