using System.Globalization;

namespace Exchange.Host.Conformance;

/// <summary>The FIX versions that a scenario, a line or a field is for: <c>all</c>, or names such as <c>4.2 5.0SP2</c>, where <c>4.4+</c> means that one and later ones.</summary>
internal readonly record struct VersionSet(int Bits)
{
    /// <summary>Every version.</summary>
    public static VersionSet All { get; } = new((1 << ScenarioVersion.All.Count) - 1);

    /// <summary>Reads a set; false when a name is unknown.</summary>
    public static bool TryParse(string text, out VersionSet versions)
    {
        int bits = 0;
        foreach (string word in text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            bool andLater = word.EndsWith('+');
            ScenarioVersion? version = ScenarioVersion.Find(andLater ? word[..^1] : word);
            if (version is null && word != "all")
            {
                versions = default;
                return false;
            }

            bits |= version is null ? All.Bits : andLater ? All.Bits & ~((1 << version.Index) - 1) : 1 << version.Index;
        }

        versions = new VersionSet(bits);
        return bits != 0;
    }

    /// <summary>Whether a version is in the set.</summary>
    public bool Contains(ScenarioVersion version) => (Bits & (1 << version.Index)) != 0;

    /// <inheritdoc/>
    public override string ToString()
    {
        int bits = Bits;
        return this == All ? "all" : string.Join(' ', ScenarioVersion.All.Where(version => (bits & (1 << version.Index)) != 0).Select(version => version.Name.ToString(CultureInfo.InvariantCulture)));
    }
}
