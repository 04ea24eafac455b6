using System.Globalization;
using System.Text;
using System.Xml;
using Exchange.Fix.Generator;

namespace Exchange.Fix.Documents;

/// <summary>
/// Writes a version as data dictionaries of QuickFIX, for C++, /n and /J: one file, or over FIXT.1.1 one for the session and one for the
/// application. Components are dissolved, since the engines differ in what they make of them.
/// </summary>
internal static class QuickFixDictionary
{
    private const int MsgTypeTag = 35;
    private const int BeginStringTag = 8;

    /// <summary>The files of a version, by name.</summary>
    public static IEnumerable<(string Name, string Text)> Write(SpecModel model)
    {
        bool isSession(SpecMessage message) => message.Category == "session";
        if (model.ApplVerId is null)
        {
            string digits = new([.. model.BeginString.Where(char.IsDigit)]);
            yield return ($"FIX{digits}.xml", Write(model, "FIX", digits[0], digits[1], 0, _ => true, hasHeader: true, isSession));
        }
        else
        {
            string digits = new([.. model.Version.Name.Where(char.IsDigit)]);
            string session = new([.. model.BeginString.Where(char.IsDigit)]);
            yield return ($"FIXT{session}.xml", Write(model, "FIXT", session[0], session[1], 0, isSession, hasHeader: true, isSession));
            string name = model.Version.Name.Replace(".", string.Empty, StringComparison.Ordinal);
            yield return ($"{name}.xml", Write(model, "FIX", digits[0], digits[1], digits[2] - '0', message => !isSession(message), hasHeader: false, isSession));
        }
    }

    private static string Write(
        SpecModel model, string type, char major, char minor, int servicePack, Func<SpecMessage, bool> belongs, bool hasHeader, Func<SpecMessage, bool> isSession)
    {
        StringBuilder text = new();
        HashSet<int> used = [];
        Dictionary<int, SpecField> fields = model.Fields.ToDictionary(field => field.Tag);
        XmlWriterSettings settings = new() { Indent = true, IndentChars = " ", NewLineChars = "\n", OmitXmlDeclaration = true };
        using (XmlWriter xml = XmlWriter.Create(text, settings))
        {
            xml.WriteComment($" Made from fix-spec/exchange.xml: {model.Version.Name} as this exchange speaks it, from the client's side. ");
            xml.WriteStartElement("fix");
            xml.WriteAttributeString("type", type);
            xml.WriteAttributeString("major", major.ToString());
            xml.WriteAttributeString("minor", minor.ToString());
            xml.WriteAttributeString("servicepack", servicePack.ToString(CultureInfo.InvariantCulture));
            SpecMember[] frame = hasHeader ? [.. model.Messages[0].Members] : [];
            Section(xml, "header", frame.Where(member => member.Section == SpecSection.Header), fields, used);
            xml.WriteStartElement("messages");
            foreach (SpecMessage message in model.Messages.Where(belongs))
            {
                xml.WriteStartElement("message");
                xml.WriteAttributeString("name", message.Name);
                xml.WriteAttributeString("msgtype", message.MsgType);
                xml.WriteAttributeString("msgcat", isSession(message) ? "admin" : "app");
                Members(xml, message.Members.Where(member => member.Section == SpecSection.Body), fields, used);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            Section(xml, "trailer", frame.Where(member => member.Section == SpecSection.Trailer), fields, used);
            xml.WriteStartElement("components");
            xml.WriteFullEndElement();
            xml.WriteStartElement("fields");
            foreach (SpecField field in model.Fields.Where(field => used.Contains(field.Tag)))
            {
                Field(xml, field);
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void Section(XmlWriter xml, string name, IEnumerable<SpecMember> members, Dictionary<int, SpecField> fields, HashSet<int> used)
    {
        xml.WriteStartElement(name);
        Members(xml, members, fields, used);
        xml.WriteFullEndElement();
    }

    private static void Members(XmlWriter xml, IEnumerable<SpecMember> members, Dictionary<int, SpecField> fields, HashSet<int> used)
    {
        foreach (SpecMember member in members)
        {
            used.Add(member.Tag);
            xml.WriteStartElement(member.Group is null ? "field" : "group");
            xml.WriteAttributeString("name", fields[member.Tag].Name);
            xml.WriteAttributeString("required", member.Required ? "Y" : "N");
            if (member.Group is not null)
            {
                Members(xml, member.Group.Members, fields, used);
            }

            xml.WriteEndElement();
        }
    }

    private static void Field(XmlWriter xml, SpecField field)
    {
        xml.WriteStartElement("field");
        xml.WriteAttributeString("number", field.Tag.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("name", field.Name);
        xml.WriteAttributeString("type", field.Type.ToUpperInvariant());
        foreach (SpecCode code in field.Codes.Where(_ => field.Tag is not (BeginStringTag or MsgTypeTag)))
        {
            xml.WriteStartElement("value");
            xml.WriteAttributeString("enum", code.Value);
            xml.WriteAttributeString("description", Upper(code.Name));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>PartiallyFilled becomes PARTIALLY_FILLED.</summary>
    private static string Upper(string name)
    {
        StringBuilder text = new();
        for (int i = 0; i < name.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(startsWord ? "_" : string.Empty).Append(char.ToUpperInvariant(name[i]));
        }

        return text.ToString();
    }
}
