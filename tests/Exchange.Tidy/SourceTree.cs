// The files that the rules judge: path and text, either of the repository or made up by a test. Build output is skipped by the
// names of its folders, because a working copy without git (an unpacked archive) must be judged alike.
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Exchange.Tidy;

/// <summary>Files by path relative to the repository's root, with <c>/</c> between folders.</summary>
internal sealed class SourceTree
{
    private static readonly HashSet<string> OutputFolders = new(StringComparer.Ordinal)
    {
        "bin", "obj", ".git", ".vs", ".idea", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules", "artifacts",
    };

    private static readonly HashSet<string> TextExtensions = new(StringComparer.Ordinal)
    {
        ".cs", ".csproj", ".props", ".targets", ".sln", ".config", ".json", ".xml", ".md", ".sh", ".yml", ".yaml", ".txt", ".js", ".ts", ".cpp", ".h",
        ".py", ".editorconfig", ".gitignore", ".globalconfig", ".runsettings", ".npmrc", "",
    };

    private readonly SortedDictionary<string, string> _files;
    private readonly Dictionary<string, SyntaxTree> _parsed = new(StringComparer.Ordinal);

    private SourceTree(SortedDictionary<string, string> files) => _files = files;

    /// <summary>Every file; binary files have an empty text.</summary>
    public IEnumerable<(string Path, string Text)> Files => _files.Select(f => (f.Key, f.Value));

    /// <summary>C# files with their syntax.</summary>
    public IEnumerable<(string Path, SyntaxTree Tree)> CSharp => Ending(".cs").Select(f => (f.Path, Parse(f.Path, f.Text)));

    /// <summary>Names directly in the root, folders with a trailing slash.</summary>
    public IEnumerable<string> RootNames => _files.Keys
        .Select(path => path.Contains('/', StringComparison.Ordinal) ? path[..(path.IndexOf('/', StringComparison.Ordinal) + 1)] : path)
        .Distinct(StringComparer.Ordinal);

    /// <summary>The repository that this assembly was built in.</summary>
    public static SourceTree OfRepository()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Exchange.sln")))
        {
            root = root.Parent;
        }

        if (root is null)
        {
            throw new DirectoryNotFoundException($"No Exchange.sln above {AppContext.BaseDirectory}");
        }

        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        Collect(root, prefix: "", files);
        return new SourceTree(files);
    }

    /// <summary>A made-up tree.</summary>
    public static SourceTree Of(params (string Path, string Text)[] files) =>
        new(new SortedDictionary<string, string>(files.ToDictionary(f => f.Path, f => f.Text, StringComparer.Ordinal), StringComparer.Ordinal));

    /// <summary>The same tree with one file added or replaced.</summary>
    public SourceTree With(string path, string text) =>
        new(new SortedDictionary<string, string>(_files, StringComparer.Ordinal) { [path] = text });

    /// <summary>The same tree without one file.</summary>
    public SourceTree Without(string path)
    {
        SortedDictionary<string, string> files = new(_files, StringComparer.Ordinal);
        files.Remove(path);
        return new SourceTree(files);
    }

    /// <summary>Files whose name ends so.</summary>
    public IEnumerable<(string Path, string Text)> Ending(params string[] endings) =>
        Files.Where(f => endings.Any(ending => f.Path.EndsWith(ending, StringComparison.Ordinal)));

    /// <summary>Whether a file or a folder of that path exists.</summary>
    public bool Exists(string path) =>
        _files.ContainsKey(path) || path.Length == 0 || _files.Keys.Any(f => f.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <summary>Text of a file, or null.</summary>
    public string? TextOf(string path) => _files.GetValueOrDefault(path);

    /// <summary>Line of a syntax node, from 1.</summary>
    public static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>Line of a character of a text, from 1.</summary>
    public static int LineOf(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    private static void Collect(DirectoryInfo folder, string prefix, SortedDictionary<string, string> files)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            // A worktree of git has a file of that name instead of a folder.
            if (file.Name != ".git")
            {
                files[prefix + file.Name] = TextExtensions.Contains(file.Extension) ? File.ReadAllText(file.FullName) : "";
            }
        }

        foreach (DirectoryInfo child in folder.EnumerateDirectories())
        {
            if (!OutputFolders.Contains(child.Name) && child.LinkTarget is null)
            {
                Collect(child, $"{prefix}{child.Name}/", files);
            }
        }
    }

    private SyntaxTree Parse(string path, string text)
    {
        if (!_parsed.TryGetValue(path, out SyntaxTree? tree))
        {
            CSharpParseOptions options = new(LanguageVersion.Preview, DocumentationMode.Parse);
            tree = CSharpSyntaxTree.ParseText(SourceText.From(text), options, path);
            _parsed[path] = tree;
        }

        return tree;
    }
}
