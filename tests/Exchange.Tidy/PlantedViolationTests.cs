// A rule that cannot fail protects nothing. Here each rule gets a tree that is clean, where it must be silent, and the same tree with
// one violation planted, which it must find at its place.
using Exchange.Tidy.Rules;

namespace Exchange.Tidy;

public class PlantedViolationTests
{
    private const string CoreProject = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><CheckForOverflowUnderflow>true</CheckForOverflowUnderflow></PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="../Exchange.Protocol/Exchange.Protocol.csproj" />
            <ProjectReference Include="../Exchange.Fix.Generator/Exchange.Fix.Generator.csproj" OutputItemType="Analyzer" />
            <PackageReference Include="Microsoft.CodeAnalysis.BannedApiAnalyzers" Version="5.6.0" PrivateAssets="all" />
            <AdditionalFiles Include="BannedSymbols.txt" />
          </ItemGroup>
        </Project>
        """;

    private const string CleanCode = """
        namespace Exchange.Core.Matching;

        /// <summary>A clean type.</summary>
        internal sealed class Book
        {
            private static readonly int[] Steps = [1, 2];
            public override int GetHashCode() => Steps.Length;
        }
        """;

    private static readonly SourceTree Repository = SourceTree.OfRepository();

    private static readonly SourceTree Clean = SourceTree.Of(
        ("Exchange.sln", "\"src\\Exchange.Core\\Exchange.Core.csproj\" \"tests\\Exchange.Core.Tests\\Exchange.Core.Tests.csproj\""),
        (".editorconfig", "dotnet_diagnostic.CA1014.severity = none   # No consumer needs it.\n"),
        ("README.md", "# Title\n\n## Two commands, here\n\n[core](src/Exchange.Core/) [self](#two-commands-here) `[code](none.md)`\n"),
        ("src/decisions/0001-a-choice.md", "# A choice\n\n## Context\n\n## Choice\n\n## Cost\n"),
        ("src/Exchange.Core/Exchange.Core.csproj", CoreProject),
        ("src/Exchange.Core/BannedSymbols.txt", Repository.TextOf("src/Exchange.Core/BannedSymbols.txt")!),
        ("src/Exchange.Core/Matching/Book.cs", CleanCode),
        ("tests/Exchange.Core.Tests/Exchange.Core.Tests.csproj", "<Project><ItemGroup><ProjectReference Include=\"../../src/Exchange.Core/Exchange.Core.csproj\" /></ItemGroup></Project>"),
        ("tests/Exchange.Core.Tests/Matching/BookTests.cs", "namespace Exchange.Core.Tests.Matching;\npublic class BookTests { void A() { while (true) { Thread.Sleep(1); } } }\n"));

    private static readonly IRule[] Rules =
    [
        new Layering(), new SolutionIsWhole(), new DeterministicCore(), new Lengths(), new TypesAndPlaces(), new FileHeads(), new NothingUnfinished(),
        new Suppressions(), new PollingTests(), new Links(), new NamedTests(), new NoMachines(), new RepositoryShape(),
    ];

    private static readonly (string Rule, string Path, string Text)[] Plants =
    [
        (nameof(Layering), "src/Exchange.Core/Exchange.Core.csproj", CoreProject.Replace("Exchange.Protocol", "Exchange.Ipc", StringComparison.Ordinal)),
        (nameof(Layering), "src/Exchange.Core/Exchange.Core.csproj", CoreProject.Replace("OutputItemType=\"Analyzer\"", "", StringComparison.Ordinal)),
        (nameof(Layering), "src/Exchange.Core/Exchange.Core.csproj", CoreProject.Replace("PrivateAssets=\"all\"", "", StringComparison.Ordinal)),
        (nameof(Layering), "src/Exchange.Core/Exchange.Core.csproj", CoreProject.Replace("5.6.0", "5.*", StringComparison.Ordinal)),
        (nameof(Layering), "src/Exchange.Shortcut/Exchange.Shortcut.csproj", "<Project />"),
        (nameof(SolutionIsWhole), "tests/Exchange.Lost.Tests/Exchange.Lost.Tests.csproj", "<Project />"),
        (nameof(SolutionIsWhole), "Exchange.sln", ""),
        (nameof(DeterministicCore), "src/Exchange.Core/Exchange.Core.csproj", CoreProject.Replace("BannedApiAnalyzers", "Nothing", StringComparison.Ordinal)),
        (nameof(DeterministicCore), "src/Exchange.Core/Exchange.Core.csproj", CoreProject.Replace("Underflow>true", "Underflow>false", StringComparison.Ordinal)),
        (nameof(DeterministicCore), "src/Exchange.Core/BannedSymbols.txt", "T:System.Random;no"),
        (nameof(DeterministicCore), ".editorconfig", "dotnet_diagnostic.RS0030.severity = none # quiet\n"),
        Core("long A() => DateTime.UtcNow.Ticks;"),
        Core("long A() => System.DateTime.Now.Ticks;"),
        Core("long A() => Stopwatch.GetTimestamp();"),
        Core("int A() => new Random(1).Next();"),
        Core("object A() => Guid.NewGuid();"),
        Core("void A() => new Thread(() => { }).Start();"),
        Core("Task? A() => null;"),
        Core("async void A() { }"),
        Core("void A() { lock (this) { } }"),
        Core("object A() => File.OpenRead(\"x\");"),
        Core("Socket? A() => null;"),
        Core("float A() => 1;"),
        Core("long A() => (long)(double)1;"),
        Core("decimal A() => 1;"),
        Core("object A() => 1.5;"),
        Core("int A(string s) => s.GetHashCode();"),
        Core("void A() { foreach (var x in new Dictionary<int, int>()) { } }"),
        Core("object A() => new HashSet<int>();"),
        Core("static int _count;"),
        (nameof(DeterministicCore), "src/Exchange.Core/Planted.cs", "using System.Linq;\n"),
        (nameof(DeterministicCore), "src/Exchange.Core/Planted.cs", "#pragma warning disable RS0030 // because\n"),
        (nameof(Lengths), "src/Exchange.Core/Long.cs", new string('\n', 601)),
        (nameof(Lengths), "src/Exchange.Core/Long.cs", $"class Long {{ void A() {{{new string('\n', 91)}}} }}"),
        (nameof(TypesAndPlaces), "src/Exchange.Core/Two.cs", "namespace Exchange.Core;\nclass Two { }\nclass Three { }\n"),
        (nameof(TypesAndPlaces), "src/Exchange.Core/Two.cs", "namespace Exchange.Core;\nclass Three { }\n"),
        (nameof(TypesAndPlaces), "src/Exchange.Core/Two.cs", "namespace Exchange.Core;\ndelegate void Two();\nenum Three { }\n"),
        (nameof(TypesAndPlaces), "src/Exchange.Core/Deep/Two.cs", "namespace Exchange.Core;\nclass Two { }\n"),
        (nameof(TypesAndPlaces), "src/Exchange.Core/OrderManager.cs", "namespace Exchange.Core;\nclass OrderManager { }\n"),
        (nameof(FileHeads), "src/Exchange.Core/Bare.cs", "namespace Exchange.Core;\ninternal sealed class Bare { }\n"),
        (nameof(FileHeads), "src/Exchange.Core/Bare.cs", "// A head.\nnamespace Exchange.Core;\npublic sealed class Bare { }\n"),
        (nameof(NothingUnfinished), "src/Exchange.Core/Later.cs", "// TODO later\n"),
        (nameof(NothingUnfinished), "src/Exchange.Core/Later.cs", "class A { void B() => throw new NotImplementedException(); }\n"),
        (nameof(NothingUnfinished), "colo-deploy/run.sh", "# FIXME\n"),
        (nameof(Suppressions), "src/Exchange.Core/Quiet.cs", "#pragma warning disable CA1000\n"),
        (nameof(Suppressions), "src/Exchange.Core/Quiet.cs", "#pragma warning disable CA1000, CA1001 // both\n"),
        (nameof(Suppressions), "src/Exchange.Core/Quiet.cs", "#pragma warning disable // all\n"),
        (nameof(Suppressions), "src/Exchange.Core/Quiet.cs", "[SuppressMessage(\"Usage\", \"CA1\")] class Quiet { }\n"),
        (nameof(Suppressions), ".editorconfig", "dotnet_diagnostic.CA1014.severity = none\n"),
        (nameof(PollingTests), "tests/Exchange.Core.Tests/HopeTests.cs", "class HopeTests { void A() { Thread.Sleep(500); } }\n"),
        (nameof(PollingTests), "tests/Exchange.Core.Tests/HopeTests.cs", "class HopeTests { async Task A() { await Task.Delay(500); } }\n"),
        (nameof(Links), "README.md", "# Title\n\n[gone](src/none.md)\n"),
        (nameof(Links), "src/README.md", "# Title\n\n[gone](../LICENSE)\n"),
        (nameof(Links), "README.md", "# Title\n\n[gone](#no-such-heading)\n"),
        (nameof(NamedTests), "fix-spec/session-coverage.md", "| situation | proven by |\n|---|---|\n| a Logon | `BookTests.No_such_test` |\n"),
        (nameof(NamedTests), "fix-spec/session-coverage.md", "| situation | proven by |\n|---|---|\n| a Logon | |\n"),
        (nameof(NoMachines), "src/Exchange.Core/Here.cs", "// see /home/me/exchange\n"),
        (nameof(NoMachines), "README.md", "Run C:\\Users\\me\\run.exe\n"),
        (nameof(NoMachines), "nuget.config", "<add key=\"feed\" value=\"https://feed.example/v3/index.json\" />"),
        (nameof(NoMachines), "tests/x/package-lock.json", "{ \"resolved\": \"https://feed.example/a.tgz\" }"),
        (nameof(RepositoryShape), "notes.md", "# Notes\n"),
        (nameof(RepositoryShape), "tools/run.sh", "\n"),
        (nameof(RepositoryShape), "src/Exchange.Log/Exchange.Log.csproj", "<Project />"),
        (nameof(RepositoryShape), "tests/Exchange.Core.Tests/Elsewhere/BookTests.cs", "\n"),
        (nameof(RepositoryShape), "src/decisions/second.md", "# Second: context, choice, cost\n"),
        (nameof(RepositoryShape), "src/decisions/0001-again.md", "# Second: context, choice, cost\n"),
        (nameof(RepositoryShape), "src/decisions/0002-short.md", "# Short: context, choice\n"),
    ];

    public static TheoryData<int, string> PlantNumbers
    {
        get
        {
            TheoryData<int, string> data = [];
            for (int i = 0; i < Plants.Length; i++)
            {
                data.Add(i, $"{Plants[i].Rule} {Plants[i].Path}");
            }

            return data;
        }
    }

    [Fact]
    public void A_clean_tree_breaks_no_rule() => Assert.Empty(Rules.SelectMany(rule => rule.Check(Clean)).Select(v => v.ToString()));

    [Theory]
    [MemberData(nameof(PlantNumbers))]
    public void A_planted_violation_is_found(int index, string what)
    {
        Assert.NotEmpty(what);
        (string ruleName, string path, string text) = Plants[index];
        IRule rule = Rules.Single(r => r.GetType().Name == ruleName);
        Assert.Contains(rule.Check(Clean.With(path, text)), v => v.Path == path || path == "Exchange.sln" || path.StartsWith(v.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_is_planted_and_applied()
    {
        IEnumerable<string> rules = typeof(IRule).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IRule)) && !t.IsInterface).Select(t => t.Name).Order(StringComparer.Ordinal);
        Assert.Equal(rules, Rules.Select(r => r.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(rules, Plants.Select(p => p.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        string applied = Repository.TextOf("tests/Exchange.Tidy/RepositoryTests.cs")!;
        Assert.All(rules, name => Assert.Contains($"Holds(new {name}())", applied, StringComparison.Ordinal));
    }

    private static (string Rule, string Path, string Text) Core(string member) =>
        (nameof(DeterministicCore), "src/Exchange.Core/Planted.cs", $"namespace Exchange.Core;\ninternal sealed class Planted\n{{\n    {member}\n}}\n");
}
