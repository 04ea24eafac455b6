using System.Runtime.InteropServices;
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Events;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>Answers about quotes and mass actions in every version.</summary>
public sealed class QuoteEncodingTests
{
    private readonly EventEncoder _encoder = new();

    [Theory]
    [InlineData("FIX.4.2", "|299=E1|55=AAPL|299=E2|55=AAPL|368=8|302=S2|")]
    [InlineData("FIX.4.4", "|1=ACC|58=E2: Symbol is not listed; E3: Bid 102 is not below offer 101|296=2|302=S1|304=2|295=2|299=E1|55=AAPL|299=E2|55=AAPL|368=8|302=S2|304=1|295=1|299=E3|55=AAPL|368=8|10=")]
    [InlineData("FIX.5.0SP2", "|299=E1|55=AAPL|1167=0|299=E2|55=AAPL|1167=5|368=8|302=S2|")]
    public void An_acknowledgement_lists_entries_set_by_set_and_says_why_some_are_refused(string version, string expected)
    {
        byte[] record = QuoteRecords.Ack(
            0, ReasonCode.None, QuoteRecords.Result("S1", "E1", ReasonCode.None), QuoteRecords.Result("S1", "E2", ReasonCode.UnknownSymbol), QuoteRecords.Result("S2", "E3", ReasonCode.QuoteCrossed));
        string message = Encode(record, version);
        Assert.Contains("|117=Q1|297=0|301=2|", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIX.4.2", "|117=Q1|297=5|301=2|58=At most 64 quote entries in one message|10=")]
    [InlineData("FIX.4.4", "|117=Q1|297=5|300=99|301=2|1=ACC|58=At most 64 quote entries in one message|10=")]
    public void A_message_that_is_refused_as_a_whole_says_why(string version, string expected) =>
        Assert.Contains(expected, Encode(QuoteRecords.Ack(5, ReasonCode.TooManyQuoteEntries), version), StringComparison.Ordinal);

    [Theory]
    [InlineData("FIX.4.2")]
    [InlineData("FIX.4.4")]
    [InlineData("FIX.5.0SP2")]
    public void The_longest_acknowledgement_fits_the_target_and_what_a_peer_accepts(string version)
    {
        int longest = QuoteRecords.Acks().Max(record => Encode(record, version).Length);
        Assert.InRange(longest, 5_000, EventEncoder.MessageLengthMax - 100);
    }

    [Theory]
    [InlineData("FIX.5.0SP2", "|11=MA1|1369=77|1373=3|1374=1|1375=2|533=3|1=ACC|336=MAIN|55=AAPL|54=2|60=20261120-12:34:56.789|10=")]
    [InlineData("FIX.4.4", "|36=13|123=Y|10=")]
    public void A_mass_action_is_reported_where_there_is_such_a_report(string version, string expected)
    {
        MassActionReportEvent report = QuoteRecords.Action();
        Assert.Contains(expected, Encode(MemoryMarshal.AsBytes(new ReadOnlySpan<MassActionReportEvent>(in report)).ToArray(), version), StringComparison.Ordinal);
    }

    private string Encode(byte[] record, string version)
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == version);
        byte[] target = new byte[EventEncoder.LengthMaxOf(record)];
        int length = _encoder.Encode(record, Sample.Profile(dictionary: dictionary), Sample.Names(), target);
        Assert.Equal(FixFault.None, FixValidator.ValidateAsClient(new FixParser(dictionary).Parse(target.AsSpan(0, length))));
        return Encoding.Latin1.GetString(target, 0, length).Replace('\u0001', '|');
    }
}
