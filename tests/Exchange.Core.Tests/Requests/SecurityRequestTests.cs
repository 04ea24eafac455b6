using Exchange.Core.Requests;
using Exchange.Core.Tests.Sessions;
using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Requests;

/// <summary>What clients are told about instruments and the trading day.</summary>
public sealed class SecurityRequestTests
{
    private const long HourNs = 3_600 * CoreHarness.SecondNs;

    [Fact]
    public void A_list_names_one_instrument_or_all()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.SecurityList("l1").Expect("SecurityList 34=2 320=l1 560=0 from 0 count 2 of 2 last");
        client.SecurityList("l2", '0', "MSFT").Expect("SecurityList 34=3 320=l2 560=0 from 1 count 1 of 1 last");
        client.SecurityList("l3", '0', "NOPE").Expect("SecurityList 34=4 320=l3 560=2 from -1 count 0 of 0 last UnknownSymbol");
        client.SecurityList("l4", '0').Expect("SecurityList 34=5 320=l4 560=2 from -1 count 0 of 0 last SymbolMissing");
        client.SecurityList("l5", '3').Expect("SecurityList 34=6 320=l5 560=1 from -1 count 0 of 0 last UnsupportedSecurityRequest");
    }

    [Fact]
    public void A_long_list_comes_in_fragments_and_slices_and_does_not_grow_while_it_is_sent()
    {
        using CoreHarness exchange = CoreHarness.Open();
        for (int i = 2; i < 40; i++)
        {
            exchange.Define($"S{i}");
        }

        ClientHarness client = exchange.Client();
        client.Logon();
        client.SecurityList("l").Expect(
            "SecurityList 34=2 320=l 560=0 from 0 count 12 of 40", "SecurityList 34=3 320=l 560=0 from 12 count 12 of 40", "SecurityList 34=4 320=l 560=0 from 24 count 12 of 40");
        long responseId = exchange.LastEvent<SecurityListEvent>(0).ResponseId;
        exchange.Restore().Define("LATER");
        exchange.After(LongRequests.SliceIntervalNs / 1e9).TimerDue().Expect("SecurityList 34=5 320=l 560=0 from 36 count 4 of 40 last");
        Assert.Equal(responseId, exchange.LastEvent<SecurityListEvent>(0).ResponseId);
    }

    [Fact]
    public void A_definition_tells_one_instrument_or_one_after_the_other()
    {
        using CoreHarness exchange = CoreHarness.Open();
        exchange.Define("S2").Define("S3");
        ClientHarness client = exchange.Client();
        client.Logon();
        client.SecurityDefinition("d1", '0', "MSFT").Expect("SecurityDefinition 34=2 320=d1 323=1 instrument 1 of 1");
        client.SecurityDefinition("d2", '1', "AAPL").Expect("SecurityDefinition 34=3 320=d2 323=1 instrument 0 of 1");
        client.SecurityDefinition("d3", '0', "NOPE").Expect("SecurityDefinition 34=4 320=d3 323=6 instrument -1 of 0 UnknownSymbol");
        client.SecurityDefinition("d4", '1').Expect("SecurityDefinition 34=5 320=d4 323=6 instrument -1 of 0 SymbolMissing");
        client.SecurityDefinition("d5", '2').Expect("SecurityDefinition 34=6 320=d5 323=5 instrument -1 of 0 UnsupportedSecurityRequest");
        client.SecurityDefinition("d6", '3').Expect(
            "SecurityDefinition 34=7 320=d6 323=4 instrument 0 of 4", "SecurityDefinition 34=8 320=d6 323=4 instrument 1 of 4", "SecurityDefinition 34=9 320=d6 323=4 instrument 2 of 4");
        exchange.After(LongRequests.SliceIntervalNs / 1e9).TimerDue().Expect("SecurityDefinition 34=10 320=d6 323=4 instrument 3 of 4");
    }

    [Fact]
    public void A_venue_without_instruments_says_so()
    {
        using CoreHarness exchange = new();
        exchange.Define(CoreHarness.Participant("HFT1")).StartTerm(1).Attach(gateway: 1, incarnation: 100);
        ClientHarness client = exchange.Client();
        client.Logon();
        client.SecurityList("l").Expect("SecurityList 34=2 320=l 560=2 from -1 count 0 of 0 last SymbolMissing");
        client.SecurityDefinition("d", '3').Expect("SecurityDefinition 34=3 320=d 323=6 instrument -1 of 0 UnknownSymbol");
    }

    [Fact]
    public void A_listed_instrument_trades_and_an_unlisted_one_is_unknown()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.SecurityStatus("s1", "AAPL").Expect("SecurityStatus 34=2 324=s1 55=AAPL 326=17");
        client.SecurityStatus("s2", "AAPL", subscription: '1').Expect("SecurityStatus 34=3 324=s2 55=AAPL 326=17");
        client.SecurityStatus("s2", "AAPL", subscription: '2').ExpectNothing();
        client.SecurityStatus("s3", "NOPE").Expect("SecurityStatus 34=4 324=s3 55=NOPE 326=20 UnknownSymbol");
    }

    [Fact]
    public void The_trading_day_is_open_until_its_end()
    {
        using CoreHarness exchange = CoreHarness.Open(dayEndNs: 17 * HourNs);
        ClientHarness client = exchange.Client();
        client.Logon();
        long end = CoreHarness.Start + (7 * HourNs);
        client.TradingSessionStatus("t1").Expect($"TradingSessionStatus 34=2 335=t1 336=1 340=2 345={end}");
        client.TradingSessionStatus("t2", "1", subscription: '1').Expect($"TradingSessionStatus 34=3 335=t2 336=1 340=2 345={end}");
        client.TradingSessionStatus("t2", "1", subscription: '2').ExpectNothing();
        client.TradingSessionStatus("t3", "NIGHT").Expect("TradingSessionStatus 34=4 335=t3 336=NIGHT 340=6 345=0 UnknownTradingSession");
    }
}
