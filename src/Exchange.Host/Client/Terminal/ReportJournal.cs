// The reports of a session in a file beside its sequence numbers. A client that continues its numbers is not told again what it was
// told before the restart; without this file its book of orders would then be empty.
namespace Exchange.Host.Client.Terminal;

/// <summary>Append-only file of received reports, as plain FIX.</summary>
internal sealed class ReportJournal : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Opens or creates the file of a session.</summary>
    public ReportJournal(string directory)
    {
        string path = Path.Combine(directory, "reports.fix");
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"cannot use {path}: {e.Message}");
        }
    }

    /// <summary>Applies all reports to a blotter; a last one cut by a crash is dropped.</summary>
    public void Replay(OrderBlotter blotter)
    {
        byte[] bytes = new byte[_file.Length];
        _file.Position = 0;
        _file.ReadExactly(bytes);
        int at = 0;
        while (at < bytes.Length && FixFrames.Find(bytes.AsSpan(at), out int length) == FrameResult.Frame)
        {
            blotter.Apply(new FixMessageView(bytes.AsSpan(at, length)));
            at += length;
        }

        _file.SetLength(at);
        _file.Position = at;
    }

    /// <summary>Adds a report.</summary>
    public void Append(ReadOnlySpan<byte> frame) => _file.Write(frame);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
