// Problem: what is said to a client leaves in one write per duty cycle, at the client's pace, and a client that does not read must cost a
//          bounded amount of memory and nobody else's time.
// Idea:    one contiguous block per connection: encoded at the tail, sent from the head, moved to the front when the tail runs out. It grows
//          by doubling up to a limit and then refuses; the connection is dropped as a slow consumer. Contiguous rather than a ring, because
//          a message must be encoded in one piece and a send should be one system call. A client that has asked for a resend gets a higher
//          limit until it has caught up: the member reads its history faster than any client parses.
// Must hold: 0 <= head <= tail <= capacity <= the higher limit; bytes between head and tail are neither lost nor reordered.
using Exchange.Protocol;

namespace Exchange.Gateway.Connections;

/// <summary>Bytes on their way to one client.</summary>
internal sealed class OutboundBuffer
{
    private const int CapacityMinBytes = 16 * 1024;

    // A connection that once needed a large block must not keep it for its slot's next tenant.
    private const int CapacityKeptBytes = 1024 * 1024;

    private readonly int _limitBytes;
    private readonly int _catchUpLimitBytes;
    private byte[] _bytes;
    private int _head;
    private int _tail;
    private bool _isCatchingUp;

    /// <summary>Creates a buffer that holds at most <paramref name="limitBytes"/>, and at most <paramref name="catchUpLimitBytes"/> from a resend on until it is drained.</summary>
    public OutboundBuffer(int limitBytes, int catchUpLimitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limitBytes, CapacityMinBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(catchUpLimitBytes, limitBytes);
        _limitBytes = limitBytes;
        _catchUpLimitBytes = catchUpLimitBytes;
        _bytes = Allocate(CapacityMinBytes);
    }

    /// <summary>Number of bytes waiting to be sent.</summary>
    public int PendingBytes => _tail - _head;

    /// <summary>The bytes waiting to be sent, in order. Valid until the next call that changes the buffer.</summary>
    public ReadOnlySpan<byte> Pending => _bytes.AsSpan(_head, _tail - _head);

    /// <summary>What follows answers a resend request.</summary>
    public void BeginCatchUp() => _isCatchingUp = true;

    /// <summary>Finds room for <paramref name="length"/> bytes behind what is pending; false when that would pass the limit.</summary>
    public bool TryReserve(int length, out Span<byte> target)
    {
        if (_bytes.Length - _tail < length && !MakeRoom(length))
        {
            target = default;
            return false;
        }

        target = _bytes.AsSpan(_tail);
        return true;
    }

    /// <summary>Adds the first <paramref name="length"/> bytes of the span reserved last.</summary>
    public void Commit(int length)
    {
        Invariant.Require(length >= 0 && length <= _bytes.Length - _tail);
        _tail += length;
    }

    /// <summary>Removes bytes that have been sent.</summary>
    public void Consume(int length)
    {
        Invariant.Require(length >= 0 && length <= _tail - _head);
        _head += length;
        if (_head == _tail)
        {
            _head = 0;
            _tail = 0;
            _isCatchingUp = false;
            if (_bytes.Length > _limitBytes)
            {
                _bytes = Allocate(CapacityMinBytes);
            }
        }
    }

    /// <summary>Forgets everything; for the slot's next connection.</summary>
    public void Reset()
    {
        _head = 0;
        _tail = 0;
        _isCatchingUp = false;
        if (_bytes.Length > CapacityKeptBytes)
        {
            _bytes = Allocate(CapacityMinBytes);
        }
    }

    private bool MakeRoom(int length)
    {
        int pending = _tail - _head;
        int limit = _isCatchingUp ? _catchUpLimitBytes : _limitBytes;
        if (length > limit - pending)
        {
            return false;
        }

        byte[] target = _bytes;
        if (pending + length > _bytes.Length - (_bytes.Length / 4))
        {
            // Growing before the block is quite full keeps the moves to the front rare: each one frees at least a quarter.
            long doubled = Math.Max((long)_bytes.Length * 2, pending + (long)length);
            int capacity = (int)Math.Min(doubled, limit);
            target = capacity > _bytes.Length ? Allocate(capacity) : _bytes;
        }

        _bytes.AsSpan(_head, pending).CopyTo(target);
        _bytes = target;
        _head = 0;
        _tail = pending;
        return true;
    }

    // Pinned, so that a send hands the address to the system without pinning the array each time.
    private static byte[] Allocate(int capacity) => GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
}
