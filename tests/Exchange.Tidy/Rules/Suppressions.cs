// Problem: a suppressed warning outlives its reason. Idea: each names one rule and says why, at the place; what is switched off for
// all has its reason on its line of .editorconfig.
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Rules;

/// <summary>A suppression is local, of one rule, and justified.</summary>
internal sealed partial class Suppressions : IRule
{
    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree) =>
        tree.CSharp.SelectMany(f => Pragmas(f.Path, f.Tree).Concat(Attributes(f.Path, f.Tree))).Concat(EditorConfig(tree));

    private static IEnumerable<Violation> Pragmas(string path, SyntaxTree syntax)
    {
        foreach (PragmaWarningDirectiveTriviaSyntax pragma in syntax.GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<PragmaWarningDirectiveTriviaSyntax>())
        {
            if (!pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword))
            {
                continue;
            }

            int line = SourceTree.LineOf(pragma);
            string above = line >= 2 ? syntax.GetText().Lines[line - 2].ToString().Trim() : "";
            bool justified = pragma.ToFullString().Contains("//", StringComparison.Ordinal) || above.StartsWith("//", StringComparison.Ordinal);
            if (pragma.ErrorCodes.Count != 1 || !justified)
            {
                yield return new Violation(path, line, "a suppression names one rule and its reason on the line or the line above");
            }
        }
    }

    private static IEnumerable<Violation> Attributes(string path, SyntaxTree syntax) =>
        syntax.GetRoot().DescendantNodes().OfType<AttributeSyntax>()
            .Where(a => a.Name.ToString().EndsWith("SuppressMessage", StringComparison.Ordinal))
            .Where(a => a.ArgumentList?.Arguments.Any(x => x.NameEquals?.Name.Identifier.Text == "Justification" && x.Expression.ToString().Length > 10) != true)
            .Select(a => new Violation(path, SourceTree.LineOf(a), "SuppressMessage needs a Justification"));

    private static IEnumerable<Violation> EditorConfig(SourceTree tree)
    {
        string text = tree.TextOf(".editorconfig") ?? "";
        return SwitchedOff().Matches(text)
            .Where(m => !m.Value.Contains('#', StringComparison.Ordinal))
            .Select(m => new Violation(".editorconfig", SourceTree.LineOf(text, m.Index), "a rule switched off for all needs its reason on the line"));
    }

    [GeneratedRegex(@"^dotnet_diagnostic\.\w+\.severity\s*=\s*(none|silent).*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex SwitchedOff();
}
