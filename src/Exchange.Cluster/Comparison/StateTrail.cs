namespace Exchange.Cluster.Comparison;

/// <summary>
/// The rolling event hash behind each of the last commands applied, so that two members can be compared at a position both have passed,
/// and the first command at which they part can be named.
/// </summary>
internal sealed class StateTrail
{
    /// <summary>Commands remembered.</summary>
    public const int Capacity = 1 << 16;

    private readonly StatePoint[] _points = new StatePoint[Capacity];
    private long _count;

    /// <summary>The last command applied; position 0 before the first.</summary>
    public StatePoint Newest => _count == 0 ? default : _points[(_count - 1) % Capacity];

    /// <summary>The oldest that is remembered.</summary>
    public StatePoint Oldest => _count == 0 ? default : _points[_count <= Capacity ? 0 : _count % Capacity];

    /// <summary>Remembers the hash behind a command; positions grow.</summary>
    public void Note(long position, ulong eventHash) => _points[_count++ & (Capacity - 1)] = new StatePoint(position, eventHash);

    /// <summary>Finds the hash behind the command that ends at a position.</summary>
    public bool TryFind(long position, out ulong eventHash)
    {
        long index = IndexOf(position);
        eventHash = index < _count ? _points[index & (Capacity - 1)].EventHash : 0;
        return index < _count && _points[index & (Capacity - 1)].Position == position;
    }

    /// <summary>Copies points that lie behind a position, the oldest first; returns how many.</summary>
    public int CopyBehind(long position, Span<StatePoint> target)
    {
        int copied = 0;
        for (long index = IndexOf(position + 1); index < _count && copied < target.Length; index++)
        {
            target[copied++] = _points[index & (Capacity - 1)];
        }

        return copied;
    }

    // Index of the first point at or behind a position.
    private long IndexOf(long position)
    {
        long low = Math.Max(0, _count - Capacity);
        long high = _count;
        while (low < high)
        {
            long middle = (low + high) / 2;
            if (_points[middle & (Capacity - 1)].Position < position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
