using System.Runtime.InteropServices;
using Exchange.Fix.Dictionary;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>Quotes on their way in.</summary>
public sealed class QuoteTranslationTests
{
    private const string Head = "35=i|" + Sample.Header + "117=Q1|";

    public static TheoryData<string> Versions => [.. FixDictionaries.All.Select(dictionary => dictionary.Version)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_mass_quote_becomes_a_record_with_its_entries(string version)
    {
        byte[] bytes = Translate(
            Head + "301=1|9773=Y|296=2|302=S1|304=2|295=2|299=E1|55=AAPL|132=99.5|133=100.5|134=10|135=20|299=E2|55=MSFT|133=0|302=S2|304=1|295=1|299=E3|55=IBM|132=7|134=1|",
            version);
        MassQuoteCommand command = MemoryMarshal.Read<MassQuoteCommand>(bytes);
        Assert.Equal((CommandType.MassQuote, "Q1", '1', 1, 0, 3), (command.Header.Command.Type, command.QuoteId.ToString(), (char)command.ResponseLevel, command.ResetsProtection, command.IsExcessive, command.EntryCount));
        QuoteEntry[] entries = Entries(bytes);
        Assert.Equal(["S1 E1 AAPL", "S1 E2 MSFT", "S2 E3 IBM"], entries.Select(entry => $"{entry.QuoteSetId} {entry.QuoteEntryId} {entry.Symbol}"));
        Assert.Equal((9_950_000_000, 1_000_000_000, 10_050_000_000, 2_000_000_000), (entries[0].BidPriceE8, entries[0].BidQuantityE8, entries[0].OfferPriceE8, entries[0].OfferQuantityE8));
        Assert.Equal((FixedPoint.Absent, FixedPoint.Absent, 0L, FixedPoint.Absent), (entries[1].BidPriceE8, entries[1].BidQuantityE8, entries[1].OfferPriceE8, entries[1].OfferQuantityE8));
        Assert.Equal((700_000_000, 100_000_000, FixedPoint.Absent, FixedPoint.Absent), (entries[2].BidPriceE8, entries[2].BidQuantityE8, entries[2].OfferPriceE8, entries[2].OfferQuantityE8));
    }

    [Fact]
    public void A_size_by_default_is_that_of_a_price_without_one()
    {
        QuoteEntry[] entries = Entries(Translate(Head + "293=5|294=6|296=1|302=S|304=2|295=2|299=1|55=A|132=1|133=2|134=9|299=2|55=B|132=1|", "FIX.4.4"));
        Assert.Equal((900_000_000, 600_000_000), (entries[0].BidQuantityE8, entries[0].OfferQuantityE8));
        Assert.Equal((500_000_000, FixedPoint.Absent, FixedPoint.Absent), (entries[1].BidQuantityE8, entries[1].OfferPriceE8, entries[1].OfferQuantityE8));
    }

    [Fact]
    public void Sixty_four_entries_are_the_most_that_are_carried_out()
    {
        MassQuoteCommand command = MemoryMarshal.Read<MassQuoteCommand>(Translate(Many(64), "FIX.4.4"));
        Assert.Equal((64, 0), (command.EntryCount, command.IsExcessive));
        command = MemoryMarshal.Read<MassQuoteCommand>(Translate(Many(65), "FIX.4.4"));
        Assert.Equal((64, 1), (command.EntryCount, command.IsExcessive));
    }

    [Theory]
    [InlineData("FIX.4.4", "537=0|", 1)]
    [InlineData("FIX.4.4", "537=1|", 0)]
    [InlineData("FIX.4.2", "", 0)]
    public void Quotes_that_are_not_to_be_traded_are_refused(string version, string type, int expected) =>
        Assert.Equal(expected, MemoryMarshal.Read<MassQuoteCommand>(Translate(Head + type + "296=1|302=S|304=1|295=1|299=1|55=A|132=1|134=1|", version)).IsExcessive);

    [Theory]
    [InlineData("35=i|{0}117=1234567890123456789012345678901234567|296=1|302=S|304=1|295=1|299=1|55=A|132=1|134=1|", 117)]
    [InlineData("35=i|{0}117=Q|296=1|302=1234567890123456|304=1|295=1|299=1|55=A|132=1|134=1|", 302)]
    [InlineData("35=i|{0}117=Q|296=1|302=S|304=1|295=1|299=1234567890123456|55=A|132=1|134=1|", 299)]
    [InlineData("35=i|{0}117=Q|296=1|302=S|304=1|295=1|299=1|55=123456789012345678901234|132=1|134=1|", 55)]
    [InlineData("35=Z|{0}117=Q|298=4|336=1234567890123456|", 336)]
    public void Texts_that_are_too_long_are_refused(string body, int tag)
    {
        FixCommandHeader refused = Sample.Refused(body.Replace("{0}", Sample.Header, StringComparison.Ordinal));
        Assert.Equal((GatewayVerdict.SessionReject, 5, tag), (refused.Verdict, refused.Reason, refused.RefTagId));
    }

    [Theory]
    [InlineData("298=4|", 4, "", "")]
    [InlineData("298=4|336=FX|", 4, "", "FX")]
    [InlineData("298=1|295=1|55=AAPL|", 1, "AAPL", "")]
    [InlineData("298=1|295=2|55=AAPL|55=MSFT|", 0, "AAPL", "")]
    [InlineData("298=2|", 2, "", "")]
    [InlineData("298=4|1=ACC|", 0, "", "")]
    public void A_quote_cancel_says_which(string fields, int type, string symbol, string group)
    {
        QuoteCancelCommand command = Sample.Translate<QuoteCancelCommand>(CommandType.QuoteCancel, "35=Z|" + Sample.Header + "117=Q1|" + fields);
        Assert.Equal(("Q1", type, symbol, group), (command.QuoteId.ToString(), command.CancelType, command.Symbol.ToString(), command.GroupName.ToString()));
    }

    [Fact]
    public void A_mass_quote_leaves_nothing_of_the_message_before_it()
    {
        InboundTranslator translator = new();
        byte[] dirty = new byte[InboundTranslator.CommandLengthMax];
        byte[] clean = new byte[InboundTranslator.CommandLengthMax];
        translator.Translate(Sample.Frame(Many(64)), Sample.Profile(), Sample.NowNs, dirty);
        int length = translator.Translate(Sample.Frame(Many(3)), Sample.Profile(), Sample.NowNs, dirty);
        Assert.Equal(length, translator.Translate(Sample.Frame(Many(3)), Sample.Profile(), Sample.NowNs, clean));
        Assert.True(clean.AsSpan(0, length).SequenceEqual(dirty.AsSpan(0, length)));
    }

    [Fact]
    public void Translating_a_mass_quote_allocates_nothing()
    {
        InboundTranslator translator = new();
        SessionProfile profile = Sample.Profile();
        byte[] frame = Sample.Frame(Many(64));
        byte[] target = new byte[InboundTranslator.CommandLengthMax];
        long allocated = 0;
        for (int i = 0; i < 200; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            translator.Translate(frame, profile, Sample.NowNs, target);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static string Many(int count) =>
        Head + $"296=1|302=S|304={count}|295={count}|" + string.Concat(Enumerable.Range(0, count).Select(i => $"299={i}|55=A{i}|132=1|133=2|134=3|135=4|"));

    private static byte[] Translate(string body, string version)
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == version);
        byte[] bytes = Sample.Translate(body, Sample.Profile(dictionary: dictionary), dictionary.BeginString);
        Assert.Equal(GatewayVerdict.Valid, MemoryMarshal.Read<FixCommandHeader>(bytes).Verdict);
        return bytes;
    }

    private static QuoteEntry[] Entries(byte[] bytes) => MemoryMarshal.Cast<byte, QuoteEntry>(bytes.AsSpan(MassQuoteCommand.SizeBytes)).ToArray();
}
