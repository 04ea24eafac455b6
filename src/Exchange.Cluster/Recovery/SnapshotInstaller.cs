using Exchange.Cluster.Transfer;
using Exchange.Ipc.Concurrent;
using Exchange.Log;
using Exchange.Log.Platform;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster.Recovery;

/// <summary>
/// Puts a snapshot that came from another member in the place of this member's own log, snapshots and history, before they are opened.
/// <para>
/// A crash may come between any two steps, and even within the removal of a directory. So each step can be done again, what it destroys
/// is not needed any more, and the marker that asks for all of it goes only when all of it is done. The new log begins at the snapshot.
/// </para>
/// </summary>
internal static class SnapshotInstaller
{
    /// <summary>Installs what is complete, and removes what is not; returns whether something was installed.</summary>
    /// <param name="memberDirectory">The member's directory; nothing in it may be open.</param>
    /// <param name="logId">The only log whose snapshots are installed.</param>
    /// <param name="segmentBytes">Size of a log segment.</param>
    /// <param name="log">Told one line per thing worth telling.</param>
    /// <exception cref="LogDamagedException">The snapshot does not check any more; nothing was replaced, and it is removed.</exception>
    /// <exception cref="IOException">The device failed or is full; to be tried again.</exception>
    public static bool Run(string memberDirectory, Guid logId, long segmentBytes, Action<string> log) =>
        Run(memberDirectory, logId, segmentBytes, log, static _ => { });

    /// <summary>The same, telling a test of each step that is about to be taken.</summary>
    internal static bool Run(string memberDirectory, Guid logId, long segmentBytes, Action<string> log, Action<string> beforeStep)
    {
        string incoming = MemberDirectories.Incoming(memberDirectory);
        if (IncomingMarker.Read(incoming) is not { } marker || marker.LogId != logId)
        {
            IncomingTransfer.Wipe(incoming);
            return false;
        }

        string snapshots = MemberDirectories.Snapshots(memberDirectory);
        string arrived = SnapshotFileCopy.PathOf(incoming, marker.Position);
        string installed = SnapshotFileCopy.PathOf(snapshots, marker.Position);
        Check(File.Exists(arrived) ? arrived : installed, marker, incoming);

        beforeStep("remove log");
        Remove(MemberDirectories.Log(memberDirectory));
        beforeStep("create log");
        SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(memberDirectory), LogId = logId, SegmentBytes = segmentBytes, StartPosition = marker.Position }).Dispose();
        DurableFiles.FlushDirectory(memberDirectory);

        if (File.Exists(arrived))
        {
            beforeStep("remove snapshots");
            Remove(snapshots);
            PrivateDirectory.Create(snapshots);
            DurableFiles.FlushDirectory(memberDirectory);
            beforeStep("move snapshot");
            File.Move(arrived, installed);
            DurableFiles.FlushDirectory(snapshots);
            DurableFiles.FlushDirectory(incoming);
        }

        string history = MemberDirectories.History(incoming);
        if (Directory.Exists(history))
        {
            beforeStep("remove history");
            Remove(MemberDirectories.History(memberDirectory));
            beforeStep("move history");
            Directory.Move(history, MemberDirectories.History(memberDirectory));
            DurableFiles.FlushDirectory(memberDirectory);
            DurableFiles.FlushDirectory(incoming);
        }

        beforeStep("remove marker");
        File.Delete(IncomingMarker.PathIn(incoming));
        DurableFiles.FlushDirectory(incoming);
        beforeStep("remove incoming");
        IncomingTransfer.Wipe(incoming);
        log($"installed the snapshot at {marker.Position} from another member; the log begins there");
        return true;
    }

    private static void Check(string path, IncomingMarker marker, string incoming)
    {
        try
        {
            using SnapshotFileReader reader = SnapshotFileReader.Open(path);
            if (reader.Info.Position == marker.Position && reader.Info.LogId == marker.LogId)
            {
                return;
            }
        }
        catch (IOException e) when (e is LogDamagedException or FileNotFoundException)
        {
            IncomingTransfer.Wipe(incoming);
            throw new LogDamagedException($"the snapshot that arrived from another member does not check any more and was removed; start again to receive another: {e.Message}", e);
        }

        IncomingTransfer.Wipe(incoming);
        throw new LogDamagedException($"snapshot {path}: not the one that arrived at {marker.Position}; it was removed, start again to receive another");
    }

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
