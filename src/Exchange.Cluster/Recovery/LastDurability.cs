using System.Text;
using Exchange.Log.Platform;

namespace Exchange.Cluster.Recovery;

/// <summary>
/// Notes beside the log how the member ran last, since that, and not how it is to run now, says what a host that went down without a clean
/// stop may have taken. While the note says <see cref="Durability.Fsync"/>, everything that was ever acknowledged is on the device.
/// </summary>
internal static class LastDurability
{
    /// <summary>Whether whatever the member acknowledged was on the device before; without a note the worst is assumed.</summary>
    public static bool WasFlushedFirst(string memberDirectory)
    {
        string path = MemberDirectories.LastDurability(memberDirectory);
        return File.Exists(path) && File.ReadAllText(path).Trim() == nameof(Durability.Fsync);
    }

    /// <summary>Notes durably how the member runs from now on.</summary>
    public static void Note(string memberDirectory, Durability durability) =>
        DurableFiles.Replace(MemberDirectories.LastDurability(memberDirectory), Encoding.ASCII.GetBytes(durability.ToString()));
}
