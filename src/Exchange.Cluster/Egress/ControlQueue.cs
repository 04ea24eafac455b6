using System.Runtime.InteropServices;
using Exchange.Protocol.Events;

namespace Exchange.Cluster.Egress;

/// <summary>
/// Events for a gateway that belong to no session's sequence (reference data, closes) and that its publication could not take yet:
/// a bounded first-in first-out queue. When it is full, the gateway is given up; it attaches anew and gets everything again.
/// </summary>
internal sealed class ControlQueue
{
    private readonly int _capacityBytes;
    private byte[] _bytes;
    private int _head;
    private int _tail;

    /// <summary>Creates an empty queue.</summary>
    public ControlQueue(int capacityBytes)
    {
        _capacityBytes = capacityBytes;
        _bytes = new byte[Math.Min(capacityBytes, 1 << 12)];
    }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _head == _tail;

    /// <summary>Appends an event; false when the queue would grow beyond its capacity.</summary>
    public bool TryAdd(ReadOnlySpan<byte> record)
    {
        if (_tail + record.Length > _bytes.Length && !MakeRoom(record.Length))
        {
            return false;
        }

        record.CopyTo(_bytes.AsSpan(_tail));
        _tail += record.Length;
        return true;
    }

    /// <summary>The oldest event; the queue is not empty.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(_head, _tail - _head);
        return rest[..MemoryMarshal.AsRef<EventHeader>(rest).Length];
    }

    /// <summary>Removes the oldest event.</summary>
    public void RemoveFirst()
    {
        _head += Peek().Length;
        if (_head == _tail)
        {
            _head = 0;
            _tail = 0;
        }
    }

    private bool MakeRoom(int lengthBytes)
    {
        int used = _tail - _head;
        if (used + lengthBytes > _capacityBytes)
        {
            return false;
        }

        byte[] target = used + lengthBytes > _bytes.Length ? new byte[Math.Min(_capacityBytes, Math.Max(used + lengthBytes, _bytes.Length * 2))] : _bytes;
        _bytes.AsSpan(_head, used).CopyTo(target);
        _bytes = target;
        _head = 0;
        _tail = used;
        return true;
    }
}
