using System.Globalization;
using Exchange.Log.Platform;

namespace Exchange.Log.Segments;

// A killed process loses nothing, because the pages stay with the kernel; a host that went down may lose what was not flushed.
// Recovery must tell the two apart: the marker names the boot in which the log was open, and whether it was closed in order.
internal static class ShutdownMarker
{
    internal const string FileName = "shutdown.marker";
    private const string Heading = "exchange-log-shutdown 1";
    private const string BootIdPath = "/proc/sys/kernel/random/boot_id";

    /// <summary>Reads the marker.</summary>
    /// <param name="directory">Directory of the log.</param>
    /// <param name="firstStart">Whether the log is being created.</param>
    /// <param name="cleanPosition">End of the log at a clean shutdown; -1 otherwise.</param>
    internal static PreviousShutdown Read(string directory, bool firstStart, out long cleanPosition)
    {
        cleanPosition = -1;
        if (firstStart)
        {
            return new PreviousShutdown(FirstStart: true, WasClean: false, HostRebooted: false, MayHaveLostEntries: false);
        }

        // A marker that is missing or does not check proves nothing, so the worst is assumed.
        string path = Path.Combine(directory, FileName);
        string[]? lines = File.Exists(path) ? ChecksummedText.Read(path) : null;
        if (lines is null || lines.Length == 0 || lines[0] != Heading)
        {
            return new PreviousShutdown(FirstStart: false, WasClean: false, HostRebooted: true, MayHaveLostEntries: true);
        }

        bool clean = ChecksummedText.Value(lines, "state") == "clean"
            && long.TryParse(ChecksummedText.Value(lines, "position"), NumberStyles.None, CultureInfo.InvariantCulture, out cleanPosition);
        string bootId = ReadBootId();
        bool sameBoot = bootId.Length > 0 && ChecksummedText.Value(lines, "boot") == bootId;
        bool mayHaveLost = (!clean && !sameBoot) || ChecksummedText.Value(lines, "may-have-lost") == "yes";
        return new PreviousShutdown(FirstStart: false, WasClean: clean, HostRebooted: !sameBoot, MayHaveLostEntries: mayHaveLost);
    }

    /// <summary>Notes that the log is open in this boot.</summary>
    internal static void WriteRunning(string directory, bool mayHaveLost) => ChecksummedText.Write(
        Path.Combine(directory, FileName), Heading, "state running", "boot " + ReadBootId(), Loss(mayHaveLost));

    /// <summary>Notes that everything up to a position is flushed and the log closed.</summary>
    internal static void WriteClean(string directory, long position, bool mayHaveLost) => ChecksummedText.Write(
        Path.Combine(directory, FileName),
        Heading,
        "state clean",
        "boot " + ReadBootId(),
        Loss(mayHaveLost),
        string.Create(CultureInfo.InvariantCulture, $"position {position}"));

    private static string Loss(bool mayHaveLost) => mayHaveLost ? "may-have-lost yes" : "may-have-lost no";

    private static string ReadBootId() => File.Exists(BootIdPath) ? File.ReadAllText(BootIdPath).Trim() : string.Empty;
}
