using Exchange.Log.Snapshots;

namespace Exchange.Log.Tests.Snapshots;

public sealed class SnapshotStoreTests
{
    private static readonly Guid s_logId = Guid.Parse("11111111-2222-3333-4444-555555555555");

    [Fact]
    public void A_snapshot_is_read_back_with_its_content_and_what_it_says_of_itself()
    {
        using TempDirectory directory = new();
        List<string> warnings = [];
        SnapshotStore store = new(directory.Path, s_logId, warnings.Add);
        byte[] content = Content(1, 300_000);
        Write(store, 4096, content);
        Assert.True(store.TryOpenNewest(out SnapshotFileReader? snapshot));
        using (snapshot)
        {
            Assert.Equal((4096L, 5L, 6L, 300_000L, 7UL, s_logId), (snapshot.Info.Position, snapshot.Info.Term, snapshot.Info.TimestampNs, snapshot.Info.ContentBytes, snapshot.Info.StateHash, snapshot.Info.LogId));
            Assert.Equal(content, ReadAll(snapshot));
        }

        Assert.Empty(warnings);
    }

    [Fact]
    public void A_snapshot_that_was_not_completed_leaves_nothing_and_hides_nothing()
    {
        using TempDirectory directory = new();
        SnapshotStore store = new(directory.Path, s_logId, _ => { });
        Assert.False(store.TryOpenNewest(out _));
        Write(store, 32, Content(1, 10));
        using (SnapshotFileWriter writer = store.Create(64, 1, 1))
        {
            writer.Write(Content(2, 100_000));
        }

        Assert.Single(Directory.GetFiles(directory.Path));
        SnapshotFileWriter abandoned = store.Create(96, 1, 1);
        abandoned.Write(Content(3, 100_000));
        SnapshotStore again = new(directory.Path, s_logId, _ => { });
        Assert.True(again.TryOpenNewest(out SnapshotFileReader? snapshot));
        Assert.Equal(32, snapshot.Info.Position);
        snapshot.Dispose();
        Assert.Single(Directory.GetFiles(directory.Path));
        abandoned.Dispose();
    }

    [Fact]
    public void A_snapshot_with_any_byte_changed_or_cut_off_is_reported_and_an_older_one_used()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using TempDirectory directory = new();
        List<string> warnings = [];
        SnapshotStore store = new(directory.Path, s_logId, warnings.Add);
        byte[] content = Content(1, 2000);
        Write(store, 32, content);
        string path = Write(store, 64, Content(2, 2000)).Path;
        byte[] whole = File.ReadAllBytes(path);
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = whole;
            if (round % 2 == 0)
            {
                damaged = (byte[])whole.Clone();
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }
            else
            {
                damaged = whole[..random.Next(whole.Length)];
            }

            File.WriteAllBytes(path, damaged);
            warnings.Clear();
            Assert.True(store.TryOpenNewest(out SnapshotFileReader? snapshot), $"seed {seed}");
            using (snapshot)
            {
                Assert.True(snapshot.Info.Position == 32, $"seed {seed}, round {round}");
                Assert.Equal(content, ReadAll(snapshot));
            }

            Assert.Contains(path, Assert.Single(warnings), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keeping_n_counts_sound_snapshots_only_and_says_from_where_the_log_is_needed()
    {
        using TempDirectory directory = new();
        SnapshotStore store = new(directory.Path, s_logId, _ => { });
        Assert.Equal(-1, store.Keep(2));
        for (int position = 32; position <= 160; position += 32)
        {
            Write(store, position, Content(position, 100));
        }

        File.WriteAllBytes(Path.Combine(directory.Path, $"snapshot-{128:D20}.snap"), [1, 2, 3]);
        Assert.Equal(96, store.Keep(2));
        Assert.Equal([160L, 128L, 96L], store.Positions());
        Assert.True(store.TryOpenNewest(150, out SnapshotFileReader? snapshot));
        Assert.Equal(96, snapshot.Info.Position);
        snapshot.Dispose();
    }

    [Fact]
    public void A_snapshot_of_another_log_is_passed_over()
    {
        using TempDirectory directory = new();
        List<string> warnings = [];
        Write(new SnapshotStore(directory.Path, Guid.NewGuid(), _ => { }), 64, Content(1, 10));
        Assert.False(new SnapshotStore(directory.Path, s_logId, warnings.Add).TryOpenNewest(out _));
        Assert.Contains("belongs to log", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static SnapshotInfo Write(SnapshotStore store, long position, byte[] content)
    {
        using SnapshotFileWriter writer = store.Create(position, 5, 6);
        writer.Write(content);
        Assert.Equal(content.Length, writer.Length);
        return writer.Complete(7);
    }

    private static byte[] ReadAll(SnapshotFileReader reader)
    {
        byte[] content = new byte[reader.Length];
        reader.ReadExactly(content);
        Assert.Equal(0, reader.Read(new byte[1]));
        return content;
    }

    private static byte[] Content(int seed, int length)
    {
        byte[] content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }
}
