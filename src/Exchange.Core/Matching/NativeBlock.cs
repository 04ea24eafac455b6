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
    private void* _memory;

    /// <summary>Reserves <paramref name="length"/> zeroed elements, aligned for <typeparamref name="T"/>.</summary>
    public NativeBlock(long length)
    {
        // One cache line more than needed, so that the first element can start on a line of its own. calloc hands large blocks
        // out untouched; an aligned allocation would have to be cleared, and clearing would touch all of it.
        nuint bytes = checked((nuint)(length * sizeof(T)) + 64);
        _memory = NativeMemory.AllocZeroed(bytes);
        GC.AddMemoryPressure(1 << 16);
        Items = new NativeArray<T>(((nint)_memory + 63) & ~63);
    }

    /// <summary>Frees the memory.</summary>
    ~NativeBlock() => Free();

    /// <summary>The elements; valid while this block lives.</summary>
    public NativeArray<T> Items { get; }

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
            NativeMemory.Free(_memory);
            GC.RemoveMemoryPressure(1 << 16);
            _memory = null;
        }
    }
}
