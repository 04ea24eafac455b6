// Problem: a layer that reaches around its neighbour is found when it hurts, years later. Idea: the table of the architecture page
// is data here, and every project file is compared with it. What must hold: a project references only what its row allows, and
// only the executable (and tests and measurements) takes packages at run time, so that nothing below it depends on others' code.
using System.Xml.Linq;

namespace Exchange.Tidy.Rules;

/// <summary>Project and package references as the architecture allows them.</summary>
internal sealed class Layering : IRule
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Exchange.Protocol"] = [],
        ["Exchange.Ipc"] = [],
        ["Exchange.Fix"] = ["Exchange.Protocol"],
        ["Exchange.Fix.Documents"] = ["Exchange.Protocol", "Exchange.Core", "Exchange.Fix", "Exchange.Gateway"],
        ["Exchange.Core"] = ["Exchange.Protocol"],
        ["Exchange.Log"] = [],
        ["Exchange.Cluster"] = ["Exchange.Protocol", "Exchange.Ipc", "Exchange.Log"],
        ["Exchange.Gateway"] = ["Exchange.Fix", "Exchange.Protocol", "Exchange.Ipc"],
        ["Exchange.MarketData"] = ["Exchange.Protocol", "Exchange.Ipc"],
        ["Exchange.Ops"] = ["Exchange.Protocol", "Exchange.Ipc"],
        ["Exchange.Reference"] = ["Exchange.Protocol"],
        ["Exchange.Host.Aeron"] = ["Exchange.Core", "Exchange.Protocol", "Exchange.Gateway", "Exchange.Fix"],
    };

    /// <summary>Projects that see everything: the executable, and tests of several layers at once.</summary>
    private static readonly HashSet<string> SeesAll = new(StringComparer.Ordinal)
    {
        "Exchange.Host", "Exchange.Host.Tests", "Exchange.Simulation", "Exchange.Acceptance", "Exchange.Fuzz", "Exchange.Reference.Tests", "Exchange.Benchmarks", "Exchange.LatencyHarness",
    };

    /// <summary>Projects below the executable that may use a package at run time, with the packages.</summary>
    private static readonly HashSet<string> TakesPackages = new(StringComparer.Ordinal) { "Exchange.Host", "Exchange.Host.Aeron" };

    /// <inheritdoc/>
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach ((string path, string text) in tree.Ending(".csproj"))
        {
            XDocument document = XDocument.Parse(text, LoadOptions.SetLineInfo);
            string project = Path.GetFileNameWithoutExtension(path);
            foreach (Violation violation in References(path, project, document).Concat(Packages(path, project, document)))
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<Violation> References(string path, string project, XDocument document)
    {
        bool generator = IsGenerator(project);
        string subject = project.EndsWith(".Tests", StringComparison.Ordinal) ? project[..^".Tests".Length] : project;
        bool known = SeesAll.Contains(project) || generator || IsGenerator(subject) || project == "Exchange.Tidy" || Allowed.ContainsKey(subject);
        if (!known)
        {
            yield return new Violation(path, 0, $"{project} is not in the table of layers; add a row to the architecture page and here");
            yield break;
        }

        foreach (XElement reference in document.Descendants("ProjectReference"))
        {
            string target = Path.GetFileNameWithoutExtension(((string?)reference.Attribute("Include") ?? "").Replace('\\', '/'));
            bool asAnalyzer = IsGenerator(target) && (string?)reference.Attribute("OutputItemType") == "Analyzer";
            bool ownSubject = subject != project && target == subject;
            bool inTable = Allowed.TryGetValue(subject, out string[]? row) && row.Contains(target, StringComparer.Ordinal);
            if (!SeesAll.Contains(project) && !asAnalyzer && !ownSubject && !inTable)
            {
                yield return new Violation(path, Line(reference), $"{project} must not reference {target}");
            }
        }
    }

    private static IEnumerable<Violation> Packages(string path, string project, XDocument document)
    {
        bool shipped = path.StartsWith("src/", StringComparison.Ordinal) && !TakesPackages.Contains(project);
        foreach (XElement package in document.Descendants("PackageReference").Where(package => package.Attribute("Remove") is null))
        {
            string name = (string?)package.Attribute("Include") ?? "";
            string version = (string?)package.Attribute("Version") ?? "";
            bool buildOnly = string.Equals((string?)package.Attribute("PrivateAssets"), "all", StringComparison.OrdinalIgnoreCase);
            if (shipped && !buildOnly)
            {
                yield return new Violation(path, Line(package), $"{project} runs without packages; only the executable takes them ({name})");
            }

            if (version.Length == 0 || version.AsSpan().IndexOfAny("*[(,") >= 0)
            {
                yield return new Violation(path, Line(package), $"{name} needs one exact version, not “{version}”");
            }
        }
    }

    private static bool IsGenerator(string project) =>
        project.EndsWith("Generator", StringComparison.Ordinal) || project.EndsWith("Generators", StringComparison.Ordinal);

    private static int Line(XElement element) => ((System.Xml.IXmlLineInfo)element).LineNumber;
}
