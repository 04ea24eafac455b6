// Problem: messages are written one by one, a system call for each would cost more than the message, and a slow peer must not make memory grow.
// Idea:    frames are written one behind the other into one block and handed to the operating system as one stretch. A frame is never cut
//          in two: one that does not fit before the end of the block goes to its front, and the mark of where the older part ends is kept.
//
//          in a row:   |......head=====tail..........|      wrapped:   |=====tail........head=======end..|
//
// Must hold: one frame is claimed at a time; what is claimed is not sent before it is committed; when there is no room the caller is told.
namespace Exchange.Cluster.Peers;

/// <summary>Frames waiting to be sent on one connection; of one thread.</summary>
internal sealed class SendRing
{
    private const int NothingClaimed = -1;

    private readonly byte[] _block;
    private int _head;
    private int _tail;
    private int _end;
    private bool _isWrapped;
    private int _claimAt = NothingClaimed;
    private int _claimBytes;

    /// <summary>Allocates the block, once and pinned.</summary>
    public SendRing(int capacityBytes) => _block = GC.AllocateUninitializedArray<byte>(capacityBytes, pinned: true);

    /// <summary>Whether nothing waits to be sent.</summary>
    public bool IsEmpty => _head == _tail && !_isWrapped;

    /// <summary>The next stretch to be sent; what is behind it comes with the next look.</summary>
    public ReadOnlySpan<byte> Pending => _block.AsSpan(_head, (_isWrapped ? _end : _tail) - _head);

    /// <summary>Forgets everything, the claim included.</summary>
    public void Clear()
    {
        _head = 0;
        _tail = 0;
        _isWrapped = false;
        _claimAt = NothingClaimed;
    }

    /// <summary>Reserves room for a payload; replaces an earlier claim that was not committed.</summary>
    public bool TryClaim(int payloadBytes, out Span<byte> payload)
    {
        _claimAt = NothingClaimed;
        payload = default;
        int wanted = PeerFrameDescriptor.FrameBytes(payloadBytes);
        if (IsEmpty)
        {
            _head = 0;
            _tail = 0;
        }

        // A wrapped ring is never filled to the last byte, for head == tail means that it is empty.
        if (_isWrapped ? _head - _tail > wanted : _block.Length - _tail >= wanted)
        {
            _claimAt = _tail;
        }
        else if (!_isWrapped && _head > wanted)
        {
            _claimAt = 0;
        }
        else
        {
            return false;
        }

        _claimBytes = payloadBytes;
        payload = _block.AsSpan(_claimAt + PeerFrameDescriptor.HeaderBytes, payloadBytes);
        return true;
    }

    /// <summary>Seals what was claimed; it will be sent. Without a claim nothing happens.</summary>
    /// <param name="kind">What the frame carries.</param>
    /// <param name="payloadBytes">Bytes used of those claimed.</param>
    public void Commit(PeerFrameKind kind, int payloadBytes)
    {
        if (_claimAt == NothingClaimed)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)payloadBytes, (uint)_claimBytes, nameof(payloadBytes));
        int at = _claimAt;
        _claimAt = NothingClaimed;
        PeerFrameDescriptor.Seal(_block.AsSpan(at), kind, payloadBytes);
        if (at != _tail)
        {
            _end = _tail;
            _isWrapped = true;
        }

        _tail = at + PeerFrameDescriptor.FrameBytes(payloadBytes);
        Unwrap();
    }

    /// <summary>Gives the claim up.</summary>
    public void Abandon() => _claimAt = NothingClaimed;

    /// <summary>Writes a whole frame; false when there is no room.</summary>
    public bool TryWrite(PeerFrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (!TryClaim(payload.Length, out Span<byte> target))
        {
            return false;
        }

        payload.CopyTo(target);
        Commit(kind, payload.Length);
        return true;
    }

    /// <summary>Takes away what the operating system took of <see cref="Pending"/>.</summary>
    public void Consume(int bytes)
    {
        _head += bytes;
        Unwrap();
    }

    /// <summary>Moves what waits in another ring to this one, which is empty.</summary>
    public void TakeFrom(SendRing other)
    {
        Clear();
        while (!other.IsEmpty)
        {
            ReadOnlySpan<byte> pending = other.Pending;
            pending.CopyTo(_block.AsSpan(_tail));
            _tail += pending.Length;
            other.Consume(pending.Length);
        }
    }

    private void Unwrap()
    {
        if (_isWrapped && _head == _end)
        {
            _head = 0;
            _isWrapped = false;
        }
    }
}
