using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Rules;

/// <summary>
/// A source file says what it is for before it says how: with a comment at its head or above its first type, or with the documentation
/// of that type. Public types are documented in any case; of a partial type, one part.
/// </summary>
internal sealed class FileHeads : IRule
{
    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree) =>
        tree.CSharp.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal)).SelectMany(f => CheckFile(f.Path, f.Tree));

    private static IEnumerable<Violation> CheckFile(string path, SyntaxTree syntax)
    {
        CompilationUnitSyntax root = (CompilationUnitSyntax)syntax.GetRoot();
        List<MemberDeclarationSyntax> types = [.. root.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>().Where(m => m is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)];

        if (types.Count > 0 && !HasComment(root) && !HasComment(types[0]) && !IsDocumented(types[0]))
        {
            yield return new Violation(path, 1, "opens without a word on what problem it solves and what must hold");
        }

        foreach (MemberDeclarationSyntax type in types.Where(t => t.Modifiers.Any(SyntaxKind.PublicKeyword) && !t.Modifiers.Any(SyntaxKind.PartialKeyword) && !IsDocumented(t)))
        {
            yield return new Violation(path, SourceTree.LineOf(type), "a public type needs documentation");
        }
    }

    private static bool HasComment(SyntaxNode node) =>
        node.GetLeadingTrivia().Any(t => t.IsKind(SyntaxKind.SingleLineCommentTrivia) || t.IsKind(SyntaxKind.MultiLineCommentTrivia));

    private static bool IsDocumented(MemberDeclarationSyntax type) =>
        type.GetLeadingTrivia().Any(t => t.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || t.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia));
}
