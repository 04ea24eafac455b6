using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Exchange.Fix.Generator;

/// <summary>
/// Reads a specification in FIX Orchestra form and dissolves its components. A reference that leads nowhere, a number given
/// twice or a data field apart from its length stops the build here, because at run time it would be a wrong rejection.
/// </summary>
internal sealed class OrchestraReader
{
    private static readonly XNamespace Ns = "http://fixprotocol.io/2020/orchestra/repository";

    private readonly Dictionary<string, (string Type, List<SpecCode> Codes)> _codeSets = [];
    private readonly Dictionary<int, SpecField> _fields = [];
    private readonly Dictionary<int, XElement> _components = [];
    private readonly Dictionary<int, XElement> _groupElements = [];
    private readonly Dictionary<int, SpecGroup> _groups = [];
    private readonly SpecVersion _version;
    private readonly SpecModel _model;

    private OrchestraReader(SpecVersion version)
    {
        _version = version;
        _model = new SpecModel(version);
    }

    /// <summary>Reads the text of a file: one model for each version, the earliest first.</summary>
    /// <exception cref="SpecException">The text is not a consistent specification.</exception>
    public static IReadOnlyList<SpecModel> Read(string text)
    {
        XElement root;
        try
        {
            root = XDocument.Parse(text).Root!;
        }
        catch (XmlException e)
        {
            throw new SpecException(e.Message, e);
        }

        string newest = SpecVersion.All[SpecVersion.All.Count - 1].Name;
        Check(Required(root, "version") == newest, root, $"must have the newest version, {newest}");
        return [.. SpecVersion.All.Select(version => new OrchestraReader(version).Read(root))];
    }

    private SpecModel Read(XElement root)
    {
        ReadCodeSets(root);
        ReadFields(root);
        ReadStructures(root);
        _ = _model.BeginString;
        return _model;
    }

    private void ReadCodeSets(XElement root)
    {
        foreach (XElement set in Children(root, "codeSets", "codeSet"))
        {
            List<SpecCode> codes = [.. set.Elements(Ns + "code").Where(_version.Has).Select(code => new SpecCode(Required(code, "value"), Required(code, "name")))];
            Check(codes.Select(code => code.Value).Distinct().Count() == codes.Count, set, "holds a value twice");
            _codeSets.Add(Required(set, "name"), (Required(set, "type"), codes));
        }
    }

    private void ReadFields(XElement root)
    {
        foreach (XElement element in Children(root, "fields", "field"))
        {
            int tag = Id(element);
            string type = Required(element, "type");
            List<SpecCode> codes = [];
            if (_codeSets.TryGetValue(type, out (string Type, List<SpecCode> Codes) set))
            {
                (type, codes) = set;
                Check(codes.Count > 0, element, "has a code set without a code");
            }

            Check(!_fields.ContainsKey(tag), element, "is defined twice");
            int lengthTag = element.Attribute("lengthId") is null ? 0 : int.Parse(Required(element, "lengthId"), CultureInfo.InvariantCulture);
            Check(type is "data" or "XMLData" == (lengthTag != 0), element, "needs lengthId exactly when it is of type data");
            _fields.Add(tag, new SpecField(tag, Required(element, "name"), type, lengthTag, codes));
        }

        _model.Fields.AddRange(_fields.Values.OrderBy(field => field.Tag));
        foreach (SpecField field in _model.Fields.Where(field => field.LengthTag != 0))
        {
            if (!_fields.TryGetValue(field.LengthTag, out SpecField? length) || length.Type != "Length")
            {
                throw new SpecException($"field {field.Name} ({field.Tag}): lengthId {field.LengthTag} is not a field of type Length");
            }
        }
    }

