using Xunit.Abstractions;

namespace Exchange.Acceptance.Counterparties;

/// <summary>The exchange opposite QuickFIX C++ in FIX 5.0 SP2, with the data dictionaries that clients get from us.</summary>
public class QuickFix50Tests(ITestOutputHelper output) : CounterpartyTest(output)
{
    private protected override string Version => "5.0SP2";

    [QuickFixFact]
    public void Orders_fill_change_and_go() => Trades();

    [QuickFixFact]
    public void Heartbeats_and_test_requests_are_answered() => KeepsAlive();

    [QuickFixFact]
    public void A_client_that_was_cut_off_or_crashed_gets_what_it_missed() => ComesBack();

    private protected override IEnumerable<string> Command(string compId, int port, string store, int heartBtIntSec) =>
        Setup.QuickFix(compId, [port], store, heartBtIntSec, version: Version);
}
