using Exchange.Fix.Dictionary;

namespace Exchange.Fix.Tests.Dictionary;

public sealed class FixDictionaryTests
{
    private static readonly FixDictionary Fix44 = FixDictionaries.Fix44;

    [Fact]
    public void The_version_is_found_by_its_begin_string()
    {
        Assert.Same(Fix44, FixDictionaries.Find("FIX.4.4"u8));
        Assert.Null(FixDictionaries.Find("FIX.4.2"u8));
        Assert.Contains(Fix44, FixDictionaries.All);
    }

    [Fact]
    public void Every_message_of_the_first_step_is_there()
    {
        string types = string.Concat(Fix44.Messages.Select(message => message.MsgType).Order(StringComparer.Ordinal));
        Assert.Equal("0123458" + "9ADFGHj", types);
        foreach (MessageDefinition message in Fix44.Messages)
        {
            Assert.Equal(message.Kind, Fix44.KindOf(System.Text.Encoding.ASCII.GetBytes(message.MsgType)));
            Assert.NotEmpty(message.Documentation);
        }
    }

    [Fact]
    public void Members_are_defined_fields_with_header_first_and_trailer_last()
    {
        foreach (MessageDefinition message in Fix44.Messages)
        {
            Assert.All(message.Members, member => Assert.NotNull(Fix44.Field(member.Tag)));
            Assert.Equal(message.Members.Select(member => member.Section).Order(), message.Members.Select(member => member.Section));
            Assert.Equal([FixTag.BeginString, FixTag.BodyLength, FixTag.MsgType], message.Members.Take(3).Select(member => member.Tag));
            Assert.Equal(FixTag.CheckSum, message.Members[^1].Tag);
        }
    }

    [Theory]
    [InlineData(FixTag.RawData, FixTag.RawDataLength)]
    [InlineData(FixTag.XmlData, FixTag.XmlDataLen)]
    [InlineData(FixTag.EncodedText, FixTag.EncodedTextLen)]
    [InlineData(FixTag.EncodedIssuer, FixTag.EncodedIssuerLen)]
    [InlineData(FixTag.EncodedSecurityDesc, FixTag.EncodedSecurityDescLen)]
    [InlineData(FixTag.Signature, FixTag.SignatureLength)]
    [InlineData(FixTag.SecureData, FixTag.SecureDataLen)]
    public void Data_fields_know_their_lengths(int data, int length) => Assert.Equal(length, Fix44.Field(data)!.LengthTag);

    [Fact]
    public void Codes_have_names()
    {
        Assert.Equal("Buy", Fix44.CodeName(FixTag.Side, "1"u8));
        Assert.Null(Fix44.CodeName(FixTag.Side, "?"u8));
        Assert.Null(Fix44.CodeName(FixTag.Symbol, "AAPL"u8));
        Assert.Null(Fix44.CodeName(99_999, "1"u8));
    }

    [Theory]
    [InlineData("D", true)]
    [InlineData("V", true)]
    [InlineData("BH", true)]
    [InlineData("U", false)]
    [InlineData("UX", true)]
    [InlineData("ZZ", false)]
    [InlineData("", false)]
    public void Message_types_of_the_version_are_known(string type, bool isKnown) =>
        Assert.Equal(isKnown, Fix44.IsKnownMsgType(System.Text.Encoding.ASCII.GetBytes(type)));
}
