namespace Exchange.Gateway.Member;

/// <summary>Who takes the events that a member sends; one implementation, so that the call is resolved when it is compiled.</summary>
internal interface IEgressHandler
{
    /// <summary>An event; valid during the call.</summary>
    /// <param name="record">The record, and perhaps padding behind it.</param>
    /// <param name="egressSessionId">Which session of the egress stream it came on.</param>
    void OnEgress(ReadOnlySpan<byte> record, int egressSessionId);
}
