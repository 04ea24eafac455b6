using Exchange.Log.Platform;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Log.Snapshots;

/// <summary>
/// A snapshot file that arrives from elsewhere, piece by piece. It gets its name, and so counts, only when it is whole, checks, and is
/// flushed. Disposed before, nothing remains.
/// </summary>
public sealed class SnapshotFileCopy : IDisposable
{
    private readonly string _temporary;
    private readonly string _directory;
    private readonly long _position;
    private readonly SafeFileHandle _file;
    private readonly byte[] _trailer = new byte[SnapshotDescriptor.TrailerBytes];
    private uint _crc = Crc32C.Seed;
    private bool _completed;

    private SnapshotFileCopy(string directory, long position, long fileBytes)
    {
        _directory = directory;
        _position = position;
        FileBytes = fileBytes;
        _temporary = PathOf(directory, position) + DurableFiles.TemporarySuffix;
        _file = DurableFiles.Create(_temporary, FileAccess.ReadWrite);
    }

    /// <summary>How long the file will be.</summary>
    public long FileBytes { get; }

    /// <summary>Bytes that have arrived.</summary>
    public long Length { get; private set; }

    /// <summary>Smallest length a snapshot file can have.</summary>
    public static long FileBytesMin => SnapshotDescriptor.HeaderBytes + SnapshotDescriptor.TrailerBytes;

    /// <summary>Where the snapshot at a position is kept in a directory.</summary>
    public static string PathOf(string directory, long position) => Path.Combine(directory, SnapshotDescriptor.FileName(position));

    /// <summary>Begins a file and gives it all its blocks.</summary>
    /// <param name="directory">Where; it must exist.</param>
    /// <param name="position">Position of the snapshot; the file is named after it.</param>
    /// <param name="fileBytes">Length of the whole file.</param>
    /// <exception cref="DiskFullException">There is no room.</exception>
    public static SnapshotFileCopy Create(string directory, long position, long fileBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfLessThan(fileBytes, FileBytesMin);
        SnapshotFileCopy copy = new(directory, position, fileBytes);
        try
        {
            DurableFiles.Allocate(copy._file, copy._temporary, fileBytes);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Appends what arrived next.</summary>
    /// <exception cref="ArgumentException">It is more than the file was to have.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > FileBytes - Length)
        {
            throw new ArgumentException($"{bytes.Length} bytes at {Length} go beyond the {FileBytes} bytes of the file", nameof(bytes));
        }

        DurableFiles.Write(_file, _temporary, bytes, Length);

        // The checksum covers everything but itself, which is the last word of the trailer.
        long covered = Math.Clamp(FileBytes - sizeof(uint) - Length, 0, bytes.Length);
        _crc = Crc32C.Append(_crc, bytes[..(int)covered]);
        int trailing = (int)Math.Min(bytes.Length, Math.Max(0, Length + bytes.Length - (FileBytes - _trailer.Length)));
        bytes[^trailing..].CopyTo(_trailer.AsSpan((int)Math.Max(0, Length - (FileBytes - _trailer.Length))));
        Length += bytes.Length;
    }

    /// <summary>Checks the whole, makes it durable and names it.</summary>
    /// <exception cref="LogDamagedException">It is not a whole snapshot of that position.</exception>
    public SnapshotInfo Complete()
    {
        if (Length != FileBytes || ~_crc != BitConverter.ToUInt32(_trailer, SnapshotDescriptor.CrcOffset))
        {
            throw new LogDamagedException($"snapshot {_temporary}: what arrived does not match its checksum");
        }

        SnapshotInfo info = SnapshotFileReader.ReadInfo(_file, _temporary, out _);
        if (info.Position != _position)
        {
            throw new LogDamagedException($"snapshot {_temporary}: it is of position {info.Position}, not {_position}");
        }

        DurableFiles.Flush(_file, _temporary);
        string path = PathOf(_directory, _position);
        _completed = true;
        _file.Dispose();
        File.Move(_temporary, path, overwrite: true);
        DurableFiles.FlushDirectory(_directory);
        return info with { Path = path };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_completed)
        {
            _completed = true;
            _file.Dispose();
            File.Delete(_temporary);
        }
    }
}
