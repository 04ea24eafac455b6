using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>
/// Processes are killed or frozen again and again while four clients trade. EXCHANGE_KILL_LOOPS says how often (a release is tested
/// with 50).
/// </summary>
public class KillLoopTests(ITestOutputHelper output) : TradersTest(output)
{
    private static readonly int Loops = Number("EXCHANGE_KILL_LOOPS", 4);

    [Theory]
    [InlineData("separate", "fsync")]
    [InlineData("separate", "replicated")]
    [InlineData("composed", "fsync")]
    public void Killed_again_and_again_no_acknowledged_order_is_lost_or_doubled(string threading, string durability)
    {
        Random random = new(Seed);
        ExchangeProcess exchange = StartExchange(null, "--threading", threading, "--durability", durability);
        string[] victims = threading == "composed" ? ["member+gateway"] : ["member", "gateway"];
        StartTrading(exchange);
        for (int loop = 0; loop < Loops; loop++)
        {
            // Each role in each run, however short, then by lot; the moment by lot too.
            string victim = victims[loop < victims.Length ? loop : random.Next(victims.Length)];
            TradeOn(exchange, random.Next(10, 200), $"kill {loop + 1}, of the {victim}");
            exchange.KillAndAwaitReplacement(victim);
        }

        Settle(exchange);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("member")]
    public void Frozen_until_it_was_given_up_and_thawed_again_nothing_is_lost_or_doubled(string role)
    {
        ExchangeProcess exchange = StartExchange();
        StartTrading(exchange);
        TradeOn(exchange, 50, $"the {role} freezes");
        ProcessEntry frozen = exchange.Only(role);
        Assert.True(Posix.Signal(frozen.Pid, Posix.Stop));
        try
        {
            // What the other one says in its log when it has waited long enough.
            ProcessEntry witness = exchange.Only(role == "gateway" ? "member" : "gateway");
            string said = role == "gateway" ? "is lost" : "lost the member";
            Poll.Until(() => File.ReadAllText(witness.Log!).Contains(said, StringComparison.Ordinal), $"“{said}” in {witness.Log}", exchange.Describe, TimeSpan.FromSeconds(60));
        }
        finally
        {
            Posix.Signal(frozen.Pid, Posix.Continue);
        }

        TradeOn(exchange, 50, "the end, after the thaw");
        Settle(exchange);
    }
}
