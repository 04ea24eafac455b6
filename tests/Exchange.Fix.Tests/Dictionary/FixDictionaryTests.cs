using Exchange.Fix.Dictionary;

namespace Exchange.Fix.Tests.Dictionary;

public sealed class FixDictionaryTests
{
    private static readonly FixDictionary Fix44 = FixDictionaries.Fix44;

    [Fact]
    public void The_version_is_found_by_its_begin_string()
    {
        Assert.Same(Fix44, FixDictionaries.Find("FIX.4.4"u8));
        Assert.Same(FixDictionaries.Fix42, FixDictionaries.Find("FIX.4.2"u8));
        Assert.Same(FixDictionaries.Fix50SP2, FixDictionaries.Find("FIXT.1.1"u8));
        Assert.Null(FixDictionaries.Find("FIX.4.3"u8));
        Assert.Equal(["FIX.4.2", "FIX.4.4", "FIX.5.0SP2"], FixDictionaries.All.Select(dictionary => dictionary.Version));
        Assert.Equal(["", "", "9"], FixDictionaries.All.Select(dictionary => dictionary.ApplVerId));
    }

    [Theory]
    [InlineData("FIX.4.2", "0 1 2 3 4 5 8 9 A B D F G H Z b c d e f g h i j n")]
    [InlineData("FIX.4.4", "0 1 2 3 4 5 8 9 A AF B BE BF D F G H Z b c d e f g h i j n q r x y")]
    [InlineData("FIXT.1.1", "0 1 2 3 4 5 8 9 A AF B BE BF BZ CA D F G H Z b c d e f g h i j n q r x y")]
    public void Every_message_of_the_version_is_there(string beginString, string types)
    {
        FixDictionary dictionary = FixDictionaries.Find(System.Text.Encoding.ASCII.GetBytes(beginString))!;
        Assert.Equal(types, string.Join(' ', dictionary.Messages.Select(message => message.MsgType).Order(StringComparer.Ordinal)));
        foreach (MessageDefinition message in dictionary.Messages)
        {
            byte[] type = System.Text.Encoding.ASCII.GetBytes(message.MsgType);
            Assert.Equal(message.Kind, dictionary.KindOf(type));
            Assert.True(dictionary.IsKnownMsgType(type));
            Assert.NotEmpty(message.Documentation);
        }
    }

    [Theory]
    [InlineData(FixTag.ExecTransType, "ExecTransType", null, null)]
    [InlineData(32, "LastShares", "LastQty", "LastQty")]
    [InlineData(FixTag.OrdStatusReqID, null, "OrdStatusReqID", "OrdStatusReqID")]
    [InlineData(FixTag.SecondaryExecID, null, "SecondaryExecID", null)]
    [InlineData(FixTag.TrdMatchID, null, "TrdMatchID", "TrdMatchID")]
    [InlineData(FixTag.DefaultApplVerID, null, null, "DefaultApplVerID")]
    public void A_field_has_in_each_version_the_name_it_has_there(int tag, string? fix42, string? fix44, string? fix50) =>
        Assert.Equal([fix42, fix44, fix50], FixDictionaries.All.Select(dictionary => dictionary.Field(tag)?.Name));

    [Fact]
    public void Fills_are_1_and_2_before_FIX_4_4_and_F_since()
    {
        Assert.Equal(["PartialFill", null, null], FixDictionaries.All.Select(dictionary => dictionary.CodeName(FixTag.ExecType, "1"u8)));
        Assert.Equal([null, "Trade", "Trade"], FixDictionaries.All.Select(dictionary => dictionary.CodeName(FixTag.ExecType, "F"u8)));
    }

    [Fact]
    public void Members_are_defined_fields_with_header_first_and_trailer_last()
    {
        foreach ((FixDictionary dictionary, MessageDefinition message) in FixDictionaries.All.SelectMany(dictionary => dictionary.Messages.Select(message => (dictionary, message))))
        {
            Assert.All(message.Members, member => Assert.NotNull(dictionary.Field(member.Tag)));
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
