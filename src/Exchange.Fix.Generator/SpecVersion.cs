using System.Xml.Linq;

namespace Exchange.Fix.Generator;

/// <summary>A version of FIX that the specification covers. Versions have an order, and an element's pedigree is a range of it.</summary>
internal sealed class SpecVersion
{
    private readonly int _index;

    private SpecVersion(int index, string name)
    {
        _index = index;
        Name = name;
        Identifier = "Fix" + new string([.. name.Where(char.IsLetterOrDigit).Skip(3)]);
    }

    /// <summary>All versions, the earliest first.</summary>
    public static IReadOnlyList<SpecVersion> All { get; } = [new(0, "FIX.4.2"), new(1, "FIX.4.4"), new(2, "FIX.5.0SP2")];

    /// <summary>As pedigree writes it, for example FIX.4.4.</summary>
    public string Name { get; }

    /// <summary>The name as a part of an identifier, for example Fix44.</summary>
    public string Identifier { get; }

    /// <summary>Whether an element belongs to this version: not before the one that added it, and before the one that removed it.</summary>
    /// <exception cref="SpecException">The pedigree names no version of ours, or an empty range.</exception>
    public bool Has(XElement element)
    {
        int added = IndexOf(element, "added", 0);
        int removed = IndexOf(element, "removed", All.Count);
        if (added >= removed)
        {
            throw new SpecException($"{element.Name.LocalName} {element.Attribute("id")?.Value} is removed before it is added");
        }

        return added <= _index && _index < removed;
    }

    private static int IndexOf(XElement element, string attribute, int absent)
    {
        string? name = element.Attribute(attribute)?.Value;
        if (name is null)
        {
            return absent;
        }

        SpecVersion? version = All.FirstOrDefault(version => version.Name == name);
        return version?._index ?? throw new SpecException($"{element.Name.LocalName} {element.Attribute("id")?.Value}: {attribute} {name} is no version of this specification");
    }
}
