using Exchange.Cluster.Peers;

namespace Exchange.Benchmarks.Cluster;

/// <summary>One end of a ping-pong.</summary>
internal interface IPingPong : IDisposable
{
    /// <summary>What this end may sleep on.</summary>
    PeerPoller Poller { get; }

    /// <summary>Sends one message.</summary>
    void Send();

    /// <summary>Takes what is there; returns the messages.</summary>
    int Receive();
}
