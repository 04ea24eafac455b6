using System.Text.RegularExpressions;

namespace Exchange.Tidy.Rules;

/// <summary>The root holds only what the design names; tests mirror the sources; decisions are numbered pages of one form.</summary>
internal sealed partial class RepositoryShape : IRule
{
    private static readonly HashSet<string> Root = new(StringComparer.Ordinal)
    {
        "src/", "tests/", "fix-spec/", "colo-deploy/", "perf/", "Exchange.sln", "nuget.config", "README.md", "Directory.Build.props", "global.json", "LICENSE",
    };

    /// <summary>Folders of a test project that have no counterpart in src: material of tests, not tests.</summary>
    private static readonly HashSet<string> TestMaterial = new(StringComparer.Ordinal)
    {
        "Support", "Scenarios", "TestData", "Golden", "Properties", "Fuzzing", "Doubles",
    };

    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree) => RootNames(tree).Concat(Mirrors(tree)).Concat(Decisions(tree));

    private static IEnumerable<Violation> RootNames(SourceTree tree) =>
        tree.RootNames
            .Where(name => !name.StartsWith('.') && !Root.Contains(name))
            .Select(name => new Violation(name, 0, "does not belong in the root"));

    private static IEnumerable<Violation> Mirrors(SourceTree tree)
    {
        foreach ((string path, _) in tree.Ending(".csproj"))
        {
            string project = Path.GetFileNameWithoutExtension(path);
            bool shipped = path.StartsWith("src/", StringComparison.Ordinal) && !project.Contains("Generator", StringComparison.Ordinal) && project != "Exchange.Host.Aeron";
            if (shipped && !tree.Exists($"tests/{project}.Tests/{project}.Tests.csproj"))
            {
                yield return new Violation(path, 0, $"has no tests/{project}.Tests");
            }
        }

        foreach ((string path, _) in tree.Ending(".cs"))
        {
            Match match = TestFile().Match(path);
            string folder = match.Groups[2].Value;
            if (match.Success && !TestMaterial.Contains(folder) && !tree.Exists($"src/{match.Groups[1].Value}/{folder}"))
            {
                yield return new Violation(path, 0, $"src/{match.Groups[1].Value} has no folder {folder}: tests mirror the sources");
            }
        }
    }

    private static IEnumerable<Violation> Decisions(SourceTree tree)
    {
        HashSet<string> numbers = new(StringComparer.Ordinal);
        foreach ((string path, string text) in tree.Files.Where(f => f.Path.StartsWith("src/decisions/", StringComparison.Ordinal)))
        {
            Match match = DecisionName().Match(path);
            if (!match.Success)
            {
                yield return new Violation(path, 0, "a decision page is named NNNN-title.md");
                continue;
            }

            if (!numbers.Add(match.Groups[1].Value))
            {
                yield return new Violation(path, 0, $"the number {match.Groups[1].Value} is taken");
            }

            if (!text.StartsWith("# ", StringComparison.Ordinal))
            {
                yield return new Violation(path, 1, "a decision page opens with its title");
            }

            foreach (string part in new[] { "Context", "Choice", "Cost" }.Where(part => !text.Contains(part, StringComparison.OrdinalIgnoreCase)))
            {
                yield return new Violation(path, 0, $"a decision page states context, choice and cost; {part} is missing");
            }
        }
    }

    [GeneratedRegex(@"^tests/(Exchange\.[\w.]+)\.Tests/([^/]+)/", RegexOptions.CultureInvariant)]
    private static partial Regex TestFile();

    [GeneratedRegex(@"^src/decisions/(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$", RegexOptions.CultureInvariant)]
    private static partial Regex DecisionName();
}
