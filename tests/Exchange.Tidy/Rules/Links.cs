using System.Text.RegularExpressions;

namespace Exchange.Tidy.Rules;

/// <summary>Every relative link of a page leads to a file, and its anchor to a heading.</summary>
internal sealed partial class Links : IRule
{
    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree) => tree.Ending(".md").SelectMany(f => CheckPage(tree, f.Path, f.Text));

    private static IEnumerable<Violation> CheckPage(SourceTree tree, string path, string text)
    {
        string prose = Blank(text, Code());
        foreach (Match match in Link().Matches(prose))
        {
            string target = match.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            string[] parts = target.Split('#', 2);
            string file = parts[0].Length == 0 ? path : Resolve(path, parts[0]);
            string? page = tree.TextOf(file);
            if (!tree.Exists(file))
            {
                yield return new Violation(path, SourceTree.LineOf(text, match.Index), $"dead link {target}");
            }
            else if (parts.Length == 2 && page is not null && !Anchors(page).Contains(parts[1]))
            {
                yield return new Violation(path, SourceTree.LineOf(text, match.Index), $"no heading for the anchor of {target}");
            }
        }
    }

    private static string Resolve(string page, string target)
    {
        List<string> parts = [.. (Path.GetDirectoryName(page) ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static HashSet<string> Anchors(string page) =>
        [.. Heading().Matches(Blank(page, Fence())).Select(m => Slug(m.Groups[1].Value))];

    /// <summary>Anchor of a heading as the common hosts of repositories make it: lower case, without punctuation, with hyphens.</summary>
    private static string Slug(string heading) =>
        string.Concat(Punctuation().Replace(heading.Trim(), "").Select(c => c == ' ' ? '-' : char.ToLowerInvariant(c)));

    private static string Blank(string text, Regex what) => what.Replace(text, m => NotNewLine().Replace(m.Value, " "));

    [GeneratedRegex(@"(?<!\\)\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#{1,6}\s+(.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"[^\n]", RegexOptions.CultureInvariant)]
    private static partial Regex NotNewLine();
}
