using Exchange.Cluster.Consensus;
using Exchange.Ipc.Concurrent;
using Exchange.Log.Platform;

namespace Exchange.Cluster.Recovery;

/// <summary>
/// Makes a damaged or diverged member forget everything, when an operator asked for it, so that its peers build it anew.
/// <para>
/// It must not cast a vote on what it has forgotten. So it first notes durably that it is recovering, then removes, and forgets the request
/// last: after a crash in between, all of it is done again.
/// </para>
/// </summary>
public static class MemberRebuild
{
    /// <summary>Whether an operator asked for it.</summary>
    public static bool IsRequested(string memberDirectory) => File.Exists(MemberDirectories.RebuildRequest(memberDirectory));

    /// <summary>Asks for it: the member's next start does it.</summary>
    public static void Request(string memberDirectory)
    {
        PrivateDirectory.Create(memberDirectory);
        DurableFiles.Replace(MemberDirectories.RebuildRequest(memberDirectory), "rebuild\n"u8);
    }

    /// <summary>Does it if it was asked for; returns whether it was. Nothing in the directory may be open.</summary>
    /// <param name="memberDirectory">The member's directory.</param>
    /// <param name="votes">The member's vote, which it keeps.</param>
    /// <param name="log">Told what was done.</param>
    public static bool Run(string memberDirectory, IVoteStore votes, Action<string> log) => Run(memberDirectory, votes, log, static _ => { });

    /// <summary>The same, telling a test of each step that is about to be taken.</summary>
    internal static bool Run(string memberDirectory, IVoteStore votes, Action<string> log, Action<string> beforeStep)
    {
        if (!IsRequested(memberDirectory))
        {
            return false;
        }

        ArgumentNullException.ThrowIfNull(votes);
        ArgumentNullException.ThrowIfNull(log);
        beforeStep("note recovering");

        // What it has from now on comes from others, so it is no leader that may vouch for itself. A vote that is forgotten, recovery outlasts.
        votes.Save(votes.Current with { VotedFor = 0, IsRecovering = true });
        ReadOnlySpan<string> directories =
        [
            MemberDirectories.Incoming(memberDirectory),
            MemberDirectories.Log(memberDirectory),
            MemberDirectories.Snapshots(memberDirectory),
            MemberDirectories.History(memberDirectory),
        ];
        foreach (string directory in directories)
        {
            beforeStep(directory);
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        DurableFiles.FlushDirectory(memberDirectory);
        beforeStep("forget the request");
        File.Delete(MemberDirectories.RebuildRequest(memberDirectory));
        DurableFiles.FlushDirectory(memberDirectory);
        log("as requested, log, snapshots and history were removed; the member starts empty and is built anew from its peers");
        return true;
    }
}
