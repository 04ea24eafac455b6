namespace Exchange.Log.Tests;

/// <summary>A directory of a test's own, removed with everything in it at the end.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>Creates it.</summary>
    public TempDirectory() => Path = Directory.CreateTempSubdirectory("exchange-log-").FullName;

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Copies a live log or history as a crash would leave it: without locks and unfinished files, and the metadata first, because
    /// a segment that is being prepared gets its name before the metadata ask for it.
    /// </summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string pattern in (string[])["*.meta", "*.marker", "*.seg", "*.hist"])
        {
            foreach (string path in Directory.GetFiles(from, pattern))
            {
                File.Copy(path, System.IO.Path.Combine(to, System.IO.Path.GetFileName(path)), overwrite: true);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
