using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Exchange.Protocol.StateMachine;

/// <summary>
/// Writes a snapshot as a plain sequence of records, little-endian, and hashes what it writes, so that the canonical state hash is
/// the hash of the canonical snapshot. With <see cref="Stream.Null"/> it only hashes.
/// </summary>
public sealed class SnapshotWriter
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _count;
    private ulong _hash = SnapshotHash.Seed;

    /// <summary>Writes to <paramref name="stream"/>, which the caller owns.</summary>
    public SnapshotWriter(Stream stream) => _stream = stream;

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    /// <summary>Writes a 64-bit integer.</summary>
    public void WriteInt64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        WriteBytes(bytes);
    }

    /// <summary>Writes a record as its bytes; its padding must be zero.</summary>
    public void Write<T>(in T value)
        where T : unmanaged => WriteBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Writes raw bytes; the reader must know how many.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Position += bytes.Length;
        while (!bytes.IsEmpty)
        {
            int take = Math.Min(bytes.Length, _buffer.Length - _count);
            bytes[..take].CopyTo(_buffer.AsSpan(_count));
            _count += take;
            bytes = bytes[take..];
            if (_count == _buffer.Length)
            {
                Drain();
            }
        }
    }

    /// <summary>Hands everything to the stream and returns the hash of all bytes written.</summary>
    public ulong Complete()
    {
        Drain();
        _stream.Flush();
        return SnapshotHash.Finish(_hash, Position);
    }

    private void Drain()
    {
        // Only the last block can be short, so the hash does not depend on how the bytes were cut into calls.
        _hash = SnapshotHash.Add(_hash, _buffer.AsSpan(0, _count));
        _stream.Write(_buffer, 0, _count);
        _count = 0;
    }
}
