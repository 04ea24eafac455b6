using Exchange.Fix.Generator;

namespace Exchange.Fix.Documents;

/// <summary>All documents that are made of the specification and checked in beside it, by their paths below fix-spec.</summary>
internal sealed class DocumentSet
{
    /// <summary>Name of the specification in its folder.</summary>
    public const string SpecificationName = "exchange.xml";

    /// <summary>What a person runs to write the documents.</summary>
    public const string Command = "dotnet run --project src/Exchange.Fix.Documents";

    private readonly SortedDictionary<string, string> _texts = new(StringComparer.Ordinal);

    private DocumentSet()
    {
    }

    /// <summary>Paths and texts.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>Makes the documents of a specification.</summary>
    /// <param name="specification">Text of the Orchestra file.</param>
    public static DocumentSet Make(string specification)
    {
        DocumentSet set = new();
        foreach (SpecModel model in OrchestraReader.Read(specification))
        {
            foreach ((string name, string text) in QuickFixDictionary.Write(model))
            {
                set._texts.Add("quickfix/" + name, text);
            }
        }

        set._texts.Add("rules-of-engagement.md", new RulesOfEngagement(new SpecText(specification)).Write());
        return set;
    }

    /// <summary>The folder fix-spec, in a folder or above it; null when there is none.</summary>
    public static string? FindFolder(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "fix-spec");
            if (File.Exists(Path.Combine(candidate, SpecificationName)))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Writes the documents; returns the paths of those that changed.</summary>
    public IReadOnlyList<string> Write(string folder)
    {
        string[] stale = [.. Stale(folder)];
        foreach (string name in stale)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, _texts[name]);
        }

        return stale;
    }

    /// <summary>Paths of the documents that are missing or differ.</summary>
    public IEnumerable<string> Stale(string folder) =>
        _texts.Where(document => !File.Exists(Path.Combine(folder, document.Key)) || File.ReadAllText(Path.Combine(folder, document.Key)) != document.Value)
            .Select(document => document.Key);
}
