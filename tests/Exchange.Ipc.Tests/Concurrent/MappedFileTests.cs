using System.Diagnostics;
using Exchange.Ipc.Client;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;
using Exchange.Ipc.Driver;
using Xunit.Abstractions;

namespace Exchange.Ipc.Tests.Concurrent;

public sealed unsafe class MappedFileTests(ITestOutputHelper output)
{
    [Fact]
    public void A_new_file_owns_its_blocks_and_is_zero_and_a_second_mapping_sees_what_is_written()
    {
        string path = TestDriver.NewDirectory();
        try
        {
            using MappedFile file = MappedFile.CreateNew(path, 1_000_000);
            Assert.Equal(1_000_000, new FileInfo(path).Length);
            Assert.Equal(-1, new ReadOnlySpan<byte>(file.Address, 1_000_000).IndexOfAnyExcept((byte)0));
            using MappedFile second = MappedFile.OpenExisting(path);
            file.Address[999_999] = 42;
            Assert.Equal(42, second.Address[999_999]);
            Assert.ThrowsAny<IOException>(() => MappedFile.CreateNew(path, 1));

            File.Delete(path);
            file.Address[0] = 1;
            Assert.Equal(1, second.Address[0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_that_is_missing_or_empty_is_not_mapped()
    {
        string path = TestDriver.NewDirectory();
        Assert.Throws<FileNotFoundException>(() => MappedFile.OpenExisting(path));
        File.WriteAllBytes(path, []);
        Assert.ThrowsAny<IOException>(() => MappedFile.OpenExisting(path));
        File.Delete(path);
    }

    [Fact]
    public void A_full_disk_is_an_error_of_the_command_and_harms_nobody()
    {
        string directory = TestDriver.NewDirectory();
        Directory.CreateDirectory(directory);
        if (!TryRun("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", directory))
        {
            output.WriteLine("skipped: mounting a small file system is not allowed here");
            Directory.Delete(directory);
            return;
        }

        try
        {
            MediaDriverContext context = TestDriver.NewContext(Path.Combine(directory, "aeron"));
            using TestDriver driver = new(context, context.AeronDirectory);
            Aeron client = driver.Connect();
            using Publication first = client.AddPublication("aeron:ipc", 1);
            RegistrationException e = Assert.Throws<RegistrationException>(() => client.AddPublication("aeron:ipc?term-length=16m", 2));
            Assert.Equal(ControlErrorCode.StorageSpace, e.Code);
            Assert.Single(Directory.GetFiles(Path.Combine(driver.Directory, "publications")));
            using Publication second = client.AddPublication("aeron:ipc", 3);
            Assert.Throws<IOException>(() => MediaDriver.Create(new MediaDriverContext { AeronDirectory = Path.Combine(directory, "other") }));
        }
        finally
        {
            Assert.True(TryRun("umount", directory));
            Directory.Delete(directory);
        }
    }

    private static bool TryRun(string program, params string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
            using Process? process = Process.Start(start);
            process?.WaitForExit();
            return process is { ExitCode: 0 };
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
