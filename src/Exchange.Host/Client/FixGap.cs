namespace Exchange.Host.Client;

/// <summary>
/// What a session knows of a gap in the inbound numbers: the highest number seen, up to where a resend is awaited, and the messages
/// that wait behind the gap. One request is outstanding at a time; another may go out when the awaited range has passed and
/// something is still missing, or when nothing has progressed for the time limit.
/// </summary>
internal sealed class FixGap
{
    private readonly Dictionary<long, byte[]> _kept = [];
    private readonly int _keptMax;
    private readonly long _stallNs;
    private long _awaitedTo;
    private long _progressNs;

    /// <summary>Creates the state without a gap.</summary>
    public FixGap(int keptMax, long stallNs)
    {
        _keptMax = keptMax;
        _stallNs = stallNs;
    }

    /// <summary>The highest number seen behind the gap; 0 without one.</summary>
    public long Highest { get; private set; }

    /// <summary>Something is missing.</summary>
    public bool IsOpen => Highest > 0;

    /// <summary>Keeps a message that arrived too early; past the bound it is dropped and will be asked for again.</summary>
    public void Keep(long seqNum, ReadOnlySpan<byte> frame)
    {
        if (_kept.Count < _keptMax && !_kept.ContainsKey(seqNum))
        {
            _kept[seqNum] = frame.ToArray();
        }
    }

    /// <summary>A number above the expected one was seen.</summary>
    /// <returns>True when a ResendRequest has to go out now.</returns>
    public bool See(long seqNum, long nextIn)
    {
        Highest = Math.Max(Highest, seqNum);
        return _awaitedTo < nextIn;
    }

    /// <summary>A resend of everything up to <paramref name="to"/> is on its way.</summary>
    public void Await(long nextIn, long to, long nowNs)
    {
        Protocol.Invariant.Require(to >= nextIn);
        Highest = Math.Max(Highest, to);
        _awaitedTo = Highest;
        _progressNs = nowNs;
    }

    /// <summary>The message with the expected number, when it waits here.</summary>
    public bool TryTake(long seqNum, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? frame) => _kept.Remove(seqNum, out frame);

    /// <summary>The expected number moved on.</summary>
    /// <returns>True when the awaited range has passed and something is still missing: a ResendRequest has to go out.</returns>
    public bool OnProgress(long nextIn, long nowNs)
    {
        if (!IsOpen)
        {
            return false;
        }

        _progressNs = nowNs;
        if (nextIn > Highest)
        {
            Clear();
            return false;
        }

        return nextIn > _awaitedTo;
    }

    /// <summary>Nothing has progressed for too long.</summary>
    public bool IsStalled(long nowNs) => IsOpen && nowNs - _progressNs >= _stallNs;

    /// <summary>Whether an application message below this number waits here, which nobody may gap-fill.</summary>
    public bool HoldsApplicationBelow(long seqNum)
    {
        bool found = false;
        foreach (long kept in _kept.Keys)
        {
            found |= kept < seqNum && new FixMessageView(_kept[kept]).MsgType is not ([>= (byte)'0' and <= (byte)'5'] or [(byte)'A']);
        }

        return found;
    }

    /// <summary>The gap is closed, or the connection is.</summary>
    public void Clear()
    {
        _kept.Clear();
        Highest = 0;
        _awaitedTo = 0;
    }
}
