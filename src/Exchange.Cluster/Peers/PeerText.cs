using System.Text;

namespace Exchange.Cluster.Peers;

/// <summary>Short texts within the handshake, which end up in a log that people read: printable ASCII whatever was sent.</summary>
internal static class PeerText
{
    /// <summary>Writes as much of the text as there is room for; returns the bytes used.</summary>
    public static int Write(Span<byte> target, string text)
    {
        int length = Math.Min(target.Length, text.Length);
        for (int i = 0; i < length; i++)
        {
            target[i] = text[i] is >= ' ' and <= '~' ? (byte)text[i] : (byte)'?';
        }

        return length;
    }

    /// <summary>Reads a text; what is not printable becomes a question mark.</summary>
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        Span<byte> clean = stackalloc byte[Math.Min(bytes.Length, PeerHandshake.ReasonBytesMax)];
        for (int i = 0; i < clean.Length; i++)
        {
            clean[i] = bytes[i] is >= (byte)' ' and <= (byte)'~' ? bytes[i] : (byte)'?';
        }

        return Encoding.ASCII.GetString(clean);
    }
}
