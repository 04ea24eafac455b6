// Problem: a path of one machine or the address of one feed works for its author only. Idea: neither is ever written down; feeds come
// from the user's own configuration, lock files carry no addresses, paths are relative.
using System.Text.RegularExpressions;

namespace Exchange.Tidy.Rules;

/// <summary>No absolute path of a machine anywhere, no address of a package feed in what builds.</summary>
internal sealed partial class NoMachines : IRule
{
    private static readonly string[] BuildFiles =
        [".csproj", ".props", ".targets", ".sln", ".config", "global.json", "package.json", ".npmrc", ".sh", ".ci/run", ".yml", ".yaml"];

    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach ((string path, string text) in tree.Files)
        {
            // The rule's planted violations must spell what it looks for.
            if (path.StartsWith("tests/Exchange.Tidy/", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (Match match in MachinePath().Matches(text))
            {
                yield return new Violation(path, SourceTree.LineOf(text, match.Index), $"{match.Value} is a path of one machine");
            }

            bool lockFile = path.EndsWith("package-lock.json", StringComparison.Ordinal) || path.EndsWith("packages.lock.json", StringComparison.Ordinal);
            bool buildFile = BuildFiles.Any(ending => path.EndsWith(ending, StringComparison.Ordinal));
            Regex? address = lockFile ? ResolvedAddress() : buildFile ? Address() : null;
            foreach (Match match in address?.Matches(text) ?? Enumerable.Empty<Match>())
            {
                yield return new Violation(path, SourceTree.LineOf(text, match.Index), $"{match.Value}: feeds come from the user's own configuration");
            }
        }
    }

    [GeneratedRegex(@"(?<![\w.$}*)\-])/(home|root|work|Users|tmp/wt)/|(?<!\w)[A-Za-z]:\\(Users|src|work)\b", RegexOptions.CultureInvariant)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"https?://(?!schemas\.microsoft\.com|127\.0\.0\.1|localhost)[\w.\-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex("\"resolved\"\\s*:\\s*\"https?://[^\"]*", RegexOptions.CultureInvariant)]
    private static partial Regex ResolvedAddress();
}
