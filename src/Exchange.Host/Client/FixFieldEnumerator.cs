namespace Exchange.Host.Client;

/// <summary>Walks over <c>tag=value</c> fields that end with SOH.</summary>
internal ref struct FixFieldEnumerator
{
    private ReadOnlySpan<byte> _rest;
    private int _tag;
    private ReadOnlySpan<byte> _value;

    /// <summary>Walks over these bytes.</summary>
    public FixFieldEnumerator(ReadOnlySpan<byte> fields)
    {
        _rest = fields;
        _tag = 0;
        _value = default;
    }

    /// <summary>The field reached.</summary>
    public readonly FixField Current => new(_tag, _value);

    /// <summary>Goes to the next field.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        int tag = 0;
        int at = 0;
        while (at < _rest.Length && _rest[at] != '=' && _rest[at] != FixFrames.Soh)
        {
            uint digit = (uint)(_rest[at++] - '0');
            tag = digit > 9 || tag < 0 || tag > 1_000_000 ? -1 : (tag * 10) + (int)digit;
        }

        if (at < _rest.Length && _rest[at] == '=')
        {
            at++;
        }

        ReadOnlySpan<byte> value = _rest[at..];
        int end = value.IndexOf(FixFrames.Soh);
        _tag = Math.Max(tag, 0);
        _value = end < 0 ? value : value[..end];
        _rest = end < 0 ? default : value[(end + 1)..];
        return true;
    }
}
