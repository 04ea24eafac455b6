using System.Runtime.Versioning;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>What an exchange writes holds password hashes and orders: it is for the user it runs as, whatever that user's umask.</summary>
[UnsupportedOSPlatform("windows")]
public class PrivateFilesTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Fact]
    public void Nothing_an_exchange_writes_is_open_to_others_and_a_state_directory_that_was_opened_is_refused()
    {
        ExchangeProcess exchange = StartExchange(null, "--tls-port", $"{ExchangeProcess.FreePort()}");
        FixClient client = Client(exchange, "HFT1").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", client.Receive()[150]);
        string shared = SharedMemoryOf(exchange.Only("member").Pid);
        string[] all = [State, .. Below(State), shared, .. Below(shared)];
        Assert.Contains(all, static path => path.EndsWith("member-1/log", StringComparison.Ordinal));
        Assert.Contains(all, static path => path.EndsWith(".logbuffer", StringComparison.Ordinal));
        Assert.DoesNotContain(all, static path => (File.GetUnixFileMode(path) & Others) != 0);
        exchange.StopCleanly();

        Assert.Equal(0, CommandResult.Run("chmod", ["755", State], TimeSpan.FromSeconds(10)).ExitCode);
        CommandResult refused = CommandResult.Exchange("local", "--dir", State, "--members", "1");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"chmod -R go= {State}", Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static string[] Below(string directory) => Directory.GetFileSystemEntries(directory, "*", SearchOption.AllDirectories);

    /// <summary>The directory of which the member has files mapped.</summary>
    private static string SharedMemoryOf(int pid)
    {
        const string File = "/cnc.dat";
        string line = System.IO.File.ReadLines($"/proc/{pid}/maps").First(static line => line.EndsWith(File, StringComparison.Ordinal));
        return line[line.IndexOf('/', StringComparison.Ordinal)..^File.Length];
    }
}
