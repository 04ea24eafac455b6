using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Exchange.Fix.Generator;

namespace Exchange.Fix.Documents;

/// <summary>
/// Writes the document for clients' developers in Markdown. Its order and its prose are the sections of the specification; this class
/// only knows how the tables look that stand at their {{places}}.
/// </summary>
internal sealed partial class RulesOfEngagement(SpecText spec)
{
    /// <summary>A longer code set is not written into a row of a table.</summary>
    private const int CodesInRowMax = 7;

    /// <summary>A longer code set is not written out at all.</summary>
    private const int CodesListedMax = 60;

    private static readonly string[] VersionNames = [.. SpecVersion.All.Select(version => version.Name["FIX.".Length..])];

    /// <summary>Writes the document.</summary>
    public string Write()
    {
        StringBuilder text = new();
        text.Append("# Rules of engagement\n\n<!-- Made from exchange.xml by: ").Append(DocumentSet.Command).Append(" -->\n\n");
        text.Append("How to trade here over FIX, for developers of clients. ");
        text.Append("The same facts for programs: [QuickFIX data dictionaries](quickfix/) and the [FIX Orchestra repository](exchange.xml) from which this is made.\n");
        foreach ((string name, string _) in spec.Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n- [{name}](#{Anchor(name)})");
        }

        text.Append('\n');
        foreach ((string name, string words) in spec.Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n");
            text.Append(Place().Replace(words, place => Table(place.Groups[1].Value).TrimEnd())).Append('\n');
        }

        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{\{([a-z]+(?: [0-9]+)?)\}\}")]
    private static partial Regex Place();

    private string Table(string place) => place.Split(' ') switch
    {
        ["versions"] => Versions(),
        ["messages"] => Messages(),
        ["tables"] => string.Concat(spec.Messages.Select(MessageTable)),
        ["components"] => string.Concat(spec.Components.Select(component => Structure($"### {SpecText.Name(component)}", component))),
        ["groups"] => string.Concat(spec.Groups.Select(GroupTable)),
        ["codesets"] => CodeSets(),
        ["codes", string tag] => CodeTable(spec.CodeSetOf(int.Parse(tag, CultureInfo.InvariantCulture))!, tag == "373"),
        ["refusals"] => Refusals.Write(),
        ["endings"] => Refusals.WriteEndings(),
        _ => throw new SpecException($"no table is called {place}"),
    };

    private string Versions()
    {
        StringBuilder text = new("| version | BeginString (8) | DefaultApplVerID (1137) | dictionaries |\n|---|---|---|---|\n");
        foreach (SpecModel model in spec.Models)
        {
            string files = string.Join(", ", QuickFixDictionary.Write(model).Select(file => $"[{file.Name}](quickfix/{file.Name})"));
            text.Append(CultureInfo.InvariantCulture, $"| {model.Version.Name} | {model.BeginString} | {model.ApplVerId} | {files} |\n");
        }

        return text.ToString();
    }

    private string Messages()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"| MsgType | message | from | {string.Join(" | ", VersionNames)} | |\n|---|---|---|{Dashes()}---|\n");
        foreach (XElement message in spec.Messages)
        {
            string name = SpecText.Name(message);
            string versions = string.Join(" | ", SpecText.Versions(message).Select(has => has ? "✓" : " "));
            text.Append(CultureInfo.InvariantCulture, $"| {message.Attribute("msgType")!.Value} | [{name}](#{Anchor(name)}) | {Sender(message)} | {versions} | {SpecText.Words(message)} |\n");
        }

        return text.ToString();
    }

    private string MessageTable(XElement message) =>
        Structure($"### {SpecText.Name(message)}\n\n`35={message.Attribute("msgType")!.Value}`, from {Sender(message)}. {SpecText.Words(message)}", message);

    private string GroupTable(XElement group)
    {
        int count = SpecText.CountTag(group);
        return Structure($"### {SpecText.Name(group)}\n\nCounted by {spec.FieldName(count)} ({count}).", group);
    }

