using Microsoft.Win32.SafeHandles;

namespace Exchange.Log.Snapshots;

/// <summary>
/// The bytes of a snapshot file as they are, for sending them elsewhere. Opening reads header and trailer only, so that it costs the same
/// for every size; whoever receives the bytes checks them. The file may be deleted meanwhile.
/// </summary>
public sealed class SnapshotFileSource : IDisposable
{
    private readonly SafeFileHandle _file;

    private SnapshotFileSource(SafeFileHandle file, SnapshotInfo info, long fileBytes)
    {
        _file = file;
        Info = info;
        FileBytes = fileBytes;
    }

    /// <summary>What the file says of itself, unchecked.</summary>
    public SnapshotInfo Info { get; }

    /// <summary>Length of the file.</summary>
    public long FileBytes { get; }

    /// <summary>Fills a span from an offset in the file.</summary>
    /// <exception cref="IOException">The device failed, or the file ends early.</exception>
    public void Read(long offset, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(_file, target, offset);
            if (read == 0)
            {
                throw new LogDamagedException($"snapshot {Info.Path}: the file ends early");
            }

            target = target[read..];
            offset += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal static SnapshotFileSource Open(string path)
    {
        SafeFileHandle file = File.OpenHandle(path);
        try
        {
            return new SnapshotFileSource(file, SnapshotFileReader.ReadInfo(file, path, out _), RandomAccess.GetLength(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
