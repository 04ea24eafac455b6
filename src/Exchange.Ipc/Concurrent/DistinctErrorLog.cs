// Problem: an error that repeats a thousand times a second must not fill the log, yet its count and last time matter.
// Idea: Agrona's distinct error log: one record for each different text, with a count and two timestamps.
// What must hold: readers in other processes see a record only when its length is set, which is stored last.
using System.Text;

namespace Exchange.Ipc.Concurrent;

/// <summary>
/// Error log of the CnC file.
/// <code>
/// 0        4       8                16                24
/// | length | count | last epoch ms  | first epoch ms  | text (UTF-8) ... padded to 8 |
/// </code>
/// </summary>
public sealed unsafe class DistinctErrorLog
{
    private const int HeaderLength = 24;
    private const int CountOffset = 4;
    private const int LastOffset = 8;
    private const int FirstOffset = 16;
    private readonly byte* _buffer;
    private readonly int _capacity;
    private readonly Dictionary<string, int> _offsets = new(StringComparer.Ordinal);
    private int _nextOffset;

    /// <summary>Wraps the section, which must be zeroed.</summary>
    public DistinctErrorLog(byte* buffer, int capacity)
    {
        _buffer = buffer;
        _capacity = capacity;
    }

    /// <summary>Records an error; false when it is new and does not fit. One thread only.</summary>
    public bool Record(string text, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_offsets.TryGetValue(text, out int offset))
        {
            Volatile.Write(ref *(long*)(_buffer + offset + LastOffset), nowMs); // partner: Read
            _ = Interlocked.Increment(ref *(int*)(_buffer + offset + CountOffset)); // partner: Read
            return true;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = HeaderLength + bytes.Length;
        if (length > _capacity - _nextOffset)
        {
            return false;
        }

        byte* record = _buffer + _nextOffset;
        bytes.CopyTo(new Span<byte>(record + HeaderLength, bytes.Length));
        *(long*)(record + FirstOffset) = nowMs;
        *(long*)(record + LastOffset) = nowMs;
        *(int*)(record + CountOffset) = 1;
        Volatile.Write(ref *(int*)record, length); // partner: Read
        _offsets.Add(text, _nextOffset);
        _nextOffset = Math.Min(_capacity, Alignment.Align(_nextOffset + length, sizeof(long)));
        return true;
    }

    /// <summary>All errors with their counts, oldest first.</summary>
    public static IReadOnlyList<(string Text, int Count, long FirstMs, long LastMs)> Read(byte* buffer, int capacity)
    {
        List<(string, int, long, long)> errors = [];
        int offset = 0;
        while (offset <= capacity - HeaderLength)
        {
            byte* record = buffer + offset;
            int length = Volatile.Read(ref *(int*)record); // partner: Record
            if (length < HeaderLength || length > capacity - offset)
            {
                break;
            }

            string text = Encoding.UTF8.GetString(record + HeaderLength, length - HeaderLength);
            errors.Add((text, *(int*)(record + CountOffset), *(long*)(record + FirstOffset), Volatile.Read(ref *(long*)(record + LastOffset)))); // partner: Record
            offset += Alignment.Align(length, sizeof(long));
        }

        return errors;
    }
}
