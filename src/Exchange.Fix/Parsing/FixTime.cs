using System.Runtime.CompilerServices;

namespace Exchange.Fix.Parsing;

/// <summary>
/// Reads UTC timestamps, times and dates, with every part checked against the calendar. Timestamps of neighbouring messages share
/// the date, and mostly the second, so those read last are kept with their meaning.
/// </summary>
public struct FixTime
{
    private const long NsPerSecond = 1_000_000_000;
    private const long NsPerDay = 86_400 * NsPerSecond;
    private const ulong ColonMask = 0x0000FF0000FF0000;
    private const ulong TimePattern = 0x30303A30303A3030;

    private ulong _date;
    private long _dateNs;
    private ulong _time;
    private long _timeNs;

    /// <summary>Reads a UTCTimestamp (yyyyMMdd-HH:mm:ss with 0, 3, 6 or 9 decimals) as nanoseconds since 1970; false when it is none.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long ns)
    {
        // The copy gives the fast path the readable bytes behind the value that it needs.
        Span<byte> padded = stackalloc byte[40];
        ns = 0;
        if (text.Length is 0 or > 27)
        {
            return false;
        }

        padded.Clear();
        text.CopyTo(padded);
        FixTime reader = default;
        unsafe
        {
            fixed (byte* start = padded)
            {
                return reader.TryTimestamp(start, text.Length, out ns);
            }
        }
    }

    /// <summary>Reads a timestamp from which eight bytes beyond its end are readable.</summary>
    internal unsafe bool TryTimestamp(byte* text, int length, out long ns)
    {
        ns = 0;
        if (length < 17 || text[8] != (byte)'-')
        {
            return false;
        }

        ulong date = Unsafe.ReadUnaligned<ulong>(text);
        if (date != _date && !ReadDate(date))
        {
            return false;
        }

        ulong time = Unsafe.ReadUnaligned<ulong>(text + 9);
        if (time != _time && !ReadTime(time))
        {
            return false;
        }

        ns = _dateNs + _timeNs;
        return length == 17 || TryFraction(text + 17, length - 17, ref ns);
    }

    /// <summary>Reads a time of day (HH:mm:ss with 0, 3, 6 or 9 decimals).</summary>
    internal static unsafe bool TryTime(byte* text, int length, out long ns)
    {
        ns = 0;
        return length >= 8 && TrySecond(Unsafe.ReadUnaligned<ulong>(text), out ns) && (length == 8 || TryFraction(text + 8, length - 8, ref ns));
    }

    private static bool TrySecond(ulong text, out long ns)
    {
        ns = 0;
        ulong digits = text - TimePattern;
        ulong pairs = (digits * 10) + (digits >> 8);
        uint hour = (byte)pairs;
        uint minute = (byte)(pairs >> 24);
        uint second = (byte)(pairs >> 48);
        if (!SwarDigits.AllDigits(digits) || (digits & ColonMask) != 0 || hour > 23 || minute > 59)
        {
            return false;
        }

        // A leap second is the last second of a UTC day.
        if (second > 59 && !(second == 60 && hour == 23 && minute == 59))
        {
            return false;
        }

        ns = ((hour * 3600) + (minute * 60) + second) * NsPerSecond;
        return true;
    }

    /// <summary>Whether the eight bytes are a date of the calendar, yyyyMMdd.</summary>
    internal static bool TryDate(ulong text, out long ns)
    {
        ns = 0;
        ulong digits = text - SwarDigits.Zeros;
        if (!SwarDigits.AllDigits(digits))
        {
            return false;
        }

        int number = (int)SwarDigits.Number(digits);
        int year = number / 10_000;
        int month = number / 100 % 100;
        int day = number % 100;

        // Nanoseconds since 1970 fit in 64 bits from 1678 to 2261.
        if (year is < 1700 or > 2261 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        ns = (new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Days * NsPerDay;
        return true;
    }

    private static unsafe bool TryFraction(byte* text, int length, ref long ns)
    {
        if (*text != (byte)'.')
        {
            return false;
        }

        switch (length)
        {
            case 4 when SwarDigits.TryRead(text + 1, 3, out long milliseconds):
                ns += milliseconds * 1_000_000;
                return true;
            case 7 when SwarDigits.TryRead(text + 1, 6, out long microseconds):
                ns += microseconds * 1000;
                return true;
            case 10 when SwarDigits.TryRead(text + 1, 8, out long tens) && text[9] is >= (byte)'0' and <= (byte)'9':
                ns += (tens * 10) + (text[9] - '0');
                return true;
            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadDate(ulong date)
    {
        if (!TryDate(date, out long ns))
        {
            return false;
        }

        _date = date;
        _dateNs = ns;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadTime(ulong time)
    {
        if (!TrySecond(time, out long ns))
        {
            return false;
        }

        _time = time;
        _timeNs = ns;
        return true;
    }
}
