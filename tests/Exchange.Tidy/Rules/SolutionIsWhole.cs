namespace Exchange.Tidy.Rules;

/// <summary>
/// Every project is in the solution, since one that is not is neither built nor tested by the two commands, and nobody would
/// notice. The project that needs packages which not every feed has stays outside on purpose.
/// </summary>
internal sealed class SolutionIsWhole : IRule
{
    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        string solution = (tree.TextOf("Exchange.sln") ?? "").Replace('\\', '/');
        foreach ((string path, _) in tree.Ending(".csproj"))
        {
            bool outside = path == "src/Exchange.Host.Aeron/Exchange.Host.Aeron.csproj";
            if (outside == solution.Contains($"\"{path}\"", StringComparison.Ordinal))
            {
                yield return new Violation(path, 0, outside ? "must stay outside Exchange.sln" : "is not in Exchange.sln: `dotnet sln add`");
            }
        }
    }
}
