namespace Exchange.Fix.Generator.Tests;

/// <summary>A specification that contradicts itself must stop the build, and say where.</summary>
public sealed class OrchestraReaderTests
{
    private const string Good = """
        <fixr:repository xmlns:fixr="http://fixprotocol.io/2020/orchestra/repository" version="FIX.5.0SP2">
          <fixr:codeSets>
            <fixr:codeSet id="8" name="BeginStringCodeSet" type="String">
              <fixr:code id="1" name="A" value="FIX.4.2" removed="FIX.4.4"/><fixr:code id="2" name="B" value="FIX.4.4" added="FIX.4.4" removed="FIX.5.0SP2"/>
              <fixr:code id="3" name="C" value="FIXT.1.1" added="FIX.5.0SP2"/>
            </fixr:codeSet>
            <fixr:codeSet id="1137" name="ApplCodeSet" type="String"><fixr:code id="1" name="A" value="9"/></fixr:codeSet>
            <fixr:codeSet id="54" name="SideCodeSet" type="char"><fixr:code id="1" name="Buy" value="1"/><fixr:code id="2" name="Sell" value="2"/></fixr:codeSet>
          </fixr:codeSets>
          <fixr:fields>
            <fixr:field id="8" name="BeginString" type="BeginStringCodeSet"/><fixr:field id="1137" name="DefaultApplVerID" type="ApplCodeSet" added="FIX.5.0SP2"/>
            <fixr:field id="32" name="LastShares" type="Qty" removed="FIX.4.4"/><fixr:field id="32" name="LastQty" type="Qty" added="FIX.4.4"/>
            <fixr:field id="54" name="Side" type="SideCodeSet"/><fixr:field id="58" name="Text" type="String"/>
            <fixr:field id="95" name="RawDataLength" type="Length"/><fixr:field id="96" name="RawData" type="data" lengthId="95"/>
            <fixr:field id="453" name="NoPartyIDs" type="NumInGroup"/><fixr:field id="448" name="PartyID" type="String"/>
          </fixr:fields>
          <fixr:components><fixr:component id="9" name="Blob"><fixr:fieldRef id="95"/><fixr:fieldRef id="96"/></fixr:component></fixr:components>
          <fixr:groups><fixr:group id="7" name="Parties"><fixr:numInGroup id="453"/><fixr:fieldRef id="448"/></fixr:group></fixr:groups>
          <fixr:messages>
            <fixr:message name="M" msgType="M" category="trading" flow="received">
              <fixr:structure><fixr:fieldRef id="54" presence="required"/><fixr:componentRef id="9"/><fixr:groupRef id="7"/></fixr:structure>
            </fixr:message>
          </fixr:messages>
        </fixr:repository>
        """;

    [Fact]
    public void A_consistent_specification_is_read_with_its_components_dissolved()
    {
        SpecModel model = OrchestraReader.Read(Good)[1];
        Assert.Equal(("FIX.4.4", "Fix44"), (model.BeginString, model.Version.Identifier));
        SpecMessage message = Assert.Single(model.Messages);
        Assert.Equal([54, 95, 96, 453], message.Members.Select(member => member.Tag));
        Assert.True(message.Members[0].Required);
        Assert.Equal("Parties", message.Members[3].Group?.Name);
        Assert.Equal("char", model.Fields.Single(field => field.Tag == 54).Type);
    }

    [Fact]
    public void Each_version_has_what_was_added_until_it_and_not_yet_removed()
    {
        IReadOnlyList<SpecModel> models = OrchestraReader.Read(Good);
        Assert.Equal(["Fix42", "Fix44", "Fix50SP2"], models.Select(model => model.Version.Identifier));
        Assert.Equal(["FIX.4.2", "FIX.4.4", "FIXT.1.1"], models.Select(model => model.BeginString));
        Assert.Equal([null, null, "9"], models.Select(model => model.ApplVerId));
        Assert.Equal(["LastShares", "LastQty", "LastQty"], models.Select(model => model.Fields.Single(field => field.Tag == 32).Name));
    }

