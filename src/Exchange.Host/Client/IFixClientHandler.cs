namespace Exchange.Host.Client;

/// <summary>What a <see cref="FixClientSession"/> tells its user.</summary>
internal interface IFixClientHandler
{
    /// <summary>
    /// An application message or a session-level Reject (3), in the order of its sequence numbers and each number once, however
    /// often it was sent.
    /// </summary>
    /// <param name="message">The message; valid during the call only.</param>
    /// <param name="nowNs">When it was received.</param>
    void OnMessage(FixMessageView message, long nowNs);

    /// <summary>Something happened to the session.</summary>
    void OnEvent(FixClientEvent what, string text);

    /// <summary>A message went through the session, admin messages included; for tracing.</summary>
    void OnWire(bool outbound, ReadOnlySpan<byte> frame);
}
