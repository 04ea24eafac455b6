using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Xunit.Abstractions;

namespace Exchange.Fuzz;

/// <summary>A short run with every test, of a seed that nobody has seen and of one that is always the same.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Episodes = 20;

    [Fact]
    public void Whatever_comes_is_answered_and_counted()
    {
        long seed = Environment.TickCount64;
        output.WriteLine($"seed {seed}");
        output.WriteLine(Run(seed).Report());
    }

    [Fact]
    public void A_run_gets_everywhere()
    {
        FuzzTotals totals = Run(20_261_121);
        output.WriteLine(totals.Report());
        Assert.All(
            [EventType.Logon, EventType.Heartbeat, EventType.TestRequest, EventType.ResendRequest, EventType.Reject, EventType.BusinessReject, EventType.Logout, EventType.ExecutionReport, EventType.CancelReject, EventType.ResendRange, EventType.HistoryReset],
            type => Assert.True(totals.Of(type) > 0, type.ToString()));
        Assert.All(
            [CommandType.Logon, CommandType.ResendRequest, CommandType.SequenceReset, CommandType.NewOrder, CommandType.CancelOrder, CommandType.ReplaceOrder, CommandType.OrderStatus, CommandType.InvalidMessage],
            type => Assert.True(totals.Of(type) > 0, type.ToString()));
        Assert.True(totals.Garbled > 0 && totals.Chunked > 0 && totals.Resynchronised > 0);
        Assert.True(totals.Connections > 0 && totals.Ignored > 0 && totals.Compared > 0);
        Assert.All([CommandType.ConnectionLost, CommandType.UserRequest, CommandType.ChangePassword], type => Assert.True(totals.Of(type) > 0, type.ToString()));
    }

    [Fact]
    public void The_same_seed_makes_the_same_run() => Assert.Equal(Run(7).Report(), Run(7).Report());

    private static FuzzTotals Run(long seed)
    {
        FuzzTotals totals = new();
        for (int episode = 0; episode < Episodes; episode++)
        {
            FuzzEpisode.Run(seed, episode, FuzzEpisode.InputsMax, totals);
            ConnectionEpisode.Run(seed, episode, ConnectionEpisode.InputsMax, totals);
        }

        return totals;
    }
}
