using Exchange.Log.Segments;

namespace Exchange.Log.Tests;

// Whatever is wrong with the files of a log is said in one line that names the file.
public sealed class DirectoryDamageTests
{
    [Fact]
    public void Each_missing_segment_is_noticed_the_first_and_the_last_included()
    {
        for (int victim = 0; victim < 4; victim++)
        {
            using TempDirectory directory = Written();
            string[] paths = SegmentDirectory.Paths(directory.Path);
            Assert.True(paths.Length >= 4);
            string path = victim == 3 ? paths[^1] : paths[victim];
            File.Delete(path);
            AssertDamaged(directory, path, "missing");
        }
    }

    [Fact]
    public void A_truncated_segment_is_noticed_wherever_it_ends()
    {
        Random random = new(7);
        for (int round = 0; round < 12; round++)
        {
            using TempDirectory directory = Written();
            string[] paths = SegmentDirectory.Paths(directory.Path);
            string path = paths[random.Next(paths.Length)];
            using (FileStream file = new(path, FileMode.Open))
            {
                file.SetLength(random.Next(round % 3 == 0 ? 5000 : (int)file.Length));
            }

            AssertDamaged(directory, path, "bytes");
        }
    }

    [Fact]
    public void A_segment_under_a_wrong_name_or_twice_is_noticed()
    {
        using TempDirectory directory = Written();
        string[] paths = SegmentDirectory.Paths(directory.Path);
        string copy = directory[SegmentDescriptor.FileName(77_777_777)];
        File.Copy(paths[1], copy);
        AssertDamaged(directory, copy, "already holds this position");
        File.Delete(copy);
        (string a, string b) = (paths[1], paths[2]);
        File.Move(a, a + "x");
        File.Move(b, a);
        File.Move(a + "x", b);
        AssertDamaged(directory, paths[1], "missing");
    }

    [Fact]
    public void A_segment_of_another_log_is_noticed()
    {
        using TempDirectory directory = Written();
        using TempDirectory other = Written();
        string path = SegmentDirectory.Paths(directory.Path)[1];
        File.Copy(other[Path.GetFileName(path)], path, overwrite: true);
        AssertDamaged(directory, path, "belongs to log");
    }

    [Fact]
    public void An_unknown_format_version_is_named_and_not_mistaken_for_damage_of_the_content()
    {
        using TempDirectory directory = Written();
        string path = SegmentDirectory.Paths(directory.Path)[1];
        byte[] bytes = File.ReadAllBytes(path);
        bytes[SegmentDescriptor.VersionOffset] = 9;
        File.WriteAllBytes(path, bytes);
        AssertDamaged(directory, path, "format version 9");
        bytes[0] ^= 0xFF;
        File.WriteAllBytes(path, bytes);
        AssertDamaged(directory, path, "not a log segment");
    }

    [Fact]
    public void Missing_or_damaged_metadata_are_noticed()
    {
        using TempDirectory directory = Written();
        string path = directory[LogMetadata.FileName];
        string text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace("start 0", "start 1", StringComparison.Ordinal));
        AssertDamaged(directory, path, "checksum");
        File.Delete(path);
        LogDamagedException damage = Assert.Throws<LogDamagedException>(() => SegmentedLogTests.Open(directory).Dispose());
        Assert.Contains("log.meta is missing", damage.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => LogVerifier.Verify(directory.Path));
    }

    [Fact]
    public void A_log_that_became_shorter_after_a_clean_shutdown_is_noticed()
    {
        using TempDirectory directory = new();
        using TempDirectory old = new();
        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            log.Append(new byte[1000], 1, 1, 0);
        }

        TempDirectory.Copy(directory.Path, old.Path);
        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            log.Append(new byte[1000], 1, 1, 0);
        }

        string path = SegmentDirectory.Paths(directory.Path)[0];
        File.Copy(old[Path.GetFileName(path)], path, overwrite: true);
        LogDamagedException damage = Assert.Throws<LogDamagedException>(() => SegmentedLogTests.Open(directory).Dispose());
        Assert.Contains("closed in order at position", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_creation_that_a_crash_interrupted_is_simply_done_again()
    {
        using TempDirectory directory = new();
        SegmentedLogTests.Open(directory).Dispose();
        File.Delete(directory[LogMetadata.FileName]);
        File.WriteAllBytes(directory["00000000000000000000.seg.tmp"], [1, 2, 3]);
        using SegmentedLog log = SegmentedLogTests.Open(directory);
        Assert.True(log.PreviousShutdown.FirstStart);
        Assert.Equal(0, log.AppendPosition);
        Assert.False(File.Exists(directory["00000000000000000000.seg.tmp"]));
    }

    [Fact]
    public void The_kind_of_the_last_shutdown_is_known_even_over_a_reboot_of_the_host()
    {
        using TempDirectory directory = new();
        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            Assert.True(log.PreviousShutdown.FirstStart);
            log.Append([1], 1, 1, 1);
            log.Abandon();
        }

        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            Assert.Equal(new PreviousShutdown(FirstStart: false, WasClean: false, HostRebooted: false, MayHaveLostEntries: false), log.PreviousShutdown);
        }

        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            Assert.Equal(new PreviousShutdown(FirstStart: false, WasClean: true, HostRebooted: false, MayHaveLostEntries: false), log.PreviousShutdown);
            log.Append([1], 1, 1, 1);
            log.Abandon();
        }

        string marker = directory[ShutdownMarker.FileName];
        Exchange.Log.Platform.ChecksummedText.Write(marker, "exchange-log-shutdown 1", "state running", "boot 00000000-0000-0000-0000-000000000000");
        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            Assert.Equal(new PreviousShutdown(FirstStart: false, WasClean: false, HostRebooted: true, MayHaveLostEntries: true), log.PreviousShutdown);
        }

        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            Assert.Equal(new PreviousShutdown(FirstStart: false, WasClean: true, HostRebooted: false, MayHaveLostEntries: true), log.PreviousShutdown);
            log.ResolveLoss();
            log.Abandon();
        }

        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            Assert.False(log.PreviousShutdown.MayHaveLostEntries);
        }

        File.WriteAllText(marker, "nonsense");
        using SegmentedLog last = SegmentedLogTests.Open(directory);
        Assert.True(last.PreviousShutdown.MayHaveLostEntries);
    }

    private static TempDirectory Written()
    {
        TempDirectory directory = new();
        CrashImageTests.Write(directory, SegmentedLogTests.Payloads(3, 7000, 900));
        return directory;
    }

    private static void AssertDamaged(TempDirectory directory, string path, string reason)
    {
        LogDamagedException damage = Assert.Throws<LogDamagedException>(() => SegmentedLogTests.Open(directory).Dispose());
        Assert.Contains(Path.GetFileName(path), damage.Message, StringComparison.Ordinal);
        Assert.Contains(reason, damage.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', damage.Message);
        Assert.NotNull(LogVerifier.Verify(directory.Path).Damage);
    }
}
