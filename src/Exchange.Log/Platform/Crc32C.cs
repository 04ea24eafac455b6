using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Exchange.Log.Platform;

// Problem: every byte that enters the log is checksummed on the hot thread, and the CRC instruction has a latency of three cycles
// per eight bytes, so one dependent chain leaves two thirds of the unit idle.
// Idea: three independent chains over three neighbouring blocks of equal length, joined afterwards. To join, the first two results
// are advanced over the bytes behind them: a carry-less multiplication with x^(8n-33) mod P followed by one CRC step does that
// (Gopal et al., "Fast CRC Computation for iSCSI Polynomial Using CRC32 Instruction", Intel 2011).
// What must hold: the value equals the plain CRC-32C (Castagnoli, RFC 3720 appendix B.4) on every path; a test compares them.
/// <summary>CRC-32C (Castagnoli) over bytes, as it stands beside log entries and in messages between members.</summary>
public static unsafe class Crc32C
{
    /// <summary>State before the first byte; a finished value is the complement of the state.</summary>
    public const uint Seed = 0xFFFFFFFFU;

    private const uint ReflectedPolynomial = 0x82F63B78U;
    private const int BlockWordsMax = 256;
    private const int ParallelBytesMin = 96;

    // Index n: the factor that advances a state over n words of eight bytes.
    private static readonly uint[] s_advance = BuildAdvanceFactors();

    /// <summary>The finished CRC-32C of <paramref name="bytes"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Append(Seed, bytes);

    /// <summary>Adds bytes to a state.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Append(state, start, bytes.Length);
        }
    }

    /// <summary>Adds eight bytes, given as a little-endian word, to a state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Append(uint state, ulong word) => BitOperations.Crc32C(state, word);

    /// <summary>Adds <paramref name="length"/> bytes at <paramref name="bytes"/> to a state.</summary>
    internal static uint Append(uint state, byte* bytes, long length)
    {
        if (length >= ParallelBytesMin && Pclmulqdq.IsSupported && Sse42.X64.IsSupported)
        {
            state = AppendParallel(state, ref bytes, ref length);
        }

        for (; length >= sizeof(ulong); bytes += sizeof(ulong), length -= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, Unsafe.ReadUnaligned<ulong>(bytes));
        }

        for (; length > 0; bytes++, length--)
        {
            state = BitOperations.Crc32C(state, *bytes);
        }

        return state;
    }

    private static uint AppendParallel(uint state, ref byte* bytes, ref long length)
    {
        do
        {
            int words = (int)Math.Min(length / (3 * sizeof(ulong)), BlockWordsMax / 2);
            ulong* first = (ulong*)bytes;
            ulong* second = first + words;
            ulong* third = second + words;
            ulong a = state;
            ulong b = 0;
            ulong c = 0;
            for (int i = 0; i < words; i++)
            {
                a = Sse42.X64.Crc32(a, first[i]);
                b = Sse42.X64.Crc32(b, second[i]);
                c = Sse42.X64.Crc32(c, third[i]);
            }

            ulong joined = Multiply((uint)a, s_advance[2 * words]) ^ Multiply((uint)b, s_advance[words]);
            state = (uint)(Sse42.X64.Crc32(0, joined) ^ c);
            bytes += 3 * words * sizeof(ulong);
            length -= 3 * words * sizeof(ulong);
        }
        while (length >= ParallelBytesMin);

        return state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Multiply(uint state, uint factor) =>
        Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar((ulong)state), Vector128.CreateScalar((ulong)factor), 0).ToScalar();

    // In the reflected domain bit 31 is x^0, and multiplying by x is a shift to the right. The factor for n bytes is x^(8n-33).
    private static uint[] BuildAdvanceFactors()
    {
        uint[] factors = new uint[BlockWordsMax + 1];
        uint power = 0x80000000U;
        int exponent = 0;
        for (int words = 1; words <= BlockWordsMax; words++)
        {
            for (; exponent < (64 * words) - 33; exponent++)
            {
                power = (power & 1) != 0 ? (power >> 1) ^ ReflectedPolynomial : power >> 1;
            }

            factors[words] = power;
        }

        return factors;
    }
}
