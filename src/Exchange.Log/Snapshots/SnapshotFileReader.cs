using Exchange.Log.Platform;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Log.Snapshots;

/// <summary>
/// The content of a snapshot as a stream. The whole file is checked when it is opened, so that no state is built from damaged bytes.
/// </summary>
public sealed class SnapshotFileReader : Stream
{
    private readonly SafeFileHandle _file;
    private long _position;

    private SnapshotFileReader(SafeFileHandle file, SnapshotInfo info)
    {
        _file = file;
        Info = info;
    }

    /// <summary>What the file says of itself.</summary>
    public SnapshotInfo Info { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => Info.ContentBytes;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a file and checks all of it.</summary>
    /// <exception cref="LogDamagedException">It is not a whole snapshot of a known format.</exception>
    public static SnapshotFileReader Open(string path)
    {
        SafeFileHandle file = File.OpenHandle(path);
        try
        {
            return new SnapshotFileReader(file, Check(file, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int take = (int)Math.Min(buffer.Length, Info.ContentBytes - _position);
        int read = take == 0 ? 0 : RandomAccess.Read(_file, buffer[..take], SnapshotDescriptor.HeaderBytes + _position);
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads header and trailer; the content between is not checked.</summary>
    internal static SnapshotInfo ReadInfo(SafeFileHandle file, string path, out uint crc)
    {
        long length = RandomAccess.GetLength(file);
        if (length < SnapshotDescriptor.HeaderBytes + SnapshotDescriptor.TrailerBytes)
        {
            throw new LogDamagedException($"snapshot {path}: truncated to {length} bytes");
        }

        Span<byte> header = stackalloc byte[SnapshotDescriptor.HeaderBytes];
        ReadFully(file, header, 0, path);
        if (BitConverter.ToUInt64(header) != SnapshotDescriptor.Magic)
        {
            throw new LogDamagedException($"snapshot {path}: not a snapshot file");
        }

        int version = BitConverter.ToInt32(header[SnapshotDescriptor.VersionOffset..]);
        if (version != SnapshotDescriptor.Version)
        {
            throw new LogDamagedException($"snapshot {path}: format version {version}, but this release reads only version {SnapshotDescriptor.Version}");
        }

        Span<byte> trailer = stackalloc byte[SnapshotDescriptor.TrailerBytes];
        ReadFully(file, trailer, length - trailer.Length, path);
        crc = BitConverter.ToUInt32(trailer[SnapshotDescriptor.CrcOffset..]);
        long contentBytes = BitConverter.ToInt64(trailer[SnapshotDescriptor.ContentBytesOffset..]);
        if (contentBytes != length - SnapshotDescriptor.HeaderBytes - SnapshotDescriptor.TrailerBytes)
        {
            throw new LogDamagedException($"snapshot {path}: the content does not match its checksum");
        }

        return new SnapshotInfo(
            path,
            new Guid(header.Slice(SnapshotDescriptor.LogIdOffset, 16)),
            BitConverter.ToInt64(header[SnapshotDescriptor.PositionOffset..]),
            BitConverter.ToInt64(header[SnapshotDescriptor.TermOffset..]),
            BitConverter.ToInt64(header[SnapshotDescriptor.TimestampOffset..]),
            contentBytes,
            BitConverter.ToUInt64(trailer[SnapshotDescriptor.StateHashOffset..]));
    }

    private static SnapshotInfo Check(SafeFileHandle file, string path)
    {
        SnapshotInfo info = ReadInfo(file, path, out uint crc);
        return Crc(file, RandomAccess.GetLength(file) - sizeof(uint), path) == crc
            ? info
            : throw new LogDamagedException($"snapshot {path}: the content does not match its checksum");
    }

    private static uint Crc(SafeFileHandle file, long length, string path)
    {
        byte[] buffer = new byte[1 << 18];
        uint state = Crc32C.Seed;
        for (long offset = 0; offset < length;)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - offset));
            ReadFully(file, part, offset, path);
            state = Crc32C.Append(state, part);
            offset += part.Length;
        }

        return ~state;
    }

    private static void ReadFully(SafeFileHandle file, Span<byte> target, long offset, string path)
    {
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(file, target, offset);
            if (read == 0)
            {
                throw new LogDamagedException($"snapshot {path}: the file ends early");
            }

            target = target[read..];
            offset += read;
        }
    }
}
