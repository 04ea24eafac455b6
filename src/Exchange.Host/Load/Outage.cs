namespace Exchange.Host.Load;

/// <summary>The time one session was without acknowledgements because it lost its connection.</summary>
/// <param name="CompId">Whose.</param>
/// <param name="LastAckNs">The last acknowledgement before.</param>
/// <param name="FirstAckNs">The first acknowledgement after, which is no repetition (43=Y) of an earlier one.</param>
/// <param name="Cause">Why the connection ended.</param>
/// <param name="From">Address lost.</param>
/// <param name="To">Address found.</param>
internal sealed record Outage(string CompId, long LastAckNs, long FirstAckNs, string Cause, string From, string To)
{
    /// <summary>What the client saw, in nanoseconds.</summary>
    public long GapNs => FirstAckNs - LastAckNs;
}
