// Problem: files and methods grow by one line at a time, and no single line is the one to refuse. Idea: a limit somewhat above the
// style's aim (70 and 500 lines), and a list of exceptions, each with its reason; an exception that is no longer needed fails too.
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Rules;

/// <summary>Length of C# files and of methods.</summary>
internal sealed class Lengths : IRule
{
    private const int FileLinesMax = 600;
    private const int MethodLinesMax = 90;

    /// <summary>Path, or path and method joined by <c>#</c>, to the reason why this one is better long.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        HashSet<string> needed = new(StringComparer.Ordinal);
        foreach ((string path, SyntaxTree syntax) in tree.CSharp)
        {
            int lines = syntax.GetText().Lines.Count;
            if (lines > FileLinesMax && needed.Add(path) && !Exceptions.ContainsKey(path))
            {
                yield return new Violation(path, 0, $"{lines} lines, {FileLinesMax} at most: split it by duty");
            }

            foreach (SyntaxNode method in syntax.GetRoot().DescendantNodes().Where(IsMethod))
            {
                FileLinePositionSpan span = method.GetLocation().GetLineSpan();
                int methodLines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
                string key = $"{path}#{NameOf(method)}";
                if (methodLines > MethodLinesMax && needed.Add(key) && !Exceptions.ContainsKey(key))
                {
                    yield return new Violation(path, span.StartLinePosition.Line + 1, $"{NameOf(method)} has {methodLines} lines, {MethodLinesMax} at most");
                }
            }
        }

        // A made-up tree has none of the excepted files, hence the look at their existence.
        foreach (string unused in Exceptions.Keys.Where(key => !needed.Contains(key) && tree.Exists(key.Split('#')[0])))
        {
            yield return new Violation(unused, 0, "is short enough now: remove its exception");
        }
    }

    private static bool IsMethod(SyntaxNode node) => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax;

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        _ => node.GetType().Name,
    };
}
