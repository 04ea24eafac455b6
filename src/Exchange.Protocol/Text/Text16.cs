using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Exchange.Protocol.Text;

/// <summary>
/// A short ASCII text held inline in a record: byte 0 is the length (0 to 15), the bytes follow, and the rest is zero,
/// so that two equal texts are equal in all 16 bytes and compare as 2 machine words.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct Text16 : IEquatable<Text16>
{
    /// <summary>Size of the record in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>The longest text that fits, in bytes.</summary>
    public const int LengthMax = SizeBytes - 1;

    private Words _words;

    /// <summary>Length of the text in bytes.</summary>
    public readonly int Length => (byte)_words[0];

    /// <summary>Whether the text is empty, which stands for an absent field.</summary>
    public readonly bool IsEmpty => (byte)_words[0] == 0;

    /// <summary>Builds a text from bytes; false when they do not fit, and then the text is empty.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out Text16 text)
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
    public static Text16 Truncate(ReadOnlySpan<byte> bytes)
    {
        TryCreate(bytes.Length > LengthMax ? bytes[..LengthMax] : bytes, out Text16 text);
        return text;
    }

    /// <summary>Builds a text from characters; for configuration and tests, since it allocates.</summary>
    /// <exception cref="ArgumentException">The text is longer than <see cref="LengthMax"/>.</exception>
    public static Text16 From(string value) =>
        TryCreate(Encoding.ASCII.GetBytes(value), out Text16 text)
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
        for (int i = 0; i < 2; i++)
        {
            hash = unchecked((hash ^ _words[i]) * 0xD6E8FEB86659FD93UL);
            hash ^= hash >> 32;
        }

        return hash;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Equals(Text16 other)
    {
        ulong difference = 0;
        for (int i = 0; i < 2; i++)
        {
            difference |= _words[i] ^ other._words[i];
        }

        return difference == 0;
    }

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Text16 other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => unchecked((int)Hash());

    /// <summary>The text as a string; for logs and tests, since it allocates.</summary>
    public override readonly string ToString() => Encoding.ASCII.GetString(AsSpan());

    /// <summary>Equality of all words.</summary>
    public static bool operator ==(Text16 left, Text16 right) => left.Equals(right);

    /// <summary>Inequality of any word.</summary>
    public static bool operator !=(Text16 left, Text16 right) => !left.Equals(right);

    [InlineArray(2)]
    private struct Words
    {
        private ulong _element;
    }
}
