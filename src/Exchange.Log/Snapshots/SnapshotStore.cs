using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Exchange.Log.Platform;

namespace Exchange.Log.Snapshots;

/// <summary>
/// The snapshots of one log in a directory. A snapshot that does not check is reported and passed over, because an older one with a
/// longer replay gives the same state.
/// </summary>
public sealed class SnapshotStore
{
    private readonly string _directory;
    private readonly Guid _logId;
    private readonly Action<string> _warn;

    /// <summary>Opens the store and removes what a crash left unfinished.</summary>
    /// <param name="directory">Directory; created when it does not exist. It may be the log's.</param>
    /// <param name="logId">The log whose snapshots these are, see <see cref="SegmentedLog.LogId"/>; others are passed over.</param>
    /// <param name="warn">Told, in one line each, which files were passed over and why.</param>
    public SnapshotStore(string directory, Guid logId, Action<string> warn)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentNullException.ThrowIfNull(warn);
        _directory = directory;
        _logId = logId;
        _warn = warn;
        DurableFiles.CreateDirectory(directory);
        foreach (string path in System.IO.Directory.GetFiles(directory, SnapshotDescriptor.Prefix + "*" + DurableFiles.TemporarySuffix))
        {
            File.Delete(path);
        }
    }

    /// <summary>Where the snapshots are.</summary>
    public string Directory => _directory;

    /// <summary>Begins a snapshot.</summary>
    /// <param name="position">The state holds the effect of every entry below this position.</param>
    /// <param name="term">Term of the last of them.</param>
    /// <param name="timestampNs">Its log time.</param>
    /// <exception cref="DiskFullException">No room.</exception>
    public SnapshotFileWriter Create(long position, long term, long timestampNs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return new SnapshotFileWriter(new SnapshotInfo(PathOf(position), _logId, position, term, timestampNs, 0, 0));
    }

    /// <summary>Opens the newest snapshot that checks; false when there is none, and everything must be replayed from the start of the log.</summary>
    public bool TryOpenNewest([NotNullWhen(true)] out SnapshotFileReader? snapshot) => TryOpenNewest(long.MaxValue, out snapshot);

    /// <summary>Opens the newest snapshot that checks and lies at or below a position.</summary>
    public bool TryOpenNewest(long positionMax, [NotNullWhen(true)] out SnapshotFileReader? snapshot)
    {
        foreach (long position in Positions())
        {
            if (position <= positionMax && TryOpen(PathOf(position), position, out snapshot))
            {
                return true;
            }
        }

        snapshot = null;
        return false;
    }

    /// <summary>Opens the newest snapshot below a position for sending; its content is not checked. False when there is none.</summary>
    public bool TryOpenSource(long positionLimit, [NotNullWhen(true)] out SnapshotFileSource? source)
    {
        foreach (long position in Positions())
        {
            if (position >= positionLimit)
            {
                continue;
            }

            try
            {
                SnapshotFileSource opened = SnapshotFileSource.Open(PathOf(position));
                if (opened.Info.LogId == _logId && opened.Info.Position == position)
                {
                    source = opened;
                    return true;
                }

                opened.Dispose();
            }
            catch (IOException exception)
            {
                _warn($"{exception.Message}; passed over, an older one will be sent");
            }
        }

        source = null;
        return false;
    }

    /// <summary>Positions of all snapshot files, the newest first, unchecked.</summary>
    public IReadOnlyList<long> Positions()
    {
        List<long> positions = [];
        foreach (string path in System.IO.Directory.GetFiles(_directory, SnapshotDescriptor.Prefix + "*" + SnapshotDescriptor.Suffix))
        {
            string name = Path.GetFileNameWithoutExtension(path)[SnapshotDescriptor.Prefix.Length..];
            if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long position) && PathOf(position) == path)
            {
                positions.Add(position);
            }
        }

        positions.Sort();
        positions.Reverse();
        return positions;
    }

    /// <summary>
    /// Deletes all but the newest snapshots that check; a damaged one does not count as kept, and is deleted once enough newer ones
    /// are sound.
    /// </summary>
    /// <param name="count">How many to keep, at least 1.</param>
    /// <returns>Position of the oldest snapshot that is kept, below which the log is not needed any more; -1 when there is none.</returns>
    public long Keep(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        long oldest = -1;
        int kept = 0;
        foreach (long position in Positions())
        {
            if (kept == count)
            {
                File.Delete(PathOf(position));
            }
            else if (Checks(position))
            {
                kept++;
                oldest = position;
            }
        }

        return oldest;
    }

    private string PathOf(long position) => Path.Combine(_directory, SnapshotDescriptor.FileName(position));

    private bool Checks(long position)
    {
        bool sound = TryOpen(PathOf(position), position, out SnapshotFileReader? snapshot);
        using (snapshot)
        {
            return sound;
        }
    }

    private bool TryOpen(string path, long position, [NotNullWhen(true)] out SnapshotFileReader? snapshot)
    {
        snapshot = null;
        try
        {
            SnapshotFileReader reader = SnapshotFileReader.Open(path);
            if (reader.Info.LogId == _logId && reader.Info.Position == position)
            {
                snapshot = reader;
                return true;
            }

            reader.Dispose();
            _warn($"snapshot {path}: belongs to log {reader.Info.LogId:D} at position {reader.Info.Position}; passed over");
        }
        catch (IOException exception)
        {
            _warn($"{exception.Message}; passed over, an older one will be used");
        }

        return false;
    }
}
