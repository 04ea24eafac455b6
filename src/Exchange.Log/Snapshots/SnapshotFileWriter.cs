using Exchange.Log.Platform;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Log.Snapshots;

/// <summary>
/// A snapshot being written: a stream for the content, then <see cref="Complete"/>. Disposed without it, nothing remains. It may be
/// written by another thread than the one that owns the state, and takes no part in the hot path.
/// </summary>
public sealed class SnapshotFileWriter : Stream
{
    private readonly string _temporary;
    private readonly SafeFileHandle _file;
    private readonly SnapshotInfo _info;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _buffered;
    private long _written;
    private uint _crc = Crc32C.Seed;
    private bool _completed;

    internal SnapshotFileWriter(SnapshotInfo info)
    {
        _info = info;
        _temporary = info.Path + DurableFiles.TemporarySuffix;
        _file = DurableFiles.Create(_temporary);
        Span<byte> header = stackalloc byte[SnapshotDescriptor.HeaderBytes];
        SnapshotDescriptor.WriteHeader(header, info.LogId, info.Position, info.Term, info.TimestampNs);
        Write(header);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => !_completed;

    /// <summary>Bytes of content written so far.</summary>
    public override long Length => _written + _buffered - SnapshotDescriptor.HeaderBytes;

    /// <inheritdoc/>
    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="DiskFullException">No room; the snapshot is given up, older ones are untouched.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_completed || _file.IsClosed, this);
        while (!buffer.IsEmpty)
        {
            int take = Math.Min(buffer.Length, _buffer.Length - _buffered);
            buffer[..take].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += take;
            buffer = buffer[take..];
            if (_buffered == _buffer.Length)
            {
                Drain();
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Ends the snapshot: trailer, flush, rename, flush of the directory. When it returns, the snapshot is durable.</summary>
    /// <param name="stateHash">Hash of the state that was written; recovery compares it with what it loads.</param>
    public SnapshotInfo Complete(ulong stateHash)
    {
        SnapshotInfo info = _info with { ContentBytes = Length, StateHash = stateHash };
        byte[] trailer = new byte[SnapshotDescriptor.TrailerBytes];
        BitConverter.TryWriteBytes(trailer.AsSpan(SnapshotDescriptor.ContentBytesOffset), info.ContentBytes);
        BitConverter.TryWriteBytes(trailer.AsSpan(SnapshotDescriptor.StateHashOffset), stateHash);
        Write(trailer.AsSpan(0, SnapshotDescriptor.CrcOffset));
        Drain();
        Write(BitConverter.GetBytes(~_crc));
        Drain();
        DurableFiles.Flush(_file, _temporary);
        _completed = true;
        _file.Dispose();
        File.Move(_temporary, info.Path, overwrite: true);
        DurableFiles.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(info.Path))!);
        return info;
    }

    /// <summary>Does nothing: only a complete snapshot is worth flushing.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_completed && !_file.IsClosed)
        {
            _file.Dispose();
            File.Delete(_temporary);
        }

        base.Dispose(disposing);
    }

    private void Drain()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _buffered);
        DurableFiles.Write(_file, _temporary, bytes, _written);
        _crc = Crc32C.Append(_crc, bytes);
        _written += _buffered;
        _buffered = 0;
    }
}
