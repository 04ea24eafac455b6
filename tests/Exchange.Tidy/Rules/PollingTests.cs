using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Rules;

/// <summary>
/// A test that waits polls for its condition with a deadline. A pause outside a loop is a hope: too short on a busy machine, wasted
/// on an idle one.
/// </summary>
internal sealed class PollingTests : IRule
{
    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree) =>
        tree.CSharp
            .Where(f => f.Path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(f => f.Tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(call => call.Expression.ToString() is "Thread.Sleep" or "Task.Delay" && !IsInLoop(call))
                .Select(call => new Violation(f.Path, SourceTree.LineOf(call), "a pause outside a polling loop: poll for the condition with a deadline")));

    private static bool IsInLoop(SyntaxNode call) =>
        call.Ancestors()
            .TakeWhile(n => n is not BaseMethodDeclarationSyntax)
            .Any(n => n is WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax or ForEachStatementSyntax);
}
