using System.Buffers.Text;
using System.Text;

namespace Exchange.Fuzz;

/// <summary>A message as a list of fields that can still be changed, without garbage: all texts lie in one pool.</summary>
internal sealed class FuzzMessage
{
    private const byte Soh = 1;
    private const int FieldsMax = 2_000;
    private const int PoolBytes = 1 << 16;

    private readonly byte[] _pool = new byte[PoolBytes];
    private readonly List<FuzzField> _fields = new(FieldsMax);
    private int _poolLength;

    /// <summary>The fields from 35 on, without the trailer's 10.</summary>
    public List<FuzzField> Fields => _fields;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _fields.Clear();
        _poolLength = 0;
    }

    /// <summary>Appends a field; nothing happens when there is no room, as a message that long has said enough.</summary>
    public void Add(int tag, ReadOnlySpan<byte> value)
    {
        if (_fields.Count < FieldsMax && _poolLength + value.Length + 12 <= PoolBytes)
        {
            _fields.Add(Make(tag, value));
        }
    }

    /// <summary>Appends a field with a number.</summary>
    public void Add(int tag, long value)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, text, out int length);
        Add(tag, text[..length]);
    }

    /// <summary>Appends a field with a text of Latin-1 characters.</summary>
    public void Add(int tag, string value) => Add(tag, Encoding.Latin1.GetBytes(value));

    /// <summary>Replaces a value.</summary>
    public void SetValue(int index, ReadOnlySpan<byte> value)
    {
        if (_poolLength + value.Length <= PoolBytes)
        {
            _fields[index] = _fields[index] with { ValueAt = Store(value), ValueLength = value.Length };
        }
    }

    /// <summary>Replaces what stands before the equals sign.</summary>
    public void SetTag(int index, ReadOnlySpan<byte> tag)
    {
        if (_poolLength + tag.Length <= PoolBytes)
        {
            _fields[index] = _fields[index] with { TagAt = Store(tag), TagLength = tag.Length };
        }
    }

    /// <summary>The value of a field.</summary>
    public ReadOnlySpan<byte> Value(int index) => _pool.AsSpan(_fields[index].ValueAt, _fields[index].ValueLength);

    /// <summary>Writes the message with the right length and sum.</summary>
    /// <param name="beginString">BeginString (8).</param>
    /// <param name="target">Where to.</param>
    /// <returns>Its length; 0 when the target is too small.</returns>
    public int Write(ReadOnlySpan<byte> beginString, Span<byte> target)
    {
        int body = 0;
        foreach (FuzzField field in _fields)
        {
            body += field.TagLength + field.ValueLength + 2;
        }

        if (body + 48 > target.Length)
        {
            return 0;
        }

        int at = Put(target, 0, "8="u8);
        at = Put(target, at, beginString);
        at = Put(target, at, "\u00019="u8);
        Utf8Formatter.TryFormat(body, target[at..], out int digits);
        at += digits;
        target[at++] = Soh;
        foreach (FuzzField field in _fields)
        {
            at = Put(target, at, _pool.AsSpan(field.TagAt, field.TagLength));
            target[at++] = (byte)'=';
            at = Put(target, at, _pool.AsSpan(field.ValueAt, field.ValueLength));
            target[at++] = Soh;
        }

        int sum = 0;
        foreach (byte value in target[..at])
        {
            sum += value;
        }

        at = Put(target, at, "10="u8);
        Utf8Formatter.TryFormat(sum & 255, target[at..], out _, new System.Buffers.StandardFormat('D', 3));
        target[at + 3] = Soh;
        return at + 4;
    }

    private FuzzField Make(int tag, ReadOnlySpan<byte> value)
    {
        int tagAt = _poolLength;
        Utf8Formatter.TryFormat(tag, _pool.AsSpan(tagAt), out int tagLength);
        _poolLength += tagLength;
        return new FuzzField(tag, tagAt, tagLength, Store(value), value.Length);
    }

    private int Store(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_pool.AsSpan(_poolLength));
        _poolLength += value.Length;
        return _poolLength - value.Length;
    }

    private static int Put(Span<byte> target, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }
}
