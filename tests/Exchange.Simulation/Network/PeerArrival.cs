using Exchange.Cluster.Peers;

namespace Exchange.Simulation.Network;

/// <summary>What waits for a member: a connection (identity), a message, or the end of a connection (neither).</summary>
internal readonly record struct PeerArrival(int MemberId, PeerIdentity? Identity, byte[]? Message, bool IsProcessGone);
