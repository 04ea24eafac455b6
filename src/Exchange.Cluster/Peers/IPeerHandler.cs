namespace Exchange.Cluster.Peers;

/// <summary>Who takes what a peer transport brings; called from <see cref="IPeerTransport.Poll"/> on the member's thread.</summary>
public interface IPeerHandler
{
    /// <summary>A member is connected: it knows the cluster's key and its history fits.</summary>
    void OnConnected(in PeerIdentity peer);

    /// <summary>A connection ended.</summary>
    /// <param name="memberId">Which member's.</param>
    /// <param name="isProcessGone">The operating system says that nobody is there any more (closed or reset by the peer), rather than that nothing comes.</param>
    void OnDisconnected(int memberId, bool isProcessGone);

    /// <summary>A message; valid during the call. Its first two bytes are its <see cref="PeerMessageType"/>.</summary>
    void OnMessage(int memberId, ReadOnlySpan<byte> message);

    /// <summary>An authenticated operator asks; to be answered by <see cref="IPeerTransport.Answer"/>, now or in a later turn.</summary>
    void OnAdminRequest(long connection, ReadOnlySpan<byte> utf8Json);
}
