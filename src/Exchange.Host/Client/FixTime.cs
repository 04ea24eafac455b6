// FIX UTC timestamps, YYYYMMDD-HH:MM:SS with 0, 3, 6 or 9 decimals, from and to nanoseconds since 1970. No DateTime formatting,
// because the load generator writes two of them into every order.
using System.Runtime.CompilerServices;

namespace Exchange.Host.Client;

/// <summary>Writes and reads UTCTimestamp values.</summary>
internal static class FixTime
{
    /// <summary>The longest form, with nanoseconds.</summary>
    public const int BytesMax = 27;

    /// <summary>Nanoseconds in one second.</summary>
    public const long NsPerSec = 1_000_000_000;

    private const int SecondsBytes = 17;

    /// <summary>Writes a timestamp and returns its length in bytes.</summary>
    public static int Write(long unixNs, int decimals, Span<byte> target)
    {
        long seconds = unixNs / NsPerSec;
        DateTime time = DateTime.UnixEpoch.AddSeconds(seconds);
        Digits(target[..4], time.Year);
        Digits(target.Slice(4, 2), time.Month);
        Digits(target.Slice(6, 2), time.Day);
        target[8] = (byte)'-';
        Digits(target.Slice(9, 2), time.Hour);
        target[11] = (byte)':';
        Digits(target.Slice(12, 2), time.Minute);
        target[14] = (byte)':';
        Digits(target.Slice(15, 2), time.Second);
        return decimals == 0 ? SecondsBytes : WriteFraction(unixNs, decimals, target);
    }

    /// <summary>Writes the fraction of the second behind the seconds and returns the length of the whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteFraction(long unixNs, int decimals, Span<byte> target)
    {
        long fraction = unixNs % NsPerSec;
        for (int drop = decimals; drop < 9; drop++)
        {
            fraction /= 10;
        }

        target[SecondsBytes] = (byte)'.';
        Digits(target.Slice(SecondsBytes + 1, decimals), fraction);
        return SecondsBytes + 1 + decimals;
    }

    /// <summary>Reads a timestamp; false when it is not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long unixNs)
    {
        unixNs = 0;
        if (text.Length < SecondsBytes || text[8] != '-' || text[11] != ':' || text[14] != ':'
            || !TryDigits(text[..4], out long year) || !TryDigits(text.Slice(4, 2), out long month) || !TryDigits(text.Slice(6, 2), out long day)
            || !TryDigits(text.Slice(9, 2), out long hour) || !TryDigits(text.Slice(12, 2), out long minute)
            || !TryDigits(text.Slice(15, 2), out long second)
            || year is 0 || month is 0 or > 12 || day < 1 || day > DateTime.DaysInMonth((int)year, (int)month)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        long fraction = 0;
        if (text.Length > SecondsBytes)
        {
            ReadOnlySpan<byte> decimals = text[(SecondsBytes + 1)..];
            if (text[SecondsBytes] != '.' || decimals.Length is 0 or > 9 || !TryDigits(decimals, out fraction))
            {
                return false;
            }

            for (int add = decimals.Length; add < 9; add++)
            {
                fraction *= 10;
            }
        }

        TimeSpan sinceEpoch = new DateTime((int)year, (int)month, (int)day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch;
        unixNs = ((((long)sinceEpoch.TotalSeconds + (hour * 3600) + (minute * 60) + second) * NsPerSec) + fraction);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Digits(Span<byte> target, long value)
    {
        for (int i = target.Length - 1; i >= 0; i--)
        {
            long tenth = value / 10;
            target[i] = (byte)('0' + (value - (tenth * 10)));
            value = tenth;
        }
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        foreach (byte character in text)
        {
            uint digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }
}
