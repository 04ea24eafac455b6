using System.Globalization;
using Exchange.Ipc.Concurrent;
using Exchange.Log.Platform;

namespace Exchange.Cluster.Consensus;

/// <summary>
/// Term and vote in a small text file that is replaced whole: flushed, renamed, and the directory flushed, before a save returns. So after
/// a crash the file says what was saved last or, while a save was under way, what was saved before; nothing had been promised by then.
/// </summary>
public sealed class FileVoteStore : IVoteStore
{
    /// <summary>Name of the file in the member's directory.</summary>
    public const string FileName = "consensus.state";

    private const string Header = "exchange-consensus 1";
    private readonly string _path;

    private FileVoteStore(string path, in VoteState state)
    {
        _path = path;
        Current = state;
    }

    /// <inheritdoc/>
    public VoteState Current { get; private set; }

    /// <summary>Opens the store in a directory; one that is not there begins with the given state, which is saved at once.</summary>
    /// <param name="directory">The member's directory; created when absent.</param>
    /// <param name="whenAbsent">
    /// Recovering unless the cluster is being created now: a member whose file is gone may have forgotten a vote.
    /// </param>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it and the remedy.</exception>
    public static FileVoteStore Open(string directory, in VoteState whenAbsent)
    {
        PrivateDirectory.Create(directory);
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            FileVoteStore created = new(path, whenAbsent);
            created.Save(whenAbsent);
            return created;
        }

        return TryRead(path, out VoteState state)
            ? new FileVoteStore(path, state)
            : throw new InvalidDataException($"{path} is damaged, so this member does not know its term and vote; rebuild the member from its cluster");
    }

    /// <inheritdoc/>
    public void Save(in VoteState state)
    {
        ChecksummedText.Write(
            _path,
            Header,
            "term " + state.Term.ToString(CultureInfo.InvariantCulture),
            "voted-for " + state.VotedFor.ToString(CultureInfo.InvariantCulture),
            "recovering " + (state.IsRecovering ? "yes" : "no"));
        Current = state;
    }

    private static bool TryRead(string path, out VoteState state)
    {
        state = default;
        string[]? lines = ChecksummedText.Read(path);
        if (lines is not { Length: 4 } || lines[0] != Header
            || !long.TryParse(ChecksummedText.Value(lines, "term"), NumberStyles.None, CultureInfo.InvariantCulture, out long term)
            || !int.TryParse(ChecksummedText.Value(lines, "voted-for"), NumberStyles.None, CultureInfo.InvariantCulture, out int votedFor)
            || votedFor > 255
            || ChecksummedText.Value(lines, "recovering") is not ("yes" or "no"))
        {
            return false;
        }

        state = new VoteState(term, votedFor, ChecksummedText.Value(lines, "recovering") == "yes");
        return true;
    }
}
