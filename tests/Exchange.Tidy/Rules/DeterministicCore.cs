// Problem: two members that apply the same log must do the same, and what breaks this (a clock, a random source, an address used as
// a hash, the order of a hash table, a float) looks innocent in review. Idea: refuse it twice. The banned-API analyzer sees symbols
// while compiling; this rule sees syntax (keywords, literals, mutable statics), and that the analyzer is still switched on.
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Rules;

/// <summary>Nothing in the core depends on anything but the log.</summary>
internal sealed class DeterministicCore : IRule
{
    private const string CoreFolder = "src/Exchange.Core/";

    private static readonly HashSet<string> BannedNames = new(StringComparer.Ordinal)
    {
        "DateTime", "DateTimeOffset", "TimeProvider", "TimeZoneInfo", "Stopwatch", "Environment", "Random", "RandomNumberGenerator", "Guid",
        "Thread", "ThreadPool", "ThreadLocal", "AsyncLocal", "ThreadStatic", "Task", "ValueTask", "Parallel", "Monitor", "Interlocked", "Volatile",
        "SemaphoreSlim", "ManualResetEventSlim", "Dictionary", "HashSet", "ConcurrentDictionary", "ConcurrentQueue", "Hashtable", "FrozenDictionary",
        "HashCode", "File", "FileStream", "Directory", "RandomAccess", "MemoryMappedFile", "Socket", "Console", "Process", "Single", "Double", "Decimal",
        "BFloat16", "MathF", "WeakReference", "ConditionalWeakTable", "RuntimeHelpers",
    };

    private static readonly string[] BannedNamespaces = ["System.Threading", "System.IO", "System.Net", "System.Linq", "System.Security.Cryptography"];

    private static readonly string[] MustBeListed =
    [
        "P:System.DateTime.UtcNow", "P:System.DateTime.Now", "T:System.Diagnostics.Stopwatch", "T:System.Random", "M:System.Guid.NewGuid",
        "T:System.Threading.Thread", "T:System.Threading.Tasks.Task", "T:System.IO.File", "N:System.Net", "T:System.Double", "T:System.Single",
        "T:System.Decimal", "M:System.String.GetHashCode", "T:System.Collections.Generic.Dictionary`2", "T:System.Collections.Generic.HashSet`1",
    ];

    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree) =>
        tree.CSharp
            .Where(f => f.Path.StartsWith(CoreFolder, StringComparison.Ordinal))
            .SelectMany(f => f.Tree.GetRoot().DescendantNodes(descendIntoTrivia: false)
                .Select(node => (Node: node, What: Judge(node)))
                .Where(found => found.What is not null)
                .Select(found => new Violation(f.Path, SourceTree.LineOf(found.Node), $"{found.What} has no place in the core: time, ids and randomness arrive in the command")))
            .Concat(SwitchedOff(tree))
            .Concat(AnalyzerIsOn(tree));

    private static string? Judge(SyntaxNode node) => node switch
    {
        PredefinedTypeSyntax type when type.Keyword.Kind() is SyntaxKind.FloatKeyword or SyntaxKind.DoubleKeyword or SyntaxKind.DecimalKeyword => type.ToString(),
        LiteralExpressionSyntax literal when literal.Token.Value is float or double or decimal => $"the literal {literal}",
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "GetHashCode" } } => "GetHashCode",
        SimpleNameSyntax name when BannedNames.Contains(name.Identifier.Text) && !IsOwnMember(name) => name.Identifier.Text,
        UsingDirectiveSyntax { Name: { } imported } when BannedNamespaces.Any(n => Covers(n, imported.ToString())) => $"namespace {imported}",
        AwaitExpressionSyntax => "await",
        LockStatementSyntax => "lock",
        MethodDeclarationSyntax method when method.Modifiers.Any(SyntaxKind.AsyncKeyword) => "async",
        LocalFunctionStatementSyntax local when local.Modifiers.Any(SyntaxKind.AsyncKeyword) => "async",
        LambdaExpressionSyntax lambda when lambda.Modifiers.Any(SyntaxKind.AsyncKeyword) => "async",
        FieldDeclarationSyntax field when IsMutableStatic(field) => "a mutable static field (state that no snapshot holds)",
        _ => null,
    };

    /// <summary>A name behind a dot, an enum member or a name of ours (<c>Side.Single</c>) is not the type of that name.</summary>
    private static bool IsOwnMember(SimpleNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name && !access.Expression.ToString().StartsWith("System", StringComparison.Ordinal);

    private static bool Covers(string banned, string imported) => imported == banned || imported.StartsWith(banned + ".", StringComparison.Ordinal);

    private static bool IsMutableStatic(FieldDeclarationSyntax field) =>
        field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword);

    private static IEnumerable<Violation> SwitchedOff(SourceTree tree) =>
        tree.Files
            .Where(f => f.Path.StartsWith(CoreFolder, StringComparison.Ordinal) && !f.Path.EndsWith(".txt", StringComparison.Ordinal))
            .Concat(tree.Files.Where(f => f.Path == ".editorconfig"))
            .Where(f => f.Text.Contains("RS0030", StringComparison.Ordinal))
            .Select(f => new Violation(f.Path, SourceTree.LineOf(f.Text, f.Text.IndexOf("RS0030", StringComparison.Ordinal)), "the banned-API rule is not to be suppressed"));

    private static IEnumerable<Violation> AnalyzerIsOn(SourceTree tree)
    {
        const string ProjectPath = CoreFolder + "Exchange.Core.csproj";
        string project = tree.TextOf(ProjectPath) ?? "";
        string list = tree.TextOf(CoreFolder + "BannedSymbols.txt") ?? "";
        foreach (string needed in new[] { "Microsoft.CodeAnalysis.BannedApiAnalyzers", "BannedSymbols.txt", "<CheckForOverflowUnderflow>true<" })
        {
            if (!project.Contains(needed, StringComparison.Ordinal))
            {
                yield return new Violation(ProjectPath, 0, $"must contain {needed}");
            }
        }

        foreach (string needed in MustBeListed.Where(needed => !list.Split('\n').Any(line => line.StartsWith(needed + ";", StringComparison.Ordinal))))
        {
            yield return new Violation(CoreFolder + "BannedSymbols.txt", 0, $"must list {needed}");
        }
    }
}
