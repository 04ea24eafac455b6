using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Exchange.Protocol.Text;

/// <summary>
/// A short ASCII text held inline in a record: byte 0 is the length (0 to 39), the bytes follow, and the rest is zero,
/// so that two equal texts are equal in all 40 bytes and compare as 5 machine words.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct Text40 : IEquatable<Text40>
{
    /// <summary>Size of the record in bytes.</summary>
    public const int SizeBytes = 40;

    /// <summary>The longest text that fits, in bytes.</summary>
    public const int LengthMax = SizeBytes - 1;

    private Words _words;

    /// <summary>Length of the text in bytes.</summary>
    public readonly int Length => (byte)_words[0];

    /// <summary>Whether the text is empty, which stands for an absent field.</summary>
    public readonly bool IsEmpty => (byte)_words[0] == 0;

    /// <summary>Builds a text from bytes; false when they do not fit, and then the text is empty.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out Text40 text)
    {
        text = default;
        if (bytes.Length > LengthMax)
        {
            return false;
        }

        Span<byte> target = MemoryMarshal.AsBytes((Span<ulong>)text._words);
        target[0] = (byte)bytes.Length;
        bytes.CopyTo(target[1..]);
        return true;
    }

    /// <summary>Builds a text from bytes and cuts off what does not fit.</summary>
    public static Text40 Truncate(ReadOnlySpan<byte> bytes)
    {
        TryCreate(bytes.Length > LengthMax ? bytes[..LengthMax] : bytes, out Text40 text);
        return text;
    }

    /// <summary>Builds a text from characters; for configuration and tests, since it allocates.</summary>
    /// <exception cref="ArgumentException">The text is longer than <see cref="LengthMax"/>.</exception>
    public static Text40 From(string value) =>
        TryCreate(Encoding.ASCII.GetBytes(value), out Text40 text)
            ? text
            : throw new ArgumentException($"'{value}' is longer than {LengthMax} characters", nameof(value));

    /// <summary>The bytes of the text, in place.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> AsSpan() => MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)_words).Slice(1, Length);

    /// <summary>A well-mixed 64-bit hash over all words; the same on every machine and in every run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Hash()
    {
        ulong hash = 0x9E3779B97F4A7C15UL;
        for (int i = 0; i < 5; i++)
        {
            hash = unchecked((hash ^ _words[i]) * 0xD6E8FEB86659FD93UL);
            hash ^= hash >> 32;
        }

        return hash;
    }

    /// <summary>
    /// As <see cref="Hash"/>, but of the text without its last two bytes, so that texts which count in their last places agree in it.
    /// </summary>
    /// <param name="tail">The two bytes, seven bits each, the last one lowest; one that is missing is taken from the length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong HashOfStem(out int tail)
    {
        // A record from elsewhere may claim any length.
        int last = Math.Clamp(Length, 1, LengthMax);
        ulong lastBits = _words[last >> 3] & (0x7FUL << ((last & 7) * 8));
        int before = last - 1;
        ulong beforeBits = _words[before >> 3] & (0x7FUL << ((before & 7) * 8));
        tail = (int)((beforeBits >> ((before & 7) * 8)) << 7) | (int)(lastBits >> ((last & 7) * 8));
        ulong hash = 0x9E3779B97F4A7C15UL;
        for (int i = 0; i < 5; i++)
        {
            ulong word = _words[i] ^ (i == last >> 3 ? lastBits : 0) ^ (i == before >> 3 ? beforeBits : 0);
            hash = unchecked((hash ^ word) * 0xD6E8FEB86659FD93UL);
            hash ^= hash >> 32;
        }

        return hash;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Equals(Text40 other)
    {
        ulong difference = 0;
        for (int i = 0; i < 5; i++)
        {
            difference |= _words[i] ^ other._words[i];
        }

        return difference == 0;
    }

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Text40 other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => unchecked((int)Hash());

    /// <summary>The text as a string; for logs and tests, since it allocates.</summary>
    public override readonly string ToString() => Encoding.ASCII.GetString(AsSpan());

    /// <summary>Equality of all words.</summary>
    public static bool operator ==(Text40 left, Text40 right) => left.Equals(right);

    /// <summary>Inequality of any word.</summary>
    public static bool operator !=(Text40 left, Text40 right) => !left.Equals(right);

    [InlineArray(5)]
    private struct Words
    {
        private ulong _element;
    }
}
