using Exchange.Log.Segments;

namespace Exchange.Log;

/// <summary>Checks every entry of a log without changing anything, also while a member runs on it.</summary>
public static class LogVerifier
{
    /// <summary>Checks the log in a directory.</summary>
    /// <param name="directory">Directory of the log.</param>
    /// <param name="progress">Told the position reached, every few MiB; may be null.</param>
    /// <param name="cancellation">Ends the check early.</param>
    /// <returns>What was found; damage is a result here, not an exception.</returns>
    /// <exception cref="IOException">There is no log, or it cannot be read.</exception>
    public static LogVerification Verify(string directory, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        try
        {
            (LogView view, TailScan scan, Guid logId) = ReadOnlyLog.Load(directory, fromStart: true, progress, cancellation);
            LogVerification result = new(
                logId,
                view.StartPosition,
                scan.EndPosition,
                scan.Watermark,
                scan.EntryCount,
                view.Segments.Length,
                scan.TornBytes,
                null);
            foreach (Segment segment in view.Segments)
            {
                segment.Release();
            }

            return result;
        }
        catch (LogDamagedException damage)
        {
            return new LogVerification(Guid.Empty, -1, damage.Position, -1, -1, 0, 0, damage);
        }
    }
}
