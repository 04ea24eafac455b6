using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Exchange.Core.Matching;

/// <summary>
/// A view of a <see cref="NativeBlock{T}"/>: indexing without a bounds check in Release. All unsafe access of the core is in here and
/// in the block; an index handed in must come from a table that only ever hands out indices in range.
/// </summary>
/// <typeparam name="T">Element.</typeparam>
internal readonly unsafe struct NativeArray<T>
    where T : unmanaged
{
    private readonly nint _first;
    private readonly long _length;

    /// <summary>A view of <paramref name="length"/> elements from address <paramref name="first"/>.</summary>
    public NativeArray(nint first, long length)
    {
        _first = first;
        _length = length;
    }

    /// <summary>Number of elements.</summary>
    public long Length => _length;

    /// <summary>The element at <paramref name="index"/>.</summary>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Debug.Assert(index >= 0 && index < _length, "index out of range");
            return ref Unsafe.Add(ref Unsafe.AsRef<T>((void*)_first), index);
        }
    }
}
