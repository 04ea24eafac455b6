// Problem: code that is not where its name says is found by search only. Idea: folder, namespace, file and type agree, so that a name
// in a stack trace is already a path.
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Rules;

/// <summary>One top-level type a file, named as the file; the namespace is the folder; no names that say nothing.</summary>
internal sealed class TypesAndPlaces : IRule
{
    private static readonly string[] EmptySuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utilities", "Impl", "Base"];

    /// <summary>Files with more than one type that are better so, each with its reason.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["src/Exchange.Fix.Generator/SpecModel.cs"] = "the tree of one specification, whose small nodes mean nothing apart",
        ["src/Exchange.Fix/Parsing/SohSearch.cs"] = "one search in three widths, to be compared line by line",
        ["src/Exchange.Log/Segments/EntryDescriptor.cs"] = "the layout of an entry beside what is read from it",
    };

    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree) => tree.CSharp.SelectMany(f => CheckFile(f.Path, f.Tree));

    private static IEnumerable<Violation> CheckFile(string path, SyntaxTree syntax)
    {
        SyntaxNode root = syntax.GetRoot();
        string fileName = Path.GetFileName(path).Split('.')[0];

        // A type with the modifier `file` is an inner detail of its neighbour and cannot be named elsewhere.
        List<MemberDeclarationSyntax> types = [.. root.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(m => m is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && !m.Modifiers.Any(SyntaxKind.FileKeyword))];

        foreach (BaseNamespaceDeclarationSyntax space in root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>())
        {
            string expected = Path.GetDirectoryName(path)!.Replace('/', '.');
            expected = expected[(expected.IndexOf('.', StringComparison.Ordinal) + 1)..];
            if (space.Name.ToString() != expected)
            {
                yield return new Violation(path, SourceTree.LineOf(space), $"namespace {space.Name} is not the folder's, {expected}");
            }
        }

        foreach (MemberDeclarationSyntax type in types)
        {
            string name = NameOf(type);
            string? suffix = EmptySuffixes.FirstOrDefault(s => name.EndsWith(s, StringComparison.Ordinal));
            if (suffix is not null)
            {
                yield return new Violation(path, SourceTree.LineOf(type), $"{name}: “{suffix}” does not tell a role");
            }
        }

        if (IsRecordFamily(path, types))
        {
            yield break;
        }

        if (types.Count > 1 && !Exceptions.ContainsKey(path))
        {
            yield return new Violation(path, SourceTree.LineOf(types[1]), $"{NameOf(types[1])} is a second top-level type; it needs a file of its own");
        }

        if (types.Count == 1 && NameOf(types[0]) != fileName)
        {
            yield return new Violation(path, SourceTree.LineOf(types[0]), $"holds {NameOf(types[0])}: name the file after it");
        }
    }

    /// <summary>
    /// Records of one exchange of messages are read side by side and may share a file: those of the protocol, and small ones (structs,
    /// records, enums, and the descriptors of their layout) anywhere.
    /// </summary>
    private static bool IsRecordFamily(string path, List<MemberDeclarationSyntax> types) =>
        path.StartsWith("src/Exchange.Protocol/", StringComparison.Ordinal) || (types.Count > 1 && types.TrueForAll(IsSmallRecord));

    private static bool IsSmallRecord(MemberDeclarationSyntax type)
    {
        FileLinePositionSpan span = type.GetLocation().GetLineSpan();
        bool small = span.EndLinePosition.Line - span.StartLinePosition.Line < 60;
        return small && (type is StructDeclarationSyntax or RecordDeclarationSyntax or EnumDeclarationSyntax || NameOf(type).EndsWith("Descriptor", StringComparison.Ordinal));
    }

    private static string NameOf(MemberDeclarationSyntax type) =>
        type is DelegateDeclarationSyntax named ? named.Identifier.Text : ((BaseTypeDeclarationSyntax)type).Identifier.Text;
}
