using Xunit.Abstractions;

namespace Exchange.Acceptance.Counterparties;

/// <summary>The exchange opposite jspurefix, which pads BodyLength with zeros and brings its own dictionary.</summary>
public class JsPureFixTests(ITestOutputHelper output) : CounterpartyTest(output)
{
    [JsPureFixFact]
    public void Orders_fill_change_and_go() => Trades();

    [JsPureFixFact]
    public void Heartbeats_and_test_requests_are_answered() => KeepsAlive();

    [JsPureFixFact]
    public void A_client_that_was_cut_off_or_crashed_gets_what_it_missed() => ComesBack();

    [JsPureFixFact]
    public void A_client_survives_the_death_of_gateway_and_member() => SurvivesKills();

    private protected override IEnumerable<string> Command(string compId, int port, string store, int heartBtIntSec) =>
        Setup.JsPureFix(compId, port, store, heartBtIntSec);
}
