using Xunit.Abstractions;

namespace Exchange.Acceptance.Counterparties;

/// <summary>The exchange opposite QuickFIX C++, the engine that most of the field has used.</summary>
public class QuickFixTests(ITestOutputHelper output) : CounterpartyTest(output)
{
    [QuickFixFact]
    public void Orders_fill_change_and_go() => Trades();

    [QuickFixFact]
    public void Heartbeats_and_test_requests_are_answered() => KeepsAlive();

    [QuickFixFact]
    public void A_client_that_was_cut_off_or_crashed_gets_what_it_missed() => ComesBack();

    [QuickFixFact]
    public void A_client_survives_the_death_of_gateway_and_member() => SurvivesKills();

    private protected override IEnumerable<string> Command(string compId, int port, string store, int heartBtIntSec) =>
        Setup.QuickFix(compId, [port], store, heartBtIntSec);
}