    private void ReadStructures(XElement root)
    {
        foreach (XElement component in Children(root, "components", "component"))
        {
            _components.Add(Id(component), component);
        }

        foreach (XElement group in Children(root, "groups", "group"))
        {
            _groupElements.Add(Id(group), group);
        }

        foreach (XElement element in Children(root, "messages", "message"))
        {
            XElement structure = element.Element(Ns + "structure") ?? throw new SpecException($"message {Required(element, "name")} has no structure");
            List<SpecMember> members = [];
            Collect(structure, SpecSection.Body, members, isRequired: true);
            Check(members.Select(member => member.Tag).Distinct().Count() == members.Count, element, "holds a field twice");
            CheckDataPairs(element, members);
            string documentation = element.Element(Ns + "annotation")?.Element(Ns + "documentation")?.Value.Trim() ?? string.Empty;
            _model.Messages.Add(new SpecMessage(
                Required(element, "name"), Required(element, "msgType"), Required(element, "category"), Required(element, "flow"), documentation, members));
        }
    }

    /// <summary>Adds the members of a message, component or group; those of a component that is itself optional are never required.</summary>
    private void Collect(XElement parent, SpecSection section, List<SpecMember> members, bool isRequired)
    {
        foreach (XElement child in parent.Elements().Where(_version.Has))
        {
            bool required = isRequired && child.Attribute("presence")?.Value == "required";
            if (child.Name == Ns + "fieldRef")
            {
                Check(_fields.ContainsKey(Id(child)), child, "names no field");
                members.Add(new SpecMember(Id(child), required, section, null));
            }
            else if (child.Name == Ns + "componentRef")
            {
                Check(_components.ContainsKey(Id(child)), child, "names no component");
                XElement component = _components[Id(child)];
                SpecSection inner = Required(component, "name") switch
                {
                    "StandardHeader" => SpecSection.Header,
                    "StandardTrailer" => SpecSection.Trailer,
                    _ => section,
                };
                Collect(component, inner, members, required);
            }
            else if (child.Name == Ns + "groupRef")
            {
                SpecGroup group = Group(child);
                members.Add(new SpecMember(group.CountTag, required, section, group));
            }
        }
    }

    private SpecGroup Group(XElement reference)
    {
        int id = Id(reference);
        if (_groups.TryGetValue(id, out SpecGroup? known))
        {
            return known;
        }

        Check(_groupElements.ContainsKey(id), reference, "names no group");
        XElement element = _groupElements[id];
        XElement count = element.Element(Ns + "numInGroup") ?? throw new SpecException($"group {Required(element, "name")} has no numInGroup");
        Check(_fields.TryGetValue(Id(count), out SpecField? countField) && countField.Type == "NumInGroup", count, "is not a field of type NumInGroup");
        List<SpecMember> members = [];
        Collect(element, SpecSection.Body, members, isRequired: true);
        Check(members.Count > 0 && members[0].Group is null, element, "must start with a field, its delimiter");
        SpecGroup group = new(Required(element, "name"), Id(count), members);
        _groups.Add(id, group);
        _model.Groups.Add(group);
        return group;
    }

    private void CheckDataPairs(XElement element, List<SpecMember> members)
    {
        for (int i = 0; i < members.Count; i++)
        {
            int lengthTag = _fields[members[i].Tag].LengthTag;
            Check(lengthTag == 0 || (i > 0 && members[i - 1].Tag == lengthTag), element, $"has data field {members[i].Tag} apart from its length {lengthTag}");
        }
    }

    private IEnumerable<XElement> Children(XElement root, string list, string item) => root.Elements(Ns + list).Elements(Ns + item).Where(_version.Has);

    private static int Id(XElement element)
    {
        Check(int.TryParse(Required(element, "id"), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id > 0, element, "has an id that is no positive number");
        return id;
    }

    private static string Required(XElement element, string attribute) =>
        element.Attribute(attribute)?.Value ?? throw new SpecException($"{element.Name.LocalName} lacks the attribute {attribute}: {element}");

    private static void Check(bool condition, XElement element, string what)
    {
        if (!condition)
        {
            string name = element.Attribute("name")?.Value ?? element.Attribute("id")?.Value ?? string.Empty;
            throw new SpecException($"{element.Name.LocalName} {name} {what}");
        }
    }
}