    [Fact]
    public void What_a_component_requires_is_required_only_where_the_component_is()
    {
        string required = Good.Replace("<fixr:fieldRef id=\"95\"/>", "<fixr:fieldRef id=\"95\" presence=\"required\"/>", StringComparison.Ordinal);
        Assert.False(OrchestraReader.Read(required)[1].Messages[0].Members.Single(member => member.Tag == 95).Required);
        required = required.Replace("<fixr:componentRef id=\"9\"", "<fixr:componentRef id=\"9\" presence=\"required\"", StringComparison.Ordinal);
        Assert.True(OrchestraReader.Read(required)[1].Messages[0].Members.Single(member => member.Tag == 95).Required);
    }

    [Theory]
    [InlineData("version=\"FIX.5.0SP2\"", "version=\"FIX.4.4\"", "must have the newest version")]
    [InlineData("removed=\"FIX.4.4\"/><fixr:field id=\"32\"", "/><fixr:field id=\"32\"", "field LastQty is defined twice")]
    [InlineData("type=\"Qty\" removed=\"FIX.4.4\"", "type=\"Qty\" removed=\"FIX.4.3\"", "removed FIX.4.3 is no version")]
    [InlineData("type=\"Qty\" removed=\"FIX.4.4\"", "type=\"Qty\" added=\"FIX.4.4\" removed=\"FIX.4.4\"", "removed before it is added")]
    [InlineData("value=\"FIXT.1.1\" added=\"FIX.5.0SP2\"", "value=\"FIXT.1.1\"", "FIX.4.2: BeginString (8) needs exactly one code")]
    [InlineData("value=\"9\"", "value=\"9\" removed=\"FIX.5.0SP2\"", "has a code set without a code")]
    [InlineData("name=\"Side\" type=\"SideCodeSet\"", "name=\"Side\" type=\"SideCodeSet\" added=\"FIX.4.4\"", "fieldRef 54 names no field")]
    [InlineData("version=\"FIX.5.0SP2\"", "", "lacks the attribute version")]
    [InlineData("</fixr:repository>", "", "repository")]
    [InlineData("<fixr:fieldRef id=\"54\" presence=\"required\"/>", "<fixr:fieldRef id=\"55\"/>", "fieldRef 55 names no field")]
    [InlineData("<fixr:componentRef id=\"9\"/>", "<fixr:componentRef id=\"8\"/>", "componentRef 8 names no component")]
    [InlineData("<fixr:groupRef id=\"7\"/>", "<fixr:groupRef id=\"6\"/>", "groupRef 6 names no group")]
    [InlineData("<fixr:groupRef id=\"7\"/>", "<fixr:fieldRef id=\"54\"/>", "message M holds a field twice")]
    [InlineData("<fixr:fieldRef id=\"95\"/><fixr:fieldRef id=\"96\"/>", "<fixr:fieldRef id=\"96\"/><fixr:fieldRef id=\"95\"/>", "apart from its length")]
    [InlineData(" lengthId=\"95\"", "", "needs lengthId")]
    [InlineData("lengthId=\"95\"", "lengthId=\"58\"", "is not a field of type Length")]
    [InlineData("id=\"58\"", "id=\"54\"", "field Text is defined twice")]
    [InlineData("value=\"2\"", "value=\"1\"", "holds a value twice")]
    [InlineData("<fixr:numInGroup id=\"453\"/>", "<fixr:numInGroup id=\"448\"/>", "is not a field of type NumInGroup")]
    [InlineData("<fixr:numInGroup id=\"453\"/>", "", "has no numInGroup")]
    [InlineData("<fixr:fieldRef id=\"448\"/>", "", "must start with a field")]
    [InlineData("id=\"58\"", "id=\"x\"", "has an id that is no positive number")]
    public void A_contradiction_is_named(string from, string to, string expected)
    {
        string text = Good.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Good, text);
        Assert.Contains(expected, Assert.Throws<SpecException>(() => OrchestraReader.Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_is_unknown_is_named_when_the_tables_are_written()
    {
        IReadOnlyList<SpecModel> models = OrchestraReader.Read(Good.Replace("name=\"Text\" type=\"String\"", "name=\"Text\" type=\"Strong\"", StringComparison.Ordinal));
        Assert.Contains("Text (58): type Strong", Assert.Throws<SpecException>(() => DictionaryEmitter.Definition(models[0])).Message, StringComparison.Ordinal);
    }
}
