using System.Globalization;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Transfer;
using Exchange.Ipc.Concurrent;
using Exchange.Log;
using Exchange.Log.Platform;
using Exchange.Log.Segments;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster.Recovery;

/// <summary>
/// Brings back a cluster whose members have all lost the end of their memory at the same time, as when the only host of all of them, or
/// the power of all hosts, went down without a flush. Then none of them may vote before another confirms it, and nobody is left who can.
/// <para>
/// The member with the best log, by the rule of elections, decides: the others get its log, and then all of them count as whole in a term
/// that none has seen. What was in memory only is lost, which is what durability `replicated` accepts and `fsync` rules out.
/// </para>
/// <para>
/// A crash may come between any two steps. Until a member has the log that it shall have, it is durably noted as recovering, so an early
/// start is harmless; and everything can be done again.
/// </para>
/// </summary>
public static class ClusterRecovery
{
    private const string CopyName = "log.copy";

    /// <summary>Whether too few members would vote at the next start to elect a leader, ever. Reads only; true needs all voters' directories.</summary>
    /// <param name="configuration">The members as the cluster file names them.</param>
    /// <param name="directoryOf">A member's directory.</param>
    public static bool IsNeeded(ClusterConfiguration configuration, Func<int, string> directoryOf)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(directoryOf);
        ClusterConfiguration current = Newest(configuration, directoryOf);
        int voting = current.Members.Count(m => m.IsVoter && WillVote(directoryOf(m.Id)));
        return voting < current.Majority && current.Members.Any(m => m.IsVoter && Directory.Exists(MemberDirectories.Log(directoryOf(m.Id))));
    }

    /// <summary>Does it; returns what was found, the member whose log it is now first. No member may run.</summary>
    /// <param name="configuration">The members as the cluster file names them.</param>
    /// <param name="directoryOf">A member's directory.</param>
    /// <param name="log">Told what is done.</param>
    /// <exception cref="MemberFailedException">It cannot be done; the message says why.</exception>
    public static IReadOnlyList<LostMember> Run(ClusterConfiguration configuration, Func<int, string> directoryOf, Action<string> log)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(directoryOf);
        ArgumentNullException.ThrowIfNull(log);
        ClusterConfiguration current = Newest(configuration, directoryOf);
        List<LostMember> found = [.. current.Members.Where(static m => m.IsVoter).Select(m => Examine(m.Id, directoryOf(m.Id), configuration.ClusterId, log))];
        found.Sort(static (a, b) => (b.LastTerm, b.EndPosition).CompareTo((a.LastTerm, a.EndPosition)));
        LostMember best = found[0];
        int there = found.Count(static m => m.EndPosition >= 0);
        if (there < current.Majority)
        {
            throw new MemberFailedException(Text($"only {there} of {found.Count} voting members have a log that can be read, {current.Majority} are needed; put the directories of the others in place"));
        }

        // First of all nobody counts as whole: no start in between may vote with half of this done.
        long term = 0;
        foreach (LostMember member in found)
        {
            FileVoteStore votes = Votes(member);
            term = Math.Max(term, votes.Current.Term);
            votes.Save(votes.Current with { IsRecovering = true });
        }

        foreach (LostMember member in found.Skip(1))
        {
            GiveLog(best, member, log);
        }

        foreach (LostMember member in found)
        {
            RemoveSnapshotsBehind(member, best.EndPosition, configuration.ClusterId);
            SegmentedLog own = Open(member.Directory, configuration.ClusterId);
            own.ResolveLoss();
            own.Dispose();
            Votes(member).Save(new VoteState(term + 1, 0, IsRecovering: false));
        }

        return found;
    }

    private static bool WillVote(string directory)
    {
        string logs = MemberDirectories.Log(directory);
        return File.Exists(Path.Combine(directory, FileVoteStore.FileName)) && !MemberRebuild.IsRequested(directory)
            && !FileVoteStore.Open(directory, default).Current.IsRecovering
            && !(Directory.Exists(logs) && ShutdownMarker.Read(logs, firstStart: false, out _).MayHaveLostEntries && !LastDurability.WasFlushedFirst(directory));
    }

    /// <summary>Who belongs to the cluster by what its members have noted; what the file says when they have not.</summary>
    private static ClusterConfiguration Newest(ClusterConfiguration configuration, Func<int, string> directoryOf)
    {
        ClusterConfiguration newest = configuration;
        long newestEnd = -1;
        foreach (ClusterMember member in configuration.Members)
        {
            string directory = directoryOf(member.Id);
            if (ConfigurationFile.TryLoad(directory, out ClusterConfiguration? noted) && EndOf(directory) is var end && end > newestEnd)
            {
                (newest, newestEnd) = (noted, end);
            }
        }

        return newest;
    }

    private static long EndOf(string directory)
    {
        try
        {
            using ReadOnlyLog log = SegmentedLog.OpenReadOnly(MemberDirectories.Log(directory));
            return log.EndPosition;
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private static LostMember Examine(int id, string directory, Guid clusterId, Action<string> log)
    {
        bool isWhole = WillVote(directory);
        try
        {
            PrivateDirectory.Create(directory);
            if (!Directory.Exists(MemberDirectories.Log(directory)))
            {
                return new LostMember(id, directory, isWhole, 0, -1);
            }

            using SegmentedLog own = Open(directory, clusterId);
            long end = own.AppendPosition;
            return new LostMember(id, directory, isWhole, own.TryReadTermBefore(end, out long term) ? term : SnapshotTerm(directory, clusterId, end), end);
        }
        catch (LogDamagedException e)
        {
            log(Text($"WARNING: member {id}: {e.Message}; it gets another member's log"));
            return new LostMember(id, directory, isWhole, 0, -1);
        }
    }

    /// <summary>A log that begins at a snapshot and has nothing else ends with the snapshot's term.</summary>
    private static long SnapshotTerm(string directory, Guid clusterId, long end)
    {
        SnapshotStore store = new(MemberDirectories.Snapshots(directory), clusterId, static _ => { });
        if (!store.TryOpenNewest(end, out SnapshotFileReader? snapshot))
        {
            return 0;
        }

        using (snapshot)
        {
            return snapshot.Info.Term;
        }
    }

    private static void GiveLog(LostMember best, LostMember member, Action<string> log)
    {
        IncomingTransfer.Wipe(MemberDirectories.Incoming(member.Directory));
        File.Delete(MemberDirectories.RebuildRequest(member.Directory));
        if (member.LastTerm == best.LastTerm && member.EndPosition == best.EndPosition)
        {
            return;
        }

        string copy = Path.Combine(member.Directory, CopyName);
        string own = MemberDirectories.Log(member.Directory);
        Remove(copy);
        CopyFiles(MemberDirectories.Log(best.Directory), copy);
        Remove(own);
        Directory.Move(copy, own);
        File.Copy(ConfigurationFile.PathIn(best.Directory), ConfigurationFile.PathIn(member.Directory), overwrite: true);
        DurableFiles.FlushDirectory(member.Directory);
        log(Text($"member {member.Id} has the log of member {best.Id} now, up to {best.EndPosition} instead of {Math.Max(0, member.EndPosition)}"));
    }

    /// <summary>A snapshot of what no log has any more must not be started from, nor stand in the way of one to come.</summary>
    private static void RemoveSnapshotsBehind(LostMember member, long end, Guid clusterId)
    {
        string snapshots = MemberDirectories.Snapshots(member.Directory);
        foreach (long position in new SnapshotStore(snapshots, clusterId, static _ => { }).Positions())
        {
            if (position > end)
            {
                File.Delete(SnapshotFileCopy.PathOf(snapshots, position));
            }
        }
    }

    private static void CopyFiles(string from, string to)
    {
        PrivateDirectory.Create(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            string target = Path.Combine(to, Path.GetFileName(file));
            File.Copy(file, target);
            using FileStream stream = new(target, FileMode.Open, FileAccess.ReadWrite);
            stream.Flush(flushToDisk: true);
        }

        DurableFiles.FlushDirectory(to);
    }

    private static SegmentedLog Open(string directory, Guid clusterId) =>
        SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(directory), LogId = clusterId });

    private static FileVoteStore Votes(LostMember member) => FileVoteStore.Open(member.Directory, new VoteState(0, 0, IsRecovering: true));

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
