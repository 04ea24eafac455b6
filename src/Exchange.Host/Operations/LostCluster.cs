using System.Globalization;
using Exchange.Cluster;
using Exchange.Cluster.Recovery;
using Exchange.Host.Configuration;

namespace Exchange.Host.Operations;

/// <summary>A cluster on this box whose members have all forgotten something.</summary>
internal static class LostCluster
{
    /// <summary>Goes on from the best log when no leader could ever be elected; returns whether that was so. No member may run.</summary>
    /// <exception cref="HostException">It cannot be done; the message says why.</exception>
    public static bool Recover(string directory, ClusterFile cluster, Action<string> say)
    {
        try
        {
            if (!ClusterRecovery.IsNeeded(cluster.Configuration, DirectoryOf))
            {
                return false;
            }

            say("WARNING: the members went down all at once and without a flush, so none of them may vote; the exchange goes on from the longest log");
            IReadOnlyList<LostMember> found = ClusterRecovery.Run(cluster.Configuration, DirectoryOf, say);
            say(string.Create(CultureInfo.InvariantCulture, $"WARNING: the log of member {found[0].Id} is the longest ({string.Join("; ", found.Select(Words))}). Commands acknowledged in the last moments before may be missing; compare with the clients' records"));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MemberFailedException or InvalidDataException)
        {
            throw new HostException($"the cluster in {directory} went down all at once and cannot be recovered: {e.Message}", e);
        }

        string DirectoryOf(int id) => StateDirectory.Member(directory, id);
    }

    private static string Words(LostMember member) => member.EndPosition < 0
        ? $"member {member.Id}: none"
        : string.Create(CultureInfo.InvariantCulture, $"member {member.Id}: {member.EndPosition} in term {member.LastTerm}");
}
