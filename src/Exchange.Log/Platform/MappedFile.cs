using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Log.Platform;

// A whole file mapped shared, unmapped when the last who uses it has let go: an address that became invalid would kill the process.
// The file must really have its blocks before it is mapped: a store into a hole on a full disk is a
// SIGBUS that no handler of .NET can turn into an error. DurableFiles.Preallocate sees to that.
internal sealed unsafe class MappedFile
{
    private const long AdviseBytes = 128 << 10;
    private static readonly long s_pageBytes = Environment.SystemPageSize;
    private nint _address;
    private int _references = 1;

    private MappedFile(string path, nint address, long length)
    {
        Path = path;
        _address = address;
        Length = length;
    }

    /// <summary>Path of the file, for messages.</summary>
    internal string Path { get; private set; }

    /// <summary>Length of file and mapping in bytes.</summary>
    internal long Length { get; }

    /// <summary>First byte; invalid after the last <see cref="Release"/>.</summary>
    internal byte* Start => (byte*)_address;

    /// <summary>Maps the first <paramref name="length"/> bytes, which the file must have.</summary>
    internal static MappedFile Map(string path, SafeFileHandle file, long length, bool writable)
    {
        int protection = writable ? LibC.ProtectRead | LibC.ProtectWrite : LibC.ProtectRead;
        nint address = LibC.Map(0, (nuint)length, protection, LibC.MapShared, file, 0);
        if (address == LibC.MapFailed)
        {
            throw DurableFiles.Failure("map", path, Marshal.GetLastPInvokeError());
        }

        return new MappedFile(path, address, length);
    }

    /// <summary>Whether nobody but its owner uses the mapping.</summary>
    internal bool IsExclusive => Volatile.Read(ref _references) == 1;

    /// <summary>
    /// Asks for large pages, where the system has them for files: a tenth of the faults and half the work of bringing the pages in. A
    /// flush then writes a large page where it would have written a small one, so not for files that are flushed per message.
    /// </summary>
    internal void PreferLargePages() => _ = LibC.Advise(_address, (nuint)Length, LibC.AdviseHugePage);

    /// <summary>Renames the file, replacing what has that name.</summary>
    internal void MoveTo(string path)
    {
        File.Move(Path, path, overwrite: true);
        Path = path;
    }

    /// <summary>
    /// Brings the pages in, writable, so that the first stores do not fault. They become dirty; flushing a range keeps that harmless.
    /// An old kernel that does not know the advice only makes the first stores slower.
    /// </summary>
    /// <remarks>
    /// In small pieces: each holds the lock of the process's address space, and waits for the device with it. Whoever maps or unmaps
    /// anything meanwhile waits too, and behind him every thread that touches a new page.
    /// </remarks>
    internal void Prefault() => Advise(LibC.AdvisePopulateWrite);

    /// <summary>
    /// Gives the memory of the pages that are on the device back to the system; whoever reads them again waits for the device. What was
    /// used last is handed out first, so the next file is prepared in warm pages instead of in all the memory there is.
    /// </summary>
    internal void PageOut() => Advise(LibC.AdvisePageOut);

    /// <summary>
    /// Writes the pages that hold [from, to) to the device and waits. As fdatasync does, it includes what is needed to find
    /// the data again; unlike fdatasync it leaves the prefaulted pages of the rest of the file alone.
    /// </summary>
    internal void Flush(long from, long to)
    {
        long start = from & ~(s_pageBytes - 1);
        while (LibC.SyncRange(_address + (nint)start, (nuint)(to - start), LibC.SyncAndWait) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != LibC.ErrorInterrupted)
            {
                throw DurableFiles.Failure("flush", Path, error);
            }
        }
    }

    /// <summary>Keeps the mapping alive; false when it is already gone.</summary>
    internal bool TryAcquire()
    {
        int references = Volatile.Read(ref _references);
        while (references > 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return true;
            }

            references = seen;
        }

        return false;
    }

    /// <summary>Ends one <see cref="TryAcquire"/>, or the ownership by whoever mapped it.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            _ = LibC.Unmap(Interlocked.Exchange(ref _address, 0), (nuint)Length);
        }
    }

    private void Advise(int advice)
    {
        for (long at = 0; at < Length; at += AdviseBytes)
        {
            if (LibC.Advise(_address + (nint)at, (nuint)Math.Min(AdviseBytes, Length - at), advice) != 0)
            {
                return;
            }
        }
    }
}
