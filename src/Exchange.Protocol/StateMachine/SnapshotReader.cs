using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Exchange.Protocol.StateMachine;

/// <summary>Reads what a <see cref="SnapshotWriter"/> wrote, in the same order. A short or inconsistent snapshot is an <see cref="InvalidDataException"/>.</summary>
public sealed class SnapshotReader
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>Reads from <paramref name="stream"/>, which the caller owns.</summary>
    public SnapshotReader(Stream stream) => _stream = stream;

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Reads a 64-bit integer.</summary>
    public long ReadInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        ReadBytes(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <summary>Reads a count and checks it against what the caller can take.</summary>
    public int ReadCount(long max, string what)
    {
        long count = ReadInt64();
        return count >= 0 && count <= max
            ? (int)count
            : throw new InvalidDataException($"snapshot at byte {Position}: {what} is {count}, allowed are 0 to {max}");
    }

    /// <summary>Reads a record.</summary>
    public T Read<T>()
        where T : unmanaged
    {
        T value = default;
        ReadBytes(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    /// <summary>Fills <paramref name="target"/>.</summary>
    public void ReadBytes(Span<byte> target)
    {
        Position += target.Length;
        while (!target.IsEmpty)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = _stream.Read(_buffer, 0, _buffer.Length);
                if (_end == 0)
                {
                    throw new InvalidDataException($"snapshot ends at byte {Position - target.Length}, {target.Length} bytes short");
                }
            }

            int take = Math.Min(target.Length, _end - _start);
            _buffer.AsSpan(_start, take).CopyTo(target);
            _start += take;
            target = target[take..];
        }
    }
}
