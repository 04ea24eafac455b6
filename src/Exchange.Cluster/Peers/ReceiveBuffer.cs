// Problem: one read brings many frames and the beginning of another.
// Idea:    a block that is read into at its tail and taken from at its head; what is left moves to the front when room gets short, so
//          that a frame is always in one piece and starts aligned.
// Must hold: the block is at least twice as large as the largest frame, so that there is always room for the rest of it.
namespace Exchange.Cluster.Peers;

/// <summary>Bytes that arrived on one connection and were not taken yet; of one thread.</summary>
internal sealed class ReceiveBuffer
{
    private readonly byte[] _block;
    private int _head;
    private int _tail;

    /// <summary>Allocates the block, once and pinned.</summary>
    public ReceiveBuffer(int capacityBytes) => _block = GC.AllocateUninitializedArray<byte>(capacityBytes, pinned: true);

    /// <summary>Where the next bytes go.</summary>
    public Span<byte> Space
    {
        get
        {
            if (_head == _tail)
            {
                _head = 0;
                _tail = 0;
            }
            else if (_block.Length - _tail < _block.Length / 2)
            {
                Unread.CopyTo(_block);
                _tail -= _head;
                _head = 0;
            }

            return _block.AsSpan(_tail);
        }
    }

    /// <summary>What arrived and was not taken.</summary>
    public ReadOnlySpan<byte> Unread => _block.AsSpan(_head, _tail - _head);

    /// <summary>So many bytes were put into <see cref="Space"/>.</summary>
    public void Add(int bytes) => _tail += bytes;

    /// <summary>Takes bytes from the front of <see cref="Unread"/>.</summary>
    public void Consume(int bytes) => _head += bytes;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _head = 0;
        _tail = 0;
    }

    /// <summary>Moves what another buffer holds into this one, which is empty.</summary>
    public void TakeFrom(ReceiveBuffer other)
    {
        Clear();
        other.Unread.CopyTo(_block);
        _tail = other.Unread.Length;
        other.Clear();
    }
}
