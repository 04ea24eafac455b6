using Xunit.Abstractions;

namespace Exchange.Acceptance.Counterparties;

/// <summary>The exchange opposite jspurefix in FIX 4.2, with the data dictionaries that clients get from us.</summary>
public class JsPureFix42Tests(ITestOutputHelper output) : CounterpartyTest(output)
{
    private protected override string Version => "4.2";

    [JsPureFixFact]
    public void Orders_fill_change_and_go() => Trades();

    [JsPureFixFact]
    public void Heartbeats_and_test_requests_are_answered() => KeepsAlive();

    [JsPureFixFact]
    public void A_client_that_was_cut_off_or_crashed_gets_what_it_missed() => ComesBack();

    private protected override IEnumerable<string> Command(string compId, int port, string store, int heartBtIntSec) =>
        Setup.JsPureFix(compId, port, store, heartBtIntSec, Version);
}
