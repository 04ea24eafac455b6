using System.Runtime.CompilerServices;

namespace Exchange.Core.Matching;

/// <summary>
/// A view of a <see cref="NativeBlock{T}"/>: indexing without a bounds check. All unsafe access of matching and order management is in
/// here and in the block; an index handed in must come from a table that only ever hands out indices in range.
/// </summary>
/// <typeparam name="T">Element.</typeparam>
internal readonly unsafe struct NativeArray<T>
    where T : unmanaged
{
    private readonly nint _first;

    /// <summary>A view of the elements from address <paramref name="first"/>.</summary>
    public NativeArray(nint first) => _first = first;

    /// <summary>The element at <paramref name="index"/>.</summary>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref Unsafe.AsRef<T>((void*)_first), index);
    }
}
