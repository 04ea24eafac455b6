using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Tests.Consensus;

public sealed class FileVoteStoreTests : IDisposable
{
    private static readonly VoteState s_blank = new(0, 0, IsRecovering: true);
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-vote-").FullName;

    [Fact]
    public void What_was_saved_is_there_after_a_restart()
    {
        FileVoteStore store = FileVoteStore.Open(_directory, s_blank);
        Assert.Equal(s_blank, store.Current);
        Assert.Equal(s_blank, FileVoteStore.Open(_directory, default).Current);
        VoteState saved = new(long.MaxValue, 255, IsRecovering: false);
        store.Save(saved);
        Assert.Equal(saved, store.Current);
        Assert.Equal(saved, FileVoteStore.Open(_directory, s_blank).Current);
        Assert.Single(Directory.GetFiles(_directory));
    }

    [Fact]
    public void A_damaged_file_is_refused_by_name_whatever_byte_it_is()
    {
        FileVoteStore.Open(_directory, s_blank).Save(new VoteState(42, 3, IsRecovering: false));
        string path = Path.Combine(_directory, FileVoteStore.FileName);
        byte[] bytes = File.ReadAllBytes(path);
        for (int place = 0; place < bytes.Length; place++)
        {
            byte[] damaged = [.. bytes];
            damaged[place] ^= 1;
            File.WriteAllBytes(path, damaged);
            InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => FileVoteStore.Open(_directory, s_blank));
            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(path, []);
        Assert.Throws<InvalidDataException>(() => FileVoteStore.Open(_directory, s_blank));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
