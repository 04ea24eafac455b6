using System.Security.Cryptography;
using System.Text;

namespace Exchange.Host.Configuration;

/// <summary>
/// The key by which members and operators of a cluster know each other: 64 hexadecimal digits in a file that only its owner may read. The
/// same file belongs on each box, beside cluster.yaml.
/// </summary>
internal static class ClusterKey
{
    /// <summary>The file's name.</summary>
    public const string FileName = "cluster.key";

    /// <summary>Bytes of a key.</summary>
    public const int Bytes = 32;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Where the file is in a state directory.</summary>
    public static string PathIn(string directory) => Path.Combine(directory, FileName);

    /// <summary>Whether the directory has a key.</summary>
    public static bool ExistsIn(string directory) => File.Exists(PathIn(directory));

    /// <summary>Reads the key of a state directory.</summary>
    /// <exception cref="HostException">It is missing, is no key, or others may read it.</exception>
    public static byte[] Load(string directory) => LoadFile(PathIn(directory));

    /// <summary>Reads a key file.</summary>
    /// <exception cref="HostException">It is missing, is no key, or others may read it.</exception>
    public static byte[] LoadFile(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                throw new HostException($"{path}: no such file; copy the cluster's key there, or name the right directory with --dir", ExitCode.BadInput);
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            {
                throw new HostException($"{path}: others than its owner may use this key; run chmod 600 on it", ExitCode.BadInput);
            }

            // Longer than any key: a wrong file is not read whole.
            Span<char> digits = stackalloc char[256];
            using StreamReader reader = new(path, Encoding.ASCII);
            int length = reader.ReadBlock(digits);
            ReadOnlySpan<char> text = digits[..length].Trim();
            byte[] key = new byte[Bytes];
            return text.Length == 2 * Bytes && Convert.FromHexString(text, key, out _, out int written) == System.Buffers.OperationStatus.Done && written == Bytes
                ? key
                : throw new HostException($"{path}: must hold {2 * Bytes} hexadecimal digits and nothing else; copy the cluster's key again", ExitCode.BadInput);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"{path}: cannot be read: {e.Message}", ExitCode.BadInput);
        }
    }

    /// <summary>Makes a key for a new cluster; an existing one is never replaced.</summary>
    /// <exception cref="HostException">It cannot be written, or there is one.</exception>
    public static byte[] Create(string directory)
    {
        string path = PathIn(directory);
        byte[] key = RandomNumberGenerator.GetBytes(Bytes);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            // Given at creation, so that there is no moment at which others may read it.
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            Directory.CreateDirectory(directory);
            using FileStream stream = new(path, options);
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n"));
            stream.Flush(flushToDisk: true);
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"{path}: cannot be written: {e.Message}", ExitCode.BadInput);
        }
    }
}
