using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>A disk without room: said in one line before the start, survived without a lost order while running.</summary>
public class DiskFullTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    [RootFact]
    public void Without_room_for_its_log_it_does_not_start_and_says_so()
    {
        using SmallFileSystem? disk = SmallFileSystem.TryMount(Folder["small"], 8);
        if (disk is null)
        {
            Say("mount refused; nothing was tested");
            return;
        }

        string state = Path.Combine(disk.FullPath, "state");
        CommandResult result = CommandResult.Exchange("local", "--dir", state, "--fix-port", $"{ExchangeProcess.FreePort()}");
        Say($"{result.ExitCode}: {result.Error}");
        Assert.NotEqual(0, result.ExitCode);
        string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(state, line, StringComparison.Ordinal);
        Assert.Contains("space", line, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Posix.WithCommandLine(state));
    }
}
