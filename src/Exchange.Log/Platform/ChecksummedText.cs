using System.Globalization;
using System.Text;

namespace Exchange.Log.Platform;

// Small facts beside the log are text, so that an operator can read them with any tool; the last line is the CRC-32C of the others.
//
//   exchange-log 1
//   id 6f1d…
//   crc 1b2c3d4e
internal static class ChecksummedText
{
    private const string CrcKey = "crc ";

    /// <summary>Writes the file durably: old or new content after a crash, never a mixture.</summary>
    internal static void Write(string path, params ReadOnlySpan<string> lines)
    {
        StringBuilder text = new();
        foreach (string line in lines)
        {
            text.Append(line).Append('\n');
        }

        uint crc = Crc32C.Of(Encoding.UTF8.GetBytes(text.ToString()));
        text.Append(CrcKey).Append(crc.ToString("x8", CultureInfo.InvariantCulture)).Append('\n');
        DurableFiles.Replace(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Reads the lines without the checksum; null when they do not check.</summary>
    internal static string[]? Read(string path)
    {
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(path));
        int start = text.LastIndexOf(CrcKey, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        uint crc = Crc32C.Of(Encoding.UTF8.GetBytes(text[..start]));
        string expected = CrcKey + crc.ToString("x8", CultureInfo.InvariantCulture) + "\n";
        return text[start..] == expected ? text[..start].Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
    }

    /// <summary>The rest of the line that starts with a key and a space; null when there is none.</summary>
    internal static string? Value(string[] lines, string key)
    {
        foreach (string line in lines)
        {
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key, StringComparison.Ordinal))
            {
                return line[(key.Length + 1)..];
            }
        }

        return null;
    }
}
