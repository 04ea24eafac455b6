using System.Diagnostics;
using System.Runtime.Versioning;
using Exchange.Ipc.Client;
using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Driver;

namespace Exchange.Ipc.Tests.Concurrent;

/// <summary>Shared memory is for one user: what another could have put there, or could read, is not used.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateDirectoryTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-private-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Everything_a_driver_and_its_client_create_is_closed_to_others()
    {
        string directory = Path.Combine(_folder, "driver");
        using TestDriver driver = new(TestDriver.NewContext(directory), directory);
        Aeron client = driver.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication("aeron:ipc", 7);
        string[] all = [directory, .. Directory.GetFileSystemEntries(directory, "*", SearchOption.AllDirectories)];
        Assert.Contains(all, static path => path.EndsWith(".logbuffer", StringComparison.Ordinal));
        Assert.All(all, static path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others));
    }

    [Fact]
    public void A_driver_refuses_a_directory_of_another_user_and_leaves_it_alone()
    {
        string directory = OfAnotherUser();
        IOException e = Assert.ThrowsAny<IOException>(() => MediaDriver.Create(TestDriver.NewContext(directory)));
        Refusal(e, directory, "belongs to user", "remove it, or choose another directory");
        Assert.Empty(Directory.GetDirectories(directory, "publications"));
    }

    [Fact]
    public void A_driver_refuses_a_directory_that_others_may_enter_and_says_how_to_close_it()
    {
        string directory = Path.Combine(_folder, "open");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "planted"), "by somebody");
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        IOException e = Assert.ThrowsAny<IOException>(() => MediaDriver.Create(TestDriver.NewContext(directory)));
        Refusal(e, directory, "mode 710", $"chmod -R go= {directory}");
    }

    [Fact]
    public void A_driver_refuses_a_symbolic_link_even_to_a_directory_of_ours()
    {
        string target = Directory.CreateDirectory(Path.Combine(_folder, "precious")).FullName;
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string kept = Path.Combine(target, "cnc.dat");
        File.WriteAllText(kept, "not a driver's");
        string link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, target);
        IOException e = Assert.ThrowsAny<IOException>(() => MediaDriver.Create(TestDriver.NewContext(link)));
        Refusal(e, link, "symbolic link");
        Assert.True(File.Exists(kept));
    }

    [Fact]
    public void A_directory_of_ours_that_is_empty_is_closed_instead_of_refused()
    {
        string directory = Path.Combine(_folder, "empty");
        Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, (UnixFileMode)0x1FF);
        PrivateDirectory.Claim(directory);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(directory) & Others);
        File.WriteAllText(Path.Combine(directory, "ours"), "state");
        PrivateDirectory.Claim(directory);
    }

    [Fact]
    public void A_client_that_demands_it_attaches_to_a_driver_of_its_own_user_only()
    {
        string directory = Path.Combine(_folder, "mine");
        AeronContext context = new() { AeronDirectory = directory, DemandsPrivateDirectory = true };
        Assert.Null(Aeron.TryConnect(context));
        using (TestDriver driver = new(TestDriver.NewContext(directory), directory))
        {
            using Aeron? client = Aeron.TryConnect(context);
            Assert.NotNull(client);
            string link = Path.Combine(_folder, "to-mine");
            File.CreateSymbolicLink(link, directory);
            Refusal(Assert.ThrowsAny<IOException>(() => Aeron.TryConnect(new AeronContext { AeronDirectory = link, DemandsPrivateDirectory = true })), link, "symbolic link");
        }

        string foreign = OfAnotherUser();
        Refusal(Assert.ThrowsAny<IOException>(() => Aeron.TryConnect(new AeronContext { AeronDirectory = foreign, DemandsPrivateDirectory = true })), foreign, "belongs to user");
        Assert.Null(Aeron.TryConnect(new AeronContext { AeronDirectory = foreign }));
    }

    private static void Refusal(IOException e, params string[] parts)
    {
        Assert.DoesNotContain('\n', e.Message);
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

    /// <summary>Root can give a directory away; anybody else finds one of root's.</summary>
    private string OfAnotherUser()
    {
        if (Libc.EffectiveUserId() != 0)
        {
            return "/usr";
        }

        string directory = Path.Combine(_folder, "foreign");
        Directory.CreateDirectory(directory);
        using Process chown = Process.Start("chown", ["65534", directory]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
        return directory;
    }
}
