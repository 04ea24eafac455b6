using System.Numerics;

namespace Exchange.Ipc.Concurrent;

/// <summary>Rounding to powers of two, on which every buffer of the Aeron formats relies.</summary>
public static class Alignment
{
    /// <summary>Bytes between values of different writers; two lines of 64 because adjacent lines are prefetched in pairs.</summary>
    public const int CacheLinePair = 128;

    /// <summary>Smallest multiple of <paramref name="alignment"/> (a power of two) that is not below <paramref name="value"/>.</summary>
    public static int Align(int value, int alignment) => (value + (alignment - 1)) & -alignment;

    /// <summary>Smallest multiple of <paramref name="alignment"/> (a power of two) that is not below <paramref name="value"/>.</summary>
    public static long Align(long value, long alignment) => (value + (alignment - 1)) & -alignment;

    /// <summary>True for 1, 2, 4, 8 …</summary>
    public static bool IsPowerOfTwo(int value) => value > 0 && BitOperations.IsPow2(value);
}
