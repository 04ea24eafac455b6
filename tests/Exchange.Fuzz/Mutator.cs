using System.Text;

namespace Exchange.Fuzz;

/// <summary>Damages messages: first as fields, so that length and sum stay right and the damage comes past the framer, then as bytes, so that they do not.</summary>
internal sealed class Mutator
{
    private static readonly byte[][] _values = [.. new[]
    {
        "", "0", "-1", "1", "Y", "N", "y", "=", "==", " ", "00000000000000000000000000000000000001", "99999999999999999999", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "18446744073709551615", "2147483648", "4294967296", "1e9", "NaN", "Infinity", "+1", ".", "-", "-.", "0.00000001", "0.000000001", "92233720368.54775807",
        "92233720368.54775808", "1.2.3", "20261399-25:61:61", "20261121-23:59:60", "00000000-00:00:00", "99991231-23:59:59.999999999", "20261121-12:00:00.1234567890", "19691231-23:59:59",
        "A", "D", "4", "5", "ZZ", "\u00ff\u00fe", "\0", "10=000", "8=FIX.4.4", "AAPL", "HFT1", "EXCH", "NONE",
    }.Select(Encoding.Latin1.GetBytes)];

    private static readonly byte[][] _tags = [.. new[]
    {
        "8", "9", "10", "34", "35", "43", "49", "52", "56", "90", "91", "93", "89", "95", "96", "97", "122", "141", "354", "355", "453", "448", "802", "523", "11", "37", "41", "38", "44",
        "54", "55", "60", "58", "36", "7", "16", "123", "112", "108", "789", "1128", "1137", "0", "00", "-1", "011", "+1", "", "x", "1.5", "999", "1000", "9999", "65535", "65536", "2147483648", "99999999999999999999",
    }.Select(Encoding.Latin1.GetBytes)];

    private readonly Dice _dice;
    private readonly byte[] _scratch = new byte[10_000];

    /// <summary>Creates a mutator.</summary>
    public Mutator(Dice dice) => _dice = dice;

    /// <summary>Damages the fields of a message.</summary>
    public void Damage(FuzzMessage message)
    {
        for (int count = 1 + _dice.Below(3); count > 0 && message.Fields.Count > 1; count--)
        {
            DamageOnce(message);
        }
    }

    /// <summary>Damages the bytes of a message in place; the new length.</summary>
    public int Damage(Span<byte> buffer, int length)
    {
        for (int count = 1 + _dice.Below(3); count > 0 && length > 0; count--)
        {
            length = DamageOnce(buffer, length);
        }

        return length;
    }

    private void DamageOnce(FuzzMessage message)
    {
        List<FuzzField> fields = message.Fields;

        // The type stays first most of the time, or every other mutation would end in the framer.
        int at = _dice.OneIn(30) ? 0 : 1 + _dice.Below(fields.Count - 1);
        int other = _dice.Below(fields.Count);
        switch (_dice.Below(13))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(at, fields[other]);
                break;
            case 2:
                (fields[at], fields[other]) = (fields[other], fields[at]);
                break;
            case 3:
                fields.Add(fields[at]);
                break;
            case 4 or 5:
                message.SetValue(at, _dice.Of(_values));
                break;
            case 6:
                message.SetTag(at, _dice.Of(_tags));
                break;
            case 7:
                Insert(message, at, (byte)(_dice.OneIn(2) ? 1 : '='));
                break;
            case 8:
                Huge(message, at);
                break;
            case 9 or 10:
                Count(message, at);
                break;
            case 11:
                message.Add(_dice.Below(_dice.OneIn(2) ? 2_000 : 100_000), _dice.Of(_values));
                break;
            default:
                Insert(message, at, (byte)_dice.Below(256));
                break;
        }
    }

    private void Insert(FuzzMessage message, int at, byte value)
    {
        ReadOnlySpan<byte> old = message.Value(at);
        if (old.Length < _scratch.Length)
        {
            int where = _dice.Below(old.Length + 1);
            old[..where].CopyTo(_scratch);
            _scratch[where] = value;
            old[where..].CopyTo(_scratch.AsSpan(where + 1));
            message.SetValue(at, _scratch.AsSpan(0, old.Length + 1));
        }
    }

    private void Huge(FuzzMessage message, int at)
    {
        int length = 1 << _dice.Below(14);
        _scratch.AsSpan(0, Math.Min(length, _scratch.Length)).Fill((byte)(_dice.OneIn(2) ? '0' + _dice.Below(10) : _dice.Below(256)));
        message.SetValue(at, _scratch.AsSpan(0, Math.Min(length, _scratch.Length)));
    }

    /// <summary>Makes a number somewhat larger or smaller: a group's count, a data field's length, a sequence number.</summary>
    private void Count(FuzzMessage message, int at)
    {
        for (int i = 0; i < message.Fields.Count; i++)
        {
            int index = (at + i) % message.Fields.Count;
            ReadOnlySpan<byte> value = message.Value(index);
            if (System.Buffers.Text.Utf8Parser.TryParse(value, out long number, out int used) && used == value.Length && index != 0)
            {
                int step = _dice.OneIn(4) ? _dice.Below(10_000) : 1 + _dice.Below(3);
                long changed = unchecked(_dice.OneIn(2) ? number + step : number - step);
                Span<byte> text = stackalloc byte[20];
                System.Buffers.Text.Utf8Formatter.TryFormat(changed, text, out int length);
                message.SetValue(index, text[..length]);
                return;
            }
        }
    }

    private int DamageOnce(Span<byte> buffer, int length)
    {
        int at = _dice.Below(length);
        switch (_dice.Below(8))
        {
            case 0:
                buffer[at] = (byte)_dice.Below(256);
                return length;
            case 1:
                buffer[at] ^= (byte)(1 << _dice.Below(8));
                return length;
            case 2:
                return at;
            case 3:
                int removed = Math.Min(1 + _dice.Below(20), length - at);
                buffer[(at + removed)..length].CopyTo(buffer[at..]);
                return length - removed;
            case 4:
                return Insert(buffer, length, at, "\u0001"u8);
            case 5:
                return Insert(buffer, length, at, "8=FIX.4.4\u00019="u8);
            case 6:
                return Insert(buffer, length, Math.Min(length, Math.Max(0, buffer[..length].IndexOf("9="u8)) + 2), _dice.OneIn(2) ? "0"u8 : "9"u8);
            default:
                int half = Math.Min(_dice.Below(length), _scratch.Length);
                buffer[..half].CopyTo(_scratch);
                return Insert(buffer, length, at, _scratch.AsSpan(0, half));
        }
    }

    private static int Insert(Span<byte> buffer, int length, int at, ReadOnlySpan<byte> bytes)
    {
        if (length + bytes.Length > buffer.Length)
        {
            return length;
        }

        buffer[at..length].CopyTo(buffer[(at + bytes.Length)..]);
        bytes.CopyTo(buffer[at..]);
        return length + bytes.Length;
    }
}
