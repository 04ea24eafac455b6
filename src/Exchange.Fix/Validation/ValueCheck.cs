using System.Globalization;
using System.Runtime.CompilerServices;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;

namespace Exchange.Fix.Validation;

/// <summary>Checks one value against the field's type and code set, and leaves its number in the field.</summary>
internal static unsafe class ValueCheck
{
    /// <summary>Checks a value that is not empty; None when it is right.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static SessionRejectReason Check(FixMessage message, ref FixField field)
    {
        FixParser parser = message.Parser;
        fixed (byte* frame = message.Frame)
        {
            return Check(frame, ref field, parser.Dictionary.Rules + field.Ordinal, parser);
        }
    }

    /// <summary>The same for the inner loop of validation, of which it is the largest part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SessionRejectReason Check(byte* frame, ref FixField field, FieldRule* rule, FixParser parser)
    {
        byte* text = frame + field.Offset;
        int length = field.Length;
        switch (rule->Check)
        {
            case FieldCheck.Any:
                return SessionRejectReason.None;
            case FieldCheck.CharCode:
                field.Number = *text;
                return length == 1 && rule->HasCode(*text) ? SessionRejectReason.None : WrongCode(length, rule->IsChar);
            case FieldCheck.Char:
                field.Number = *text;
                return Format(length == 1);
            case FieldCheck.IntCode:
                if (!FixNumber.TryInt64(text, length, out field.Number))
                {
                    return SessionRejectReason.IncorrectDataFormat;
                }

                return rule->HasCode((ulong)field.Number) ? SessionRejectReason.None : SessionRejectReason.ValueOutOfRange;
            case FieldCheck.Int:
                return Format(FixNumber.TryInt64(text, length, out field.Number));
            case FieldCheck.Unsigned:
                return Format(FixNumber.TryInt64(text, length, out field.Number) && *text != (byte)'-');
            case FieldCheck.Decimal:
                return Format(FixNumber.TryE8(text, length, out field.Number));
            case FieldCheck.Boolean:
                field.Number = *text == (byte)'Y' ? 1 : 0;
                return Format(length == 1 && *text is (byte)'Y' or (byte)'N');
            case FieldCheck.Timestamp:
                return Format(parser.Time.TryTimestamp(text, length, out field.Number));
            default:
                return CheckSeldom(new ReadOnlySpan<byte>(text, length), text, rule, parser.Dictionary, ref field.Number);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SessionRejectReason CheckSeldom(ReadOnlySpan<byte> value, byte* text, FieldRule* rule, FixDictionary dictionary, ref long number) => rule->Check switch
    {
        FieldCheck.Date => Format(value.Length == 8 && FixTime.TryDate(Unsafe.ReadUnaligned<ulong>(text), out number)),
        FieldCheck.Time => Format(FixTime.TryTime(text, value.Length, out _)),
        FieldCheck.MonthYear => Format(IsMonthYear(value)),
        FieldCheck.DayOfMonth => Format(IsDayOfMonth(value)),
        FieldCheck.Currency => Format(value.Length == 3 && IsLetters(value)),
        FieldCheck.Country => Format(value.Length == 2 && IsLetters(value)),
        FieldCheck.TextCode => IsCode(value, dictionary.TextCodesOf(rule->Tag)) ? SessionRejectReason.None : SessionRejectReason.ValueOutOfRange,
        FieldCheck.MultipleTextCode => CheckMultiple(value, dictionary.TextCodesOf(rule->Tag)),
        _ => SessionRejectReason.None,
    };

    private static SessionRejectReason CheckMultiple(ReadOnlySpan<byte> value, byte[][] codes)
    {
        while (true)
        {
            int space = value.IndexOf((byte)' ');
            ReadOnlySpan<byte> token = space < 0 ? value : value[..space];
            if (token.IsEmpty)
            {
                return SessionRejectReason.IncorrectDataFormat;
            }

            if (!IsCode(token, codes))
            {
                return SessionRejectReason.ValueOutOfRange;
            }

            if (space < 0)
            {
                return SessionRejectReason.None;
            }

            value = value[(space + 1)..];
        }
    }

    private static bool IsCode(ReadOnlySpan<byte> value, byte[][] codes)
    {
        foreach (byte[] code in codes)
        {
            if (value.SequenceEqual(code))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMonthYear(ReadOnlySpan<byte> value)
    {
        Span<byte> date = stackalloc byte[8];
        if (value.Length is not (6 or 8))
        {
            return false;
        }

        // Month alone and week of month are checked as the first day of the month.
        "00000001"u8.CopyTo(date);
        bool isWeek = value.Length == 8 && value[6] == (byte)'w';
        value[..(isWeek ? 6 : value.Length)].CopyTo(date);
        return (!isWeek || value[7] is >= (byte)'1' and <= (byte)'5') && FixTime.TryDate(Unsafe.ReadUnaligned<ulong>(ref date[0]), out _);
    }

    private static bool IsDayOfMonth(ReadOnlySpan<byte> value) =>
        value.Length <= 2 && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9') && int.Parse(value, CultureInfo.InvariantCulture) is >= 1 and <= 31;

    private static bool IsLetters(ReadOnlySpan<byte> value) => !value.ContainsAnyExceptInRange((byte)'A', (byte)'Z');

    private static SessionRejectReason WrongCode(int length, bool isChar) =>
        length != 1 && isChar ? SessionRejectReason.IncorrectDataFormat : SessionRejectReason.ValueOutOfRange;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SessionRejectReason Format(bool isRight) => isRight ? SessionRejectReason.None : SessionRejectReason.IncorrectDataFormat;
}
