using System.Xml.Linq;
using Exchange.Fix.Generator;

namespace Exchange.Fix.Documents;

/// <summary>The specification as people read it: all versions side by side, components kept whole, with the words of every element.</summary>
internal sealed class SpecText
{
    private static readonly XNamespace Ns = "http://fixprotocol.io/2020/orchestra/repository";

    private readonly XElement _root;
    private readonly ILookup<int, XElement> _fields;
    private readonly Dictionary<string, XElement> _codeSets;

    /// <summary>Reads a specification that <see cref="OrchestraReader"/> has found consistent.</summary>
    public SpecText(string text)
    {
        _root = XDocument.Parse(text).Root!;
        _fields = Elements("fields", "field").ToLookup(Id);
        _codeSets = Elements("codeSets", "codeSet").ToDictionary(Name);
        Models = OrchestraReader.Read(text);
    }

    /// <summary>The versions, the earliest first.</summary>
    public IReadOnlyList<SpecModel> Models { get; }

    /// <summary>Chapters in Markdown, by name.</summary>
    public IEnumerable<(string Name, string Text)> Sections => Elements("sections", "section").Select(section => (Name(section), Words(section)));

    /// <summary>Messages.</summary>
    public IEnumerable<XElement> Messages => Elements("messages", "message");

    /// <summary>Components.</summary>
    public IEnumerable<XElement> Components => Elements("components", "component");

    /// <summary>Repeating groups.</summary>
    public IEnumerable<XElement> Groups => Elements("groups", "group");

    /// <summary>Code sets.</summary>
    public IEnumerable<XElement> CodeSets => _codeSets.Values;

    /// <summary>The attribute name.</summary>
    public static string Name(XElement element) => element.Attribute("name")!.Value;

    /// <summary>The attribute id.</summary>
    public static int Id(XElement element) => int.Parse(element.Attribute("id")!.Value, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The documentation of an element; empty when it has none.</summary>
    public static string Words(XElement element) => element.Element(Ns + "annotation")?.Element(Ns + "documentation")?.Value.Trim() ?? string.Empty;

    /// <summary>In which versions an element is, as + or blank for each.</summary>
    public static bool[] Versions(XElement element) => [.. SpecVersion.All.Select(version => version.Has(element))];

    /// <summary>What stands in a message, component or group, one row for what the versions share.</summary>
    public static IReadOnlyList<SpecRow> Rows(XElement parent)
    {
        List<SpecRow> rows = [];
        XElement container = parent.Element(Ns + "structure") ?? parent;
        foreach (XElement child in container.Elements().Where(child => child.Attribute("id") is not null && child.Name != Ns + "numInGroup"))
        {
            string kind = child.Name.LocalName;
            SpecRow? row = rows.Find(each => each.Kind == kind && each.Id == Id(child));
            if (row is null)
            {
                row = new SpecRow(kind, Id(child), new string[SpecVersion.All.Count]);
                rows.Add(row);
            }

            for (int i = 0; i < SpecVersion.All.Count; i++)
            {
                if (SpecVersion.All[i].Has(parent) && SpecVersion.All[i].Has(child))
                {
                    row.Presence[i] = child.Attribute("presence")?.Value == "required" ? "**R**" : "*o*";
                }
            }
        }

        return rows;
    }

    /// <summary>The tag of the count of a repeating group.</summary>
    public static int CountTag(XElement group) => Id(group.Element(Ns + "numInGroup")!);

    /// <summary>Codes of a code set.</summary>
    public static IEnumerable<XElement> Codes(XElement codeSet) => codeSet.Elements(Ns + "code");

    /// <summary>The name of a field, the newest first, with earlier names behind it.</summary>
    public string FieldName(int tag)
    {
        string[] names = [.. _fields[tag].Select(Name).Distinct().Reverse()];
        return names.Length == 1 ? names[0] : $"{names[0]} ({string.Join(", ", names[1..].Select(name => $"before: {name}"))})";
    }

    /// <summary>The words of a field.</summary>
    public string FieldWords(int tag) => string.Join("; ", _fields[tag].Select(Words).Where(words => words.Length > 0));

    /// <summary>The FIX type of a field's values, or that of its code set.</summary>
    public string FieldType(int tag) => CodeSetOf(tag)?.Attribute("type")?.Value ?? _fields[tag].Last().Attribute("type")!.Value;

    /// <summary>The code set of a field; null when it has none.</summary>
    public XElement? CodeSetOf(int tag) => _codeSets.GetValueOrDefault(_fields[tag].Last().Attribute("type")!.Value);

    /// <summary>The first field that a code set belongs to.</summary>
    public int? TagOf(XElement codeSet) => _fields.Where(field => CodeSetOf(field.Key) == codeSet).Select(field => (int?)field.Key).FirstOrDefault();

    private IEnumerable<XElement> Elements(string list, string item) => _root.Elements(Ns + list).Elements(Ns + item);
}
