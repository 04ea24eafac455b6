using System.Xml.Linq;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Generator;

namespace Exchange.Fix.Documents.Tests;

/// <summary>What is checked in beside the specification is what the specification says.</summary>
public sealed class DocumentSetTests
{
    private static readonly string Folder = DocumentSet.FindFolder(AppContext.BaseDirectory)!;
    private static readonly string Specification = File.ReadAllText(Path.Combine(Folder, DocumentSet.SpecificationName));

    [Fact]
    public void What_is_checked_in_is_fresh() => Assert.True(
        !DocumentSet.Make(Specification).Stale(Folder).Any(),
        $"not fresh: {string.Join(", ", DocumentSet.Make(Specification).Stale(Folder))}; run: {DocumentSet.Command}");

    [Fact]
    public void A_change_of_the_specification_makes_documents_stale_and_writing_them_makes_them_fresh()
    {
        string folder = Directory.CreateTempSubdirectory("fix-spec").FullName;
        try
        {
            DocumentSet documents = DocumentSet.Make(Specification);
            Assert.Equal(documents.Texts.Keys, documents.Write(folder));
            Assert.Empty(documents.Stale(folder));
            Assert.Empty(documents.Write(folder));
            DocumentSet changed = DocumentSet.Make(Specification.Replace("name=\"ClOrdID\"", "name=\"ClientOrderID\"", StringComparison.Ordinal));
            Assert.Contains("quickfix/FIX44.xml", changed.Stale(folder));
            Assert.Contains("rules-of-engagement.md", changed.Stale(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("FIX.4.2", "FIX42.xml")]
    [InlineData("FIX.4.4", "FIX44.xml")]
    [InlineData("FIX.5.0SP2", "FIXT11.xml", "FIX50SP2.xml")]
    public void QuickFix_gets_the_messages_that_we_validate_with_the_same_fields(string version, params string[] files)
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == version);
        XElement[] roots = [.. files.Select(file => XElement.Load(Path.Combine(Folder, "quickfix", file)))];
        XElement[] messages = [.. roots.Elements("messages").Elements("message")];
        Assert.Equal(dictionary.Messages.Select(message => message.MsgType).Order(), messages.Select(message => message.Attribute("msgtype")!.Value).Order());
        Dictionary<string, int> tags = roots.Elements("fields").Elements("field")
            .DistinctBy(field => field.Attribute("number")!.Value).ToDictionary(field => field.Attribute("name")!.Value, field => (int)field.Attribute("number")!);
        Assert.All(roots.Descendants().Where(element => element.Attribute("required") is not null), element => Assert.Contains(element.Attribute("name")!.Value, tags));
        foreach (XElement message in messages)
        {
            FixMessageKind kind = dictionary.KindOf(System.Text.Encoding.ASCII.GetBytes(message.Attribute("msgtype")!.Value));
            IEnumerable<XElement> members = roots[0].Elements("header").Concat(roots[0].Elements("trailer")).Append(message).Elements();
            Assert.Equal(
                dictionary.Message(kind)!.Members.Select(member => (member.Tag, member.Required)).Order(),
                members.Select(member => (tags[member.Attribute("name")!.Value], member.Attribute("required")!.Value == "Y")).Order());
        }
    }

    [Fact]
    public void The_rules_of_engagement_have_a_table_for_each_message_component_and_group()
    {
        string rules = DocumentSet.Make(Specification).Texts["rules-of-engagement.md"];
        foreach (string name in FixDictionaries.All.SelectMany(dictionary => dictionary.Messages).Select(message => message.Name).Append("Instrument").Append("Parties"))
        {
            Assert.Contains($"\n### {name}\n", rules, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("{{", rules, StringComparison.Ordinal);
        Assert.Contains("```mermaid\nsequenceDiagram\n", rules, StringComparison.Ordinal);
        Assert.Contains("| 20 | ExecTransType | **R** |   |   | char |", rules, StringComparison.Ordinal);
        Assert.Contains("| 32 | LastQty (before: LastShares) |", rules, StringComparison.Ordinal);
        Assert.Contains("| Required tag missing |", rules, StringComparison.Ordinal);
        Assert.Contains("| 13 (4.2: 0) | 2 | Quantity … is not a multiple of the step … |", rules, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_link_within_the_rules_leads_to_a_heading()
    {
        string rules = DocumentSet.Make(Specification).Texts["rules-of-engagement.md"];
        HashSet<string> headings = [.. rules.Split('\n').Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#', ' ').ToLowerInvariant().Replace(' ', '-'))];
        string[] targets = [.. rules.Split("](#").Skip(1).Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)]).Distinct()];
        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.Contains(target, headings));
    }

    [Fact]
    public void A_place_that_no_table_belongs_to_is_named() => Assert.Contains(
        "no table is called nonsense",
        Assert.Throws<SpecException>(() => DocumentSet.Make(Specification.Replace("{{refusals}}", "{{nonsense}}", StringComparison.Ordinal))).Message,
        StringComparison.Ordinal);
}
