using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <summary>
/// Messages between the members of a cluster, over whatever carries them. Polled by the member's thread; nothing in it waits. Messages
/// between two members arrive whole, unaltered and in order while a connection lasts, or not at all: what was sent before a connection broke
/// may be lost, so everything above repeats what matters.
/// </summary>
public interface IPeerTransport : IDisposable
{
    /// <summary>Largest message, bytes.</summary>
    const int MessageBytesMax = 256 << 10;

    /// <summary>Whether messages to the member have a way to go.</summary>
    bool IsConnected(int memberId);

    /// <summary>Reserves room for a message; false when the member is not connected or its queue is full. Then nothing is sent, and the caller tries again later.</summary>
    /// <param name="memberId">To whom.</param>
    /// <param name="length">Bytes wanted, up to <see cref="MessageBytesMax"/>.</param>
    /// <param name="target">Exactly <paramref name="length"/> bytes, to be filled before <see cref="Commit"/>.</param>
    bool TryClaim(int memberId, int length, out Span<byte> target);

    /// <summary>Sends what was claimed last.</summary>
    /// <param name="memberId">To whom.</param>
    /// <param name="length">Bytes of it that are used; 0 gives the claim up.</param>
    void Commit(int memberId, int length);

    /// <summary>Takes what arrived, looks after connections, and tells the handler; returns the number of messages.</summary>
    int Poll(IPeerHandler handler, long nowNs);

    /// <summary>Hands what was committed to the operating system as far as it takes it; returns how many connections made progress.</summary>
    int Flush();

    /// <summary>The members to be connected with, this one included. Who was one before is disconnected; who never was may come by itself, for it may know of a newer configuration.</summary>
    void SetMembers(ClusterConfiguration configuration);

    /// <summary>Answers an operator; ignored when the connection is gone.</summary>
    /// <param name="connection">As given to <see cref="IPeerHandler.OnAdminRequest"/>.</param>
    /// <param name="utf8Json">One JSON value.</param>
    /// <param name="isLast">False for progress, true for the answer.</param>
    void Answer(long connection, ReadOnlySpan<byte> utf8Json, bool isLast);
}
