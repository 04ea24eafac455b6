using System.Runtime.CompilerServices;

namespace Exchange.Protocol.Commands;

/// <summary>The bytes of a headline and of the text behind it.</summary>
[InlineArray(SizeBytes)]
public struct NewsContent
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 640;

    /// <summary>The longest headline in bytes.</summary>
    public const int HeadlineLengthMax = 128;

    /// <summary>The longest text in bytes, line feeds included.</summary>
    public const int TextLengthMax = SizeBytes - HeadlineLengthMax;

    /// <summary>Most lines of a text.</summary>
    public const int LinesMax = 16;

    private byte _first;

    /// <summary>Whether a news item may be logged: both parts in their limits, printable ASCII, no more lines than allowed, an urgency that exists.</summary>
    public static bool IsSound(in NewsCommand command)
    {
        if (command.HeadlineLength is 0 or > HeadlineLengthMax || command.TextLength is 0 or > TextLengthMax || command.Urgency is < (byte)'0' or > (byte)'2')
        {
            return false;
        }

        ReadOnlySpan<byte> content = command.Content;
        ReadOnlySpan<byte> text = content.Slice(command.HeadlineLength, command.TextLength);
        return !content[..command.HeadlineLength].ContainsAnyExceptInRange((byte)' ', (byte)'~')
            && IsPrintableInLines(text)
            && !content[(command.HeadlineLength + command.TextLength)..].ContainsAnyExcept((byte)0);
    }

    private static bool IsPrintableInLines(ReadOnlySpan<byte> text)
    {
        int lines = 1;
        int length = 0;
        foreach (byte character in text)
        {
            if (character == (byte)'\n')
            {
                if (length == 0)
                {
                    return false;
                }

                lines++;
                length = 0;
            }
            else if (character is >= (byte)' ' and <= (byte)'~')
            {
                length++;
            }
            else
            {
                return false;
            }
        }

        return length > 0 && lines <= LinesMax;
    }
}
