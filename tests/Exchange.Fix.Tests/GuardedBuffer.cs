using System.Runtime.InteropServices;

namespace Exchange.Fix.Tests;

/// <summary>
/// Memory between two pages that may not be touched. Bytes placed at its end or start make a read or write outside of a span kill
/// the test process, where an array would forgive it.
/// </summary>
internal sealed unsafe partial class GuardedBuffer : IDisposable
{
    private const int Page = 4096;
    private const int Inner = 32 * Page;
    private readonly byte* _map;

    public GuardedBuffer()
    {
        _map = Map(null, Inner + (2 * Page), 3, 0x22, -1, 0);
        if (_map == (byte*)-1 || Protect(_map, Page, 0) != 0 || Protect(_map + Page + Inner, Page, 0) != 0)
        {
            throw new InvalidOperationException("mmap failed");
        }
    }

    /// <summary>A span that ends where the guard begins.</summary>
    public Span<byte> AtEnd(int length) => new(_map + Page + Inner - length, length);

    /// <summary>The bytes, placed before the guard.</summary>
    public Span<byte> AtEnd(ReadOnlySpan<byte> bytes)
    {
        Span<byte> target = AtEnd(bytes.Length);
        bytes.CopyTo(target);
        return target;
    }

    /// <summary>The bytes, placed behind the guard.</summary>
    public Span<byte> AtStart(ReadOnlySpan<byte> bytes)
    {
        Span<byte> target = new(_map + Page, bytes.Length);
        bytes.CopyTo(target);
        return target;
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Unmap(_map, Inner + (2 * Page));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
