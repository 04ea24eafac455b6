using System.Runtime.CompilerServices;

namespace Exchange.Core.Tests.Scenarios;

/// <summary>
/// The rules of matching and order management, told as files that a trader can read. After a change that is meant, set
/// UPDATE_SCENARIOS=1 to write what happens now into the files, and read the difference before committing it.
/// </summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Files() => new(Directory.GetFiles(FolderOf(), "*.txt").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_scenario_happens_as_it_is_written(string file)
    {
        string path = Path.Combine(FolderOf(), file);
        string[] written = File.ReadAllLines(path);
        IReadOnlyList<string> seen = ScenarioRunner.Play(written);
        if (Environment.GetEnvironmentVariable("UPDATE_SCENARIOS") == "1")
        {
            File.WriteAllText(path, string.Join('\n', seen) + "\n");
            return;
        }

        Assert.Equal(string.Join('\n', written), string.Join('\n', seen));
    }

    [Fact]
    public void There_are_scenarios() => Assert.True(Files().Count >= 25);

    private static string FolderOf([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
