namespace Exchange.Cluster.Peers;

/// <summary>Decides whether an authenticated member fits.</summary>
internal interface IPeerJudge
{
    /// <summary>Why not, naming both values; null when it fits.</summary>
    /// <param name="expectedMemberId">Who was dialled; 0 when it was not us who dialled.</param>
    /// <param name="other">What it says of itself.</param>
    /// <param name="otherLife">Differs with each start of its process.</param>
    string? Judge(int expectedMemberId, in PeerIdentity other, Guid otherLife);
}
