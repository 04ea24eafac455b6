// A client's numbers and sent messages in a folder, so that it can go on after a restart.
//
//   numbers    one line of fixed width, rewritten in place: next in, next out, reset pending
//   sent.fix   every application message sent, one behind the other, as plain FIX: self-delimiting, readable with any FIX tool
//
// A number is on file before its message is on the wire, so no number is ever used twice, even when the process is killed in
// between. The files are written through the page cache without fsync: a killed process loses nothing, a host that loses power may.
// What must hold at opening: next out is above every message in sent.fix; a message cut by a crash at the file's end is dropped
// (it never reached the wire). The journal is held open exclusively, so two clients cannot use one session's numbers.
using System.Globalization;
using System.Text;

namespace Exchange.Host.Client;

/// <summary>Sequence numbers and sent messages of one session in a folder.</summary>
internal sealed class FileFixClientStore : IFixClientStore
{
    private const int NumbersBytes = 64;
    private readonly FileStream _numbers;
    private readonly FileStream _journal;
    private readonly Dictionary<long, (long Offset, int Length)> _index = [];
    private long _journalEnd;
    private long _nextIn = 1;
    private long _nextOut = 1;
    private bool _resetPending;

    private FileFixClientStore(FileStream numbers, FileStream journal)
    {
        _numbers = numbers;
        _journal = journal;
    }

    /// <inheritdoc/>
    public long NextIn
    {
        get => _nextIn;
        set
        {
            _nextIn = value;
            WriteNumbers();
        }
    }

    /// <inheritdoc/>
    public long NextOut => _nextOut;

    /// <inheritdoc/>
    public bool ResetPending
    {
        get => _resetPending;
        set
        {
            _resetPending = value;
            WriteNumbers();
        }
    }

    /// <summary>Opens or creates the store of one session.</summary>
    /// <param name="directory">The session's own folder.</param>
    /// <exception cref="HostException">The folder cannot be used, is in use by another client, or holds something else.</exception>
    public static FileFixClientStore Open(string directory)
    {
        FileStream? journal = null;
        try
        {
            Directory.CreateDirectory(directory);
            journal = new FileStream(Path.Combine(directory, "sent.fix"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            FileStream numbers = new(Path.Combine(directory, "numbers"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1);
            FileFixClientStore store = new(numbers, journal);
            store.Load(directory);
            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            journal?.Dispose();
            throw new HostException($"cannot use {directory} for the session's numbers ({e.Message}); close the client that uses it or give another --state");
        }
    }

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> frame)
    {
        if (!frame.IsEmpty)
        {
            RandomAccess.Write(_journal.SafeFileHandle, frame, _journalEnd);
            _index[_nextOut] = (_journalEnd, frame.Length);
            _journalEnd += frame.Length;
        }

        _nextOut++;
        WriteNumbers();
    }

    /// <inheritdoc/>
    public bool TryRead(long seqNum, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (!_index.TryGetValue(seqNum, out (long Offset, int Length) place))
        {
            return false;
        }

        byte[] bytes = new byte[place.Length];
        int read = RandomAccess.Read(_journal.SafeFileHandle, bytes, place.Offset);
        frame = bytes;
        return read == bytes.Length;
    }

    /// <inheritdoc/>
    public void Restart(long nextIn, long nextOut)
    {
        _index.Clear();
        _journal.SetLength(0);
        _journalEnd = 0;
        _nextIn = nextIn;
        _nextOut = nextOut;
        WriteNumbers();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _numbers.Dispose();
        _journal.Dispose();
    }

    private void WriteNumbers()
    {
        Span<byte> line = stackalloc byte[NumbersBytes];
        line.Fill((byte)' ');
        line[^1] = (byte)'\n';
        char pending = _resetPending ? 'Y' : 'N';
        bool fits = System.Text.Unicode.Utf8.TryWrite(line, CultureInfo.InvariantCulture, $"in={_nextIn} out={_nextOut} reset={pending}", out _);
        Protocol.Invariant.Require(fits);
        RandomAccess.Write(_numbers.SafeFileHandle, line, 0);
    }

    private void Load(string directory)
    {
        Span<byte> line = stackalloc byte[NumbersBytes];
        int read = RandomAccess.Read(_numbers.SafeFileHandle, line, 0);
        if (read > 0)
        {
            string text = Encoding.ASCII.GetString(line[..read]).Trim();
            string[] parts = text.Split(' ');
            if (parts.Length != 3 || !TryNumber(parts[0], "in=", out _nextIn) || !TryNumber(parts[1], "out=", out _nextOut)
                || !parts[2].StartsWith("reset=", StringComparison.Ordinal))
            {
                throw new HostException($"{Path.Combine(directory, "numbers")} is not a file of sequence numbers; remove it and log on with --reset", ExitCode.BadInput);
            }

            _resetPending = parts[2].EndsWith('Y');
        }

        IndexJournal();
        WriteNumbers();
    }

    private static bool TryNumber(string text, string prefix, out long value)
    {
        value = 1;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0;
    }

    private void IndexJournal()
    {
        byte[] bytes = new byte[_journal.Length];
        int total = RandomAccess.Read(_journal.SafeFileHandle, bytes, 0);
        int at = 0;
        while (at < total && FixFrames.Find(bytes.AsSpan(at, total - at), out int length) == FrameResult.Frame)
        {
            if (new FixMessageView(bytes.AsSpan(at, length)).TryGetInt64(34, out long seqNum))
            {
                _index[seqNum] = (at, length);
                _nextOut = Math.Max(_nextOut, seqNum + 1);
            }

            at += length;
        }

        _journal.SetLength(at);
        _journalEnd = at;
    }
}
