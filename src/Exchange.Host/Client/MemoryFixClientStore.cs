namespace Exchange.Host.Client;

/// <summary>A store that lives as long as its process: enough for a client that reconnects but never restarts.</summary>
internal sealed class MemoryFixClientStore : IFixClientStore
{
    private readonly Dictionary<long, byte[]> _sent = [];
    private readonly int _keptMax;

    /// <summary>Creates the store.</summary>
    /// <param name="keptMax">Sequence numbers whose messages are kept; older ones are gap-filled.</param>
    public MemoryFixClientStore(int keptMax = 1 << 20)
    {
        _keptMax = keptMax;
    }

    /// <inheritdoc/>
    public long NextIn { get; set; } = 1;

    /// <inheritdoc/>
    public long NextOut { get; private set; } = 1;

    /// <inheritdoc/>
    public bool ResetPending { get; set; }

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> frame)
    {
        if (!frame.IsEmpty)
        {
            _sent[NextOut] = frame.ToArray();
        }

        _sent.Remove(NextOut - _keptMax);
        NextOut++;
    }

    /// <inheritdoc/>
    public bool TryRead(long seqNum, out ReadOnlyMemory<byte> frame)
    {
        bool found = _sent.TryGetValue(seqNum, out byte[]? bytes);
        frame = bytes;
        return found;
    }

    /// <inheritdoc/>
    public void Restart(long nextIn, long nextOut)
    {
        _sent.Clear();
        NextIn = nextIn;
        NextOut = nextOut;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