    private string Structure(string head, XElement element)
    {
        StringBuilder text = new(head);
        text.Append(CultureInfo.InvariantCulture, $"\n\n| tag | field | {string.Join(" | ", VersionNames)} | type | values | notes |\n|---|---|{Dashes()}---|---|---|\n");
        foreach (SpecRow row in SpecText.Rows(element))
        {
            string presence = string.Join(" | ", row.Presence.Select(each => each ?? " "));
            text.Append(row.Kind switch
            {
                "fieldRef" => $"| {row.Id} | {spec.FieldName(row.Id)} | {presence} | {spec.FieldType(row.Id)} | {Values(row.Id)} | {spec.FieldWords(row.Id)} |\n",
                "groupRef" => GroupRow(spec.Groups.First(group => SpecText.Id(group) == row.Id), presence),
                _ => ComponentRow(spec.Components.First(component => SpecText.Id(component) == row.Id), presence),
            });
        }

        return text.Append('\n').ToString();
    }

    private string GroupRow(XElement group, string presence)
    {
        int count = SpecText.CountTag(group);
        string name = SpecText.Name(group);
        return $"| {count} | {spec.FieldName(count)} | {presence} | NumInGroup | | group [{name}](#{Anchor(name)}) |\n";
    }

    private static string ComponentRow(XElement component, string presence)
    {
        string name = SpecText.Name(component);
        return $"| | [{name}](#{Anchor(name)}) | {presence} | | | component |\n";
    }

    private string Values(int tag)
    {
        if (spec.CodeSetOf(tag) is not { } set)
        {
            return string.Empty;
        }

        XElement[] codes = [.. SpecText.Codes(set)];
        return codes.Length <= CodesInRowMax
            ? string.Join(", ", codes.Select(code => $"{code.Attribute("value")!.Value} {SpecText.Name(code)}{Only(code)}"))
            : codes.Length <= CodesListedMax || tag is 373 or 380 ? $"[{SetName(set)}](#{Anchor(SetName(set))})" : $"code set {SetName(set)}";
    }

    /// <summary>The versions of a code that not all versions have.</summary>
    private static string Only(XElement code)
    {
        bool[] versions = SpecText.Versions(code);
        return versions.All(has => has) ? string.Empty : $" ({string.Join(", ", VersionNames.Where((_, i) => versions[i]))})";
    }

    private string CodeSets()
    {
        StringBuilder text = new();
        foreach (XElement set in spec.CodeSets.Where(set => SpecText.Codes(set).Count() is > CodesInRowMax and <= CodesListedMax && spec.TagOf(set) is not (null or 373 or 380)))
        {
            text.Append(CodeTable(set, hasWords: false)).Append('\n');
        }

        return text.ToString();
    }

    private static string CodeTable(XElement set, bool hasWords)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"### {SetName(set)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| value | name | {string.Join(" | ", VersionNames)} | when |{(hasWords ? " Text (58) begins with |" : string.Empty)}\n|---|---|{Dashes()}---|{(hasWords ? "---|" : string.Empty)}\n");
        foreach (XElement code in SpecText.Codes(set).Where(code => !hasWords || SpecText.Words(code).Length > 0))
        {
            string value = code.Attribute("value")!.Value;
            string versions = string.Join(" | ", SpecText.Versions(code).Select(has => has ? "✓" : " "));
            string words = hasWords ? $" {Refusals.RejectWords(ushort.Parse(value, CultureInfo.InvariantCulture))} |" : string.Empty;
            text.Append(CultureInfo.InvariantCulture, $"| {value} | {SpecText.Name(code)} | {versions} | {SpecText.Words(code)} |{words}\n");
        }

        return text.ToString();
    }

    private static string SetName(XElement set) => SpecText.Name(set).Replace("CodeSet", string.Empty, StringComparison.Ordinal);

    private static string Sender(XElement message) => message.Attribute("flow")!.Value switch
    {
        "sent" => "us",
        "received" => "you",
        _ => "both",
    };

    private static string Dashes() => string.Concat(Enumerable.Repeat(":-:|", VersionNames.Length));

    /// <summary>The anchor that a Markdown viewer gives a heading.</summary>
    private static string Anchor(string heading) => heading.ToLowerInvariant().Replace(' ', '-');
}
