namespace Exchange.Cluster;

/// <summary>A follower joined or left the sync set.</summary>
/// <param name="MemberId">Which.</param>
/// <param name="HasJoined">Joined, or left.</param>
/// <param name="Reason">Why, for people.</param>
internal readonly record struct SyncSetChange(int MemberId, bool HasJoined, string Reason);
