using System.Text.RegularExpressions;

namespace Exchange.Tidy.Rules;

/// <summary>No marks of unfinished work and no methods that only promise: what is missing is in an issue, not in the code.</summary>
internal sealed partial class NothingUnfinished : IRule
{
    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree) =>
        tree.Files
            // The rule and its planted violations must spell what they look for.
            .Where(f => !f.Path.StartsWith("tests/Exchange.Tidy/", StringComparison.Ordinal) && !f.Path.EndsWith("package-lock.json", StringComparison.Ordinal))
            .SelectMany(f => Marks().Matches(f.Text).Select(m => new Violation(f.Path, SourceTree.LineOf(f.Text, m.Index), $"{m.Value}: finish it or take it out")));

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Marks();
}
