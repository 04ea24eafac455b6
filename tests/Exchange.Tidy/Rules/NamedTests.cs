// Problem: a list of which test proves what is worth something only while the tests exist; a renamed test leaves it a lie. Idea: the list
// names tests as Class.Method, and this rule finds each among the sources; scenario files are links, which another rule follows.
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Rules;

/// <summary>In pages that list tests each row names a test or a scenario, and each test that is named exists.</summary>
internal sealed partial class NamedTests : IRule
{
    private const string Page = "fix-spec/session-coverage.md";

    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        if (tree.TextOf(Page) is not { } text)
        {
            yield break;
        }

        HashSet<string> tests = [.. tree.CSharp.Where(static file => file.Path.StartsWith("tests/", StringComparison.Ordinal)).SelectMany(static file => TestsOf(file.Tree.GetRoot()))];
        foreach (Match row in Row().Matches(text).Cast<Match>().Where(static row => !row.Value.StartsWith("|---", StringComparison.Ordinal) && !row.Value.StartsWith("| situation", StringComparison.Ordinal)))
        {
            int line = SourceTree.LineOf(text, row.Index);
            Match[] named = [.. Name().Matches(row.Value).Cast<Match>()];
            if (named.Length == 0 && !row.Value.Contains("](conformance/", StringComparison.Ordinal))
            {
                yield return new Violation(Page, line, "a row without a test and without a scenario");
            }

            foreach (string name in named.Select(static name => name.Groups[1].Value).Where(name => !tests.Contains(name)))
            {
                yield return new Violation(Page, line, $"there is no test {name}");
            }
        }
    }

    private static IEnumerable<string> TestsOf(Microsoft.CodeAnalysis.SyntaxNode root) =>
        root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(static method => method.AttributeLists.SelectMany(static list => list.Attributes).Any(IsTest))
            .Select(static method => $"{(method.Parent as TypeDeclarationSyntax)?.Identifier.Text}.{method.Identifier.Text}");

    private static bool IsTest(AttributeSyntax attribute) =>
        attribute.Name.ToString().EndsWith("Fact", StringComparison.Ordinal) || attribute.Name.ToString().EndsWith("Theory", StringComparison.Ordinal);

    [GeneratedRegex(@"^\|.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+\.\w+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
