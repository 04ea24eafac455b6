// Problem: a host that loses power keeps of the unflushed bytes what it likes, sector by sector and in any order. Idea: each 512-byte sector
// behind the flushed position stays, becomes zero or becomes garbage, and the marker of the boot is that of another life. What must hold:
// nothing below the flushed position is touched.
using System.Globalization;
using Exchange.Log.Platform;
using Exchange.Log.Segments;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Members;

/// <summary>Does to the files of a log what the end of a host does.</summary>
internal static class LogDamage
{
    private const int SectorBytes = 512;

    /// <summary>Damages a closed log.</summary>
    /// <param name="directory">Directory of the log.</param>
    /// <param name="flushed">Everything below is on the device.</param>
    /// <param name="end">Where the log ended.</param>
    /// <param name="chance">Decides about each sector.</param>
    public static int LosePower(string directory, long flushed, long end, Chance chance)
    {
        int changed = 0;
        int zeroPerMille = chance.Below(1001);
        int garbagePerMille = chance.Below(1001 - zeroPerMille);
        foreach (string path in SegmentDirectory.Paths(directory))
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
            long start = long.Parse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture);
            long capacity = file.Length - SegmentDescriptor.HeaderBytes;
            long from = Math.Max(flushed, start);
            long to = Math.Min(end, start + capacity);
            for (long position = from; position < to;)
            {
                long offset = SegmentDescriptor.HeaderBytes + (position - start);
                long next = ((offset / SectorBytes) + 1) * SectorBytes;
                int length = (int)(Math.Min(next, SegmentDescriptor.HeaderBytes + (to - start)) - offset);
                changed += DamageSector(file, offset, length, zeroPerMille, garbagePerMille, chance);
                position += length;
            }
        }

        string boot = string.Create(CultureInfo.InvariantCulture, $"boot simulated-{chance.Next():x16}");
        ChecksummedText.Write(Path.Combine(directory, ShutdownMarker.FileName), "exchange-log-shutdown 1", "state running", boot, "may-have-lost no");
        return changed;
    }

    /// <summary>Changes a few bytes somewhere within a range of a closed log, as a dying disk does; false when there is nothing.</summary>
    public static bool Rot(string directory, long from, long to, Chance chance)
    {
        long position = from < to ? chance.Between(from, to - 1) : -1;
        foreach (string path in SegmentDirectory.Paths(directory))
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
            long start = long.Parse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture);
            long offset = SegmentDescriptor.HeaderBytes + (position - start);
            if (position < start || offset >= file.Length)
            {
                continue;
            }

            file.Position = offset;
            int old = file.ReadByte();
            file.Position = offset;
            file.WriteByte((byte)(old ^ (1 + chance.Below(255))));
            return true;
        }

        return false;
    }

    private static int DamageSector(FileStream file, long offset, int length, int zeroPerMille, int garbagePerMille, Chance chance)
    {
        int dice = chance.Below(1000);
        if (dice >= zeroPerMille + garbagePerMille)
        {
            return 0;
        }

        byte[] bytes = new byte[length];
        if (dice >= zeroPerMille)
        {
            for (int i = 0; i < length; i++)
            {
                bytes[i] = (byte)chance.Next();
            }
        }

        file.Position = offset;
        file.Write(bytes);
        return 1;
    }
}
