using System.Diagnostics.CodeAnalysis;
using Exchange.Log.Platform;

namespace Exchange.Cluster.Consensus;

/// <summary>
/// The last configuration that a member knew to be committed, beside its log: the entries that say so may have been deleted from the log
/// once a snapshot covers them, and a member that starts must know whose votes it needs.
/// </summary>
internal static class ConfigurationFile
{
    private const string Header = "exchange-members 1";
    private const string Key = "configuration";

    /// <summary>Where it is.</summary>
    public static string PathIn(string memberDirectory) => Path.Combine(memberDirectory, "members.state");

    /// <summary>Writes it durably.</summary>
    public static void Save(string memberDirectory, ClusterConfiguration configuration) =>
        ChecksummedText.Write(PathIn(memberDirectory), Header, $"{Key} {Convert.ToBase64String(ConfigurationCodec.Encode(configuration))}");

    /// <summary>Reads it; false when there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message names it and the remedy.</exception>
    public static bool TryLoad(string memberDirectory, [NotNullWhen(true)] out ClusterConfiguration? configuration)
    {
        configuration = null;
        string path = PathIn(memberDirectory);
        if (!File.Exists(path))
        {
            return false;
        }

        string[]? lines = ChecksummedText.Read(path);
        if (lines is [Header, ..] && ChecksummedText.Value(lines, Key) is { } text)
        {
            Span<byte> bytes = new byte[text.Length];
            if (Convert.TryFromBase64String(text, bytes, out int written) && ConfigurationCodec.TryDecode(bytes[..written], out configuration))
            {
                return true;
            }
        }

        throw new InvalidDataException($"{path} is damaged, so this member does not know who belongs to its cluster; rebuild it from another member");
    }
}
