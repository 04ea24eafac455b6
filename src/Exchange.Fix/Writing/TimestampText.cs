using System.Runtime.CompilerServices;

namespace Exchange.Fix.Writing;

/// <summary>
/// Writes UTC timestamps. SendingTime and TransactTime of neighbouring messages lie in the same second, mostly, and often are the
/// same nanosecond, so date and time of the last second are kept as text and only the decimals are made anew. Not thread safe.
/// </summary>
public sealed class TimestampText
{
    /// <summary>Bytes of the longest form, yyyyMMdd-HH:mm:ss.nnnnnnnnn.</summary>
    public const int LengthMax = 27;

    private const long NsPerSecond = 1_000_000_000;

    private readonly byte[] _text = new byte[64];
    private long _second = long.MinValue;
    private long _ns = long.MinValue;

    /// <summary>Length of a timestamp with so many decimals.</summary>
    /// <param name="decimals">0, 3, 6 or 9.</param>
    public static int LengthOf(int decimals) => decimals == 0 ? 17 : 18 + decimals;

    /// <summary>Writes a timestamp; returns its length.</summary>
    /// <param name="target">At least <see cref="LengthOf"/> bytes.</param>
    /// <param name="ns">Nanoseconds since 1970.</param>
    /// <param name="decimals">0, 3, 6 or 9.</param>
    public int Write(Span<byte> target, long ns, int decimals)
    {
        int length = LengthOf(decimals);
        Text(ns)[..length].CopyTo(target);
        return length;
    }

    /// <summary>The timestamp with nine decimals, in a buffer that is readable for 32 bytes and overwritten by the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan<byte> Text(long ns)
    {
        if (ns != _ns)
        {
            Render(ns);
        }

        return _text.AsSpan(0, 32);
    }

    private void Render(long ns)
    {
        long second = ns / NsPerSecond;
        long fraction = ns - (second * NsPerSecond);
        if (fraction < 0)
        {
            second--;
            fraction += NsPerSecond;
        }

        if (second != _second)
        {
            RenderSecond(second);
        }

        // Nine digits are one and eight.
        uint first = (uint)(fraction / 100_000_000);
        _text[18] = (byte)('0' + first);
        Unsafe.WriteUnaligned(ref _text[19], Digits.Eight((uint)(fraction - (first * 100_000_000L))));
        _ns = ns;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RenderSecond(long second)
    {
        DateTime time = DateTime.UnixEpoch.AddSeconds(second);
        uint date = (uint)((time.Year * 10_000) + (time.Month * 100) + time.Day);
        Unsafe.WriteUnaligned(ref _text[0], Digits.Eight(date));
        _text[8] = (byte)'-';
        Two(9, time.Hour);
        _text[11] = (byte)':';
        Two(12, time.Minute);
        _text[14] = (byte)':';
        Two(15, time.Second);
        _text[17] = (byte)'.';
        _second = second;
    }

    private void Two(int index, int value)
    {
        _text[index] = (byte)('0' + (value / 10));
        _text[index + 1] = (byte)('0' + (value % 10));
    }
}
