using System.Runtime.InteropServices;

namespace Exchange.Core.Matching;

/// <summary>
/// Zeroed memory outside the managed heap, reserved once at its stated maximum. The operating system backs a page when it is first
/// touched, so a table sized for a million orders costs what the orders in it cost, never grows, never moves and never pauses anybody.
/// </summary>
/// <typeparam name="T">Element; its all-zero value must mean "empty".</typeparam>
internal sealed unsafe class NativeBlock<T> : IDisposable
    where T : unmanaged
{
    // From here on the memory comes from the system itself, see AddressSpace.
    private const long LargeBytes = 1L << 30;

    private readonly nuint _bytes;
    private void* _memory;

    /// <summary>Reserves <paramref name="length"/> zeroed elements, aligned for <typeparamref name="T"/>.</summary>
    public NativeBlock(long length)
    {
        // One cache line more than needed, so that the first element can start on a line of its own. calloc hands large blocks
        // out untouched; an aligned allocation would have to be cleared, and clearing would touch all of it.
        _bytes = checked((nuint)(length * sizeof(T)) + 64);
        _memory = IsLarge ? AddressSpace.Reserve(_bytes) : NativeMemory.AllocZeroed(_bytes);
        GC.AddMemoryPressure(1 << 16);
        Items = new NativeArray<T>(((nint)_memory + 63) & ~63);
    }

    /// <summary>Frees the memory.</summary>
    ~NativeBlock() => Free();

    /// <summary>The elements; valid while this block lives.</summary>
    public NativeArray<T> Items { get; }

    private bool IsLarge => _bytes >= LargeBytes && OperatingSystem.IsLinux();

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_memory != null)
        {
            if (IsLarge)
            {
                AddressSpace.Release(_memory, _bytes);
            }
            else
            {
                NativeMemory.Free(_memory);
            }

            GC.RemoveMemoryPressure(1 << 16);
            _memory = null;
        }
    }
}
